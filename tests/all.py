"""Everything that `tests/run` runs, and how it ends: see there."""

import os
import sys
from pathlib import Path

TESTS = Path(__file__).resolve().parent
sys.path.append(str(TESTS / "harness"))

from steps import Step, run  # noqa: E402 - needs the path

BUILT = Path(os.environ.get("CARGO_TARGET_DIR", "target")) / "debug"


# The same packages and features for all of cargo's commands: with those of one example alone, each would compile the dependencies anew.
# That every example names the features that it needs is checked by `.ci/run`.
EVERYTHING = ["--workspace", "--all-features", "--locked"]


def tests(*which: str) -> list[str]:
    """The command that runs some of the Rust tests."""
    return ["cargo", "test", *EVERYTHING, "--no-fail-fast", *which]


def script(path: str, option: str, needs: Step, program: str, *more: str) -> Step:
    """A script about a program that was built."""
    return Step(["python3", f"tests/{path}", option, str(BUILT / program), *more], [needs])


def with_database(path: str, needs: Step, database: str) -> Step:
    """A script that holds `full` against the original on a database. What a password's hash costs does not depend on the database:
    on SQLite it is what it is by default, on the others a twelfth of that."""
    step = script(path, "--ours", needs, "full", "--database", database)
    return step if database == "sqlite" else Step(["env", "ARGON2=16384,1,1", *step.command], step.needs)


def main() -> int:
    os.chdir(TESTS.parent)
    own = Step(["python3", "-m", "unittest", "discover", "-s", "tests/harness"])
    guide = Step(["python3", "tests/book.py", "--check"])
    phrases = Step(["python3", "tests/phrases.py"])
    examples = Step(["cargo", "build", *EVERYTHING, "--bins"])
    compiled = Step(tests("--no-run"))
    # Every suite belongs to one of the two patterns, by its first letter.
    rust = [Step(tests(*which), [compiled]) for which in (["--test", "[a-m]*"], ["--test", "[!a-m]*"], ["--lib", "--bins"])]
    # All snippets are one crate, which one core compiles for minutes: the scripts have the other one.
    snippets = Step(tests("--doc"), [compiled])
    # The longest first: so neither place is empty for long at the end.
    scripts = [
        snippets,
        *(with_database("compare/run.py", examples, database) for database in ("sqlite", "postgres", "mongodb", "mysql")),
        script("fuzz/run.py", "--full", examples, "full"),
        *(with_database("compare/takeover.py", examples, database) for database in ("mysql", "mongodb", "postgres", "sqlite")),
        script("compare/takeover.py", "--ours", examples, "full-objectids", "--database", "beanie"),
        Step(["python3", "tests/compare/test_servers.py"]),
        script("client/run.py", "--full", examples, "full"),
        script("browser/web.py", "--example", examples, "web"),
        script("browser/oauth.py", "--example", examples, "oauth"),
        script("browser/docs.py", "--example", examples, "full"),
        script("browser/another_origin.py", "--example", examples, "another_origin"),
    ]  # fmt: skip
    # The suites run one after the other, since each keeps both cores busy: beside another one, a database that is slow to give a
    # connection fails a test. The scripts wait more than they compute, so two run at a time.
    return run([(1, [own, guide, phrases, examples, compiled, *rust]), (2, scripts)], dict(os.environ))


if __name__ == "__main__":
    sys.exit(main())
