"""A live deployment of the original is taken over by ours, and handed back.

    python tests/compare/takeover.py --ours target/debug/full [--database sqlite|postgres|mysql|mongodb]
    python tests/compare/takeover.py --ours target/debug/full-objectids --database beanie
"""

import argparse
import sys
from contextlib import ExitStack
from pathlib import Path

import venv_of_original

venv_of_original.enter()

import provider  # noqa: E402 - needs the environment
import servers  # noqa: E402
import processes  # noqa: E402 - `servers` knows the path
import takeover_back  # noqa: E402
import takeover_duplicates  # noqa: E402
import takeover_found  # noqa: E402
import takeover_ours  # noqa: E402
from database import MySql, Postgres, Sqlite  # noqa: E402
from database_mongo import Beanie, Mongo  # noqa: E402
from deployment import Deployment  # noqa: E402
from outcomes import Outcomes, guarded  # noqa: E402


def sqlite(_stack: ExitStack, folder: Path):
    """What makes database files."""
    return lambda name: Sqlite(folder / f"{name}.db")


def postgres(stack: ExitStack, folder: Path):
    """What makes databases on a private PostgreSQL."""
    server = servers.postgres_server(folder)
    stack.callback(server.stop)
    return lambda name: Postgres(server.port, name)


def mysql(stack: ExitStack, folder: Path):
    """What makes databases on a private MariaDB. Where the collation ignores case, the original's own index does as well, so
    namesakes are only left where it does not."""
    server = servers.mariadb_server(folder)
    stack.callback(server.stop)
    collations = {"live": "utf8mb4_general_ci", "duplicates": "utf8mb4_bin"}
    return lambda name: MySql(server.port, name, collations[name])


def mongodb(stack: ExitStack, folder: Path):
    """What makes databases with the documents of `examples/full` on a private SecantusDB."""
    return on_secantusdb(stack, folder, Mongo)


def beanie(stack: ExitStack, folder: Path):
    """What makes databases with Beanie's own documents on a private SecantusDB."""
    return on_secantusdb(stack, folder, Beanie)


def on_secantusdb(stack: ExitStack, folder: Path, kind: type[Mongo]):
    """What makes databases of this kind on a private SecantusDB."""
    server = servers.secantus_server(folder)
    stack.callback(server.stop)
    return lambda name: kind(server.port, name)


# What starts the server of a database, if it has one, and gives what makes databases on it.
ENGINES = {"sqlite": sqlite, "postgres": postgres, "mysql": mysql, "mongodb": mongodb, "beanie": beanie}


class Takeover(Outcomes):
    """The checks of one deployment."""

    secret = ""


def arguments():
    """Reads the command line."""
    parser = argparse.ArgumentParser(description="Takes a deployment of the original over, and hands it back.")
    parser.add_argument("--ours", required=True, help="the binary of examples/full; for beanie, of tests/objectids")
    parser.add_argument("--database", choices=[*ENGINES], default="sqlite")
    parser.add_argument("--show", action="store_true", help="prints every check")
    return parser.parse_args()


def main() -> int:
    """Starts what both need, goes through the takeover, sums up."""
    given = arguments()
    outcomes = Takeover()
    outcomes.show = given.show
    with ExitStack() as stack:
        folder = stack.enter_context(processes.temporary_folder("takeover-"))
        try:
            oidc = provider.Provider()
            stack.callback(oidc.stop)
            database = ENGINES[given.database](stack, folder)
            places = [Deployment(folder, database(name), given.ours, oidc.environment()) for name in ("live", "duplicates")]
        except (servers.StartError, OSError) as error:
            print(f"FAILED start: {error}\n0 passed, 1 failed")
            return 1
        run(outcomes, *places)
    return outcomes.sum_up()


def run(outcomes: Takeover, live: Deployment, duplicates: Deployment) -> None:
    """Each part needs the one before; the duplicates are a deployment of their own."""
    outcomes.secret = live.secret
    if found := guarded("found", takeover_found.run, outcomes, live):
        guarded("taken over", takeover_ours.run, outcomes, live, found)
        guarded("handed back", takeover_back.run, outcomes, live, found)
    if duplicates.database.has_namesakes:
        guarded("duplicates", takeover_duplicates.run, outcomes, duplicates)


if __name__ == "__main__":
    sys.exit(main())
