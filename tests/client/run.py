"""Generates a TypeScript client from the OpenAPI document of the example `full`, checks its types, and uses it.

    python3 tests/client/run.py --full target/debug/full
"""

import argparse
import os
import shutil
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path += [str(HERE.parent / "compare"), str(HERE.parent / "fuzz")]

from application import Application  # noqa: E402 - needs the path
import processes  # noqa: E402 - `servers`, which the application imports, knows the path

OPTIONS = argparse.ArgumentParser()
OPTIONS.add_argument("--full", required=True, type=Path, help="the built example")
PROGRAMS = HERE / "node_modules" / ".bin"


def run(*command) -> None:
    if status := processes.run(command, cwd=HERE, env=os.environ | {"NO_UPDATE_NOTIFIER": "1"}):
        raise SystemExit(f"{command[0]} ended with the status {status}")


def install() -> None:
    """The generator and the compiler, once."""
    installed, wanted = HERE / "node_modules" / ".package-lock.json", HERE / "package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < wanted.stat().st_mtime:
        run("npm", "ci", "--silent", "--no-audit", "--no-fund")


def main() -> None:
    options = OPTIONS.parse_args()
    install()
    for made in ("generated", "build"):
        shutil.rmtree(HERE / made, ignore_errors=True)
    with processes.temporary_folder("client-") as folder, Application(folder, options.full, {}) as application:
        # What has a default may be left out of what is sent.
        generate = (PROGRAMS / "openapi-typescript", f"{application.url}/openapi.json", "--default-non-nullable=false")
        run(*generate, "--output", "generated/api.d.ts")
        run(PROGRAMS / "tsc", "--project", ".")
        run("node", "build/client.js", application.url)


if __name__ == "__main__":
    main()
