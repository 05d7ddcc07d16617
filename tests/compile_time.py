#!/usr/bin/env python3
"""What the runtime and the derive add to compile times.

`tests/compile_time.py` builds two packages from clean, one with axum and sqlx alone and one with users-runtime beside them, then
changes a struct and builds it again, with and without the derive. It prints the seconds and the differences, and fails when the
runtime adds more than 15 % or the derive more than 0.3 s. `--prepare DIRECTORY` only writes the packages.

The numbers hold for an otherwise idle machine. Everything is built in a temporary directory, which needs 2 GB."""

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MOST_SHARE, MOST_SECONDS = 0.15, 0.3
REBUILDS = 7

BASE = """axum = "0.8"
sqlx = { version = "0.9", default-features = false, features = ["runtime-tokio", "sqlite"] }
tokio = { version = "1", features = ["macros", "net", "rt-multi-thread"] }
serde = { version = "1", features = ["derive"] }
serde_json = "1"
"""
RUNTIME = f'users-runtime = {{ path = "{ROOT / "users-runtime"}" }}\n'
MANIFEST = """[package]
name = "measured"
version = "0.0.0"
edition = "2024"

[dependencies]
{dependencies}
[workspace]
"""
MAIN = """{head}
pub struct User {{
    pub id: i64,
    pub email: String,
    pub hashed_password: {hash},
    pub is_active: bool,
    pub is_superuser: bool,
    pub is_verified: bool,
    pub field_{number}: String,
}}

fn main() {{
    let _ = axum::Router::<()>::new();
    println!("{{}}", std::mem::size_of::<User>());
}}
"""
DERIVE = """#[derive(Clone, users_runtime::UserModel)]
#[fastapi_users(backend(name = "jwt", transport = bearer, strategy = jwt))]"""


def write_main(package: Path, with_derive: bool, number: int) -> None:
    head, hash_type = (DERIVE, "users_runtime::PasswordHash") if with_derive else ("#[derive(Clone)]", "String")
    text = MAIN.format(head=head, hash=hash_type, number=number)
    (package / "src/main.rs").write_text(text, encoding="utf-8")


def prepare(directory: Path) -> dict[str, Path]:
    """Writes the packages; their versions are those of the workspace."""
    packages = {}
    for name, dependencies in [("base", BASE), ("runtime", BASE + RUNTIME)]:
        package = packages[name] = directory / name
        (package / "src").mkdir(parents=True)
        (package / "Cargo.toml").write_text(MANIFEST.format(dependencies=dependencies), encoding="utf-8")
        shutil.copy(ROOT / "Cargo.lock", package)
        write_main(package, False, 0)
    return packages


def build(package: Path) -> float:
    """The seconds of one build."""
    start = time.monotonic()
    subprocess.run(["cargo", "build", "--quiet"], cwd=package, check=True)
    return time.monotonic() - start


def rebuild(package: Path, with_derive: bool) -> float:
    """The median of the seconds after a change of the struct."""
    seconds = []
    for number in range(REBUILDS + 1):
        write_main(package, with_derive, number)
        seconds.append(build(package))
    # The first one may build what the other form of the struct did not need.
    return statistics.median(seconds[1:])


def measure(directory: Path) -> int:
    packages = prepare(directory)
    for package in packages.values():
        subprocess.run(["cargo", "fetch", "--quiet"], cwd=package, check=True)
    base, runtime = build(packages["base"]), build(packages["runtime"])
    share = runtime / base - 1
    print(f"from clean: axum and sqlx {base:.1f} s, with users-runtime {runtime:.1f} s ({share:+.0%})")
    plain, derived = (rebuild(packages["runtime"], with_derive) for with_derive in (False, True))
    print(f"after a change of the struct: plain {plain:.2f} s, with the derive {derived:.2f} s ({derived - plain:+.2f} s)")
    return int(share > MOST_SHARE or derived - plain > MOST_SECONDS)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--prepare", type=Path, metavar="DIRECTORY")
    options = parser.parse_args()
    if options.prepare:
        prepare(options.prepare)
        return 0
    with tempfile.TemporaryDirectory() as directory:
        return measure(Path(directory))


if __name__ == "__main__":
    sys.exit(main())
