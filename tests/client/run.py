"""Generates clients in TypeScript and Python from the OpenAPI document of the example `full`, checks their types, and uses them.

The generators are `openapi-typescript` with `openapi-fetch` (client.ts, mistakes.ts), `@hey-api/openapi-ts` (hey.ts), whose calls
must compile with the original's document as well, and `openapi-python-client` (python_client.py), whose types mypy checks.

    python3 tests/client/run.py --full target/debug/full
"""

import argparse
import os
import shutil
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path += [str(HERE.parent), str(HERE.parent / "compare"), str(HERE.parent / "fuzz")]

from application import Application  # noqa: E402 - needs the path
import processes  # noqa: E402 - `servers`, which the application imports, knows the path
import virtual_environment  # noqa: E402 - needs the path

OPTIONS = argparse.ArgumentParser()
OPTIONS.add_argument("--full", required=True, type=Path, help="the built example")
PROGRAMS = HERE / "node_modules" / ".bin"


def run(*command) -> None:
    if status := processes.run(command, cwd=HERE, env=os.environ | {"NO_UPDATE_NOTIFIER": "1", "NO_PROXY": "127.0.0.1"}):
        raise SystemExit(f"{command[0]} ended with the status {status}")


def install() -> None:
    """The generators and the compiler, once."""
    installed, wanted = HERE / "node_modules" / ".package-lock.json", HERE / "package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < wanted.stat().st_mtime:
        run("npm", "ci", "--silent", "--no-audit", "--no-fund")


def use_python(url: str) -> None:
    """Generates the client in Python, checks our calls of it, and runs them."""
    environment = virtual_environment.make("client", HERE / "requirements.txt", "openapi-python-client")
    programs = environment / "bin"
    made = HERE / "generated" / "python"
    # Without a project around it, and without the formatter that it would look for.
    generate = (programs / "openapi-python-client", "generate", "--url", f"{url}/openapi.json", "--meta", "none")
    run(*generate, "--output-path", made, "--overwrite", "--config", HERE / "python_client.yaml")
    (made.parent / "__init__.py").touch()
    # The generated code itself does not pass all of the checks that ours does.
    run(programs / "mypy", "--strict", "--follow-imports=silent", "python_client.py")
    run(programs / "python", "python_client.py", url)


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
        use_python(application.url)


if __name__ == "__main__":
    main()
