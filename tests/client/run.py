"""Generates TypeScript clients from the OpenAPI document of the example `full`, checks their types, and uses them.

The generators are `openapi-typescript` with `openapi-fetch` (client.ts, mistakes.ts) and `@hey-api/openapi-ts` (hey.ts), whose calls
must compile with the original's document as well.

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
    """The generators and the compiler, once."""
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
        run(PROGRAMS / "openapi-ts", "--input", f"{application.url}/openapi.json", "--output", "generated/hey", "--silent")
        # The second's own code does not compile with all of the checks that ours does.
        for project in ("tsconfig.json", "tsconfig.hey.json"):
            run(PROGRAMS / "tsc", "--project", project)
        for client in ("client", "hey"):
            run("node", f"build/{client}.js", application.url)


if __name__ == "__main__":
    main()
