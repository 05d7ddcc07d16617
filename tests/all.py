"""Everything that `tests/run` runs, and how it ends: see there."""

import os
import sys
from pathlib import Path

TESTS = Path(__file__).resolve().parent
sys.path.append(str(TESTS / "harness"))

from steps import Step, run  # noqa: E402 - needs the path

BUILT = Path(os.environ.get("CARGO_TARGET_DIR", "target")) / "debug"


def build(*packages: str) -> Step:
    """The examples that a script is about."""
    return Step(["cargo", "build", *(word for package in packages for word in ("-p", package)), "--locked"])


def script(path: str, option: str, needs: Step, program: str, *more: str) -> Step:
    """A script about a program that was built."""
    return Step(["python3", f"tests/{path}", option, str(BUILT / program), *more], [needs])


def main() -> int:
    os.chdir(TESTS.parent)
    own = Step(["python3", "-m", "unittest", "discover", "-s", "tests/harness"])
    rust = Step(["cargo", "test", "--workspace", "--all-features", "--locked", "--no-fail-fast"])
    full, oauth, web = build("full", "full-objectids"), build("oauth"), build("web")
    # The longest first: so neither place is empty for long at the end.
    scripts = [
        *(script("compare/run.py", "--ours", full, "full", "--database", database) for database in ("postgres", "mongodb", "mysql", "sqlite")),
        script("fuzz/run.py", "--full", full, "full"),
        *(script("compare/takeover.py", "--ours", full, "full", "--database", database) for database in ("mysql", "mongodb", "postgres", "sqlite")),
        script("compare/takeover.py", "--ours", full, "full-objectids", "--database", "beanie"),
        Step(["python3", "tests/compare/test_servers.py"]),
        script("client/run.py", "--full", full, "full"),
        script("browser/web.py", "--example", web, "web"),
        script("browser/oauth.py", "--example", oauth, "oauth"),
        script("browser/docs.py", "--example", full, "full"),
    ]  # fmt: skip
    # The scripts wait more than they compute, so two run at a time.
    return run([(1, [own, rust, full, oauth, web]), (2, scripts)], dict(os.environ))


if __name__ == "__main__":
    sys.exit(main())
