"""Holds our server against the original, request by request.

    python tests/compare/run.py --ours target/debug/full [--only AREA] [--database sqlite|postgres|mysql|mongodb]
    python tests/compare/run.py --self

With --self both sides are the original, which shows that the comparison itself is deterministic.
"""

import argparse
import secrets
import sys
from contextlib import ExitStack
from pathlib import Path

import venv_of_original

venv_of_original.enter()

import areas  # noqa: E402 - needs the environment
import interop  # noqa: E402
import provider  # noqa: E402
import servers  # noqa: E402
import processes  # noqa: E402 - `servers` knows the path
from database import MySql, Postgres, Sqlite  # noqa: E402
from database_mongo import Mongo  # noqa: E402
from outcomes import guarded  # noqa: E402
from suite import Side, Suite  # noqa: E402


def arguments():
    """Reads the command line."""
    parser = argparse.ArgumentParser(description="Compares our server with the original library.")
    parser.add_argument("--ours", help="the binary of examples/full")
    parser.add_argument("--self", dest="self_mode", action="store_true", help="the original against itself")
    parser.add_argument("--only", help="one area", choices=[*areas.AREAS, "interop"])
    parser.add_argument("--database", choices=["sqlite", "postgres", "mysql", "mongodb"], default="sqlite")
    parser.add_argument("--show", action="store_true", help="prints every check with the original's answer")
    given = parser.parse_args()
    if bool(given.ours) == given.self_mode:
        parser.error("give either --ours or --self")
    return given


def main() -> int:
    """Starts the servers, runs the areas, stops the servers, sums up."""
    given = arguments()
    with ExitStack() as stack:
        folder = stack.enter_context(processes.temporary_folder("compare-"))
        try:
            suite, shared = start(given, stack, folder)
        except (servers.StartError, OSError) as error:
            print(f"FAILED start: {error}\n0 passed, 1 failed")
            return 1
        run(given.only, suite, shared)
    return suite.sum_up()


def start(given, stack: ExitStack, folder: Path):
    """Two servers with a database each for the comparison, and two on one database for the interchange."""
    secret = secrets.token_urlsafe(32)
    redis = servers.redis_server(folder)
    stack.callback(redis.stop)
    oidc = provider.Provider()
    stack.callback(oidc.stop)
    kinds = {
        "postgres": (servers.postgres_server, Postgres),
        "mysql": (servers.mariadb_server, MySql),
        "mongodb": (servers.secantus_server, Mongo),
    }
    if given.database in kinds:
        starts, kind = kinds[given.database]
        server = starts(folder)
        stack.callback(server.stop)

    def database(name):
        return kind(server.port, name) if given.database in kinds else Sqlite(folder / f"{name}.db")

    def side(name, binary, store, number):
        url = f"redis://127.0.0.1:{redis.port}/{number}"
        more = {"REDIS_URL": url} | oidc.environment()
        process = servers.application(name, binary, folder, store.url, secret, more)
        stack.callback(process.stop)
        made = Side(name, process, store, secret)
        made.redis_port, made.redis_number = redis.port, number
        return made

    suite = None
    if given.only != "interop":
        sides = side("original", None, database("a"), 0), side("ours", given.ours, database("b"), 1)
        suite = Suite(*sides, given.self_mode, given.database, secret)
    shared = None
    if given.only in (None, "interop"):
        store = database("shared")
        sides = side("original-shared", None, store, 2), side("ours-shared", given.ours, store, 2)
        shared = Suite(*sides, given.self_mode, given.database, secret)
    for made in (suite, shared):
        if made is not None:
            made.show, made.provider = given.show, oidc
    return suite or shared, shared


def run(only: str | None, suite: Suite, shared: Suite | None) -> None:
    """Runs the areas; one that breaks off is a failure."""
    for name, area in areas.AREAS.items():
        if only in (None, name):
            guarded(name, area, suite)
    if shared is not None:
        guarded("interop", interop.run, shared)
        if shared is not suite:
            suite.passed += shared.passed
            suite.failures += shared.failures
            suite.counts |= shared.counts


if __name__ == "__main__":
    sys.exit(main())
