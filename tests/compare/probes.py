"""Asks a server something that only one which is ready can answer. That it listens says nothing: PostgreSQL, for one, refuses every
session while it is starting up. The drivers are those of the virtual environment, so they are imported where they are used."""

import asyncio
import socket

import client

# Seconds that one attempt may take.
TIMEOUT = 10
# A token that no backend has made: each looks it up, those with a database there.
UNKNOWN = [("Authorization", "Bearer an-unknown-token")]


class NotReady(Exception):
    """The server answers, but not what it was asked."""


def application(port: int) -> None:
    """Ours or the original, with the databases behind it."""
    answer = client.exchange(port, client.render("GET", "/users/me", UNKNOWN, b"", f"127.0.0.1:{port}"), timeout=TIMEOUT)
    if answer.status != 401:
        raise NotReady(f"{answer.status} {answer.body[:200]!r}")


def redis(port: int) -> None:
    """Redis, which answers LOADING while it reads its data."""
    with socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT) as connection:
        connection.sendall(b"PING\r\n")
        answer = connection.makefile("rb").readline()
    if answer != b"+PONG\r\n":
        raise NotReady(repr(answer))


def postgres(port: int) -> None:
    """PostgreSQL, as its superuser."""
    import asyncpg

    async def ask():
        connection = await asyncpg.connect(f"postgres://postgres@127.0.0.1:{port}/postgres", timeout=TIMEOUT)
        try:
            await connection.fetchval("SELECT 1", timeout=TIMEOUT)
        finally:
            connection.terminate()

    asyncio.run(ask())


def mariadb(port: int) -> None:
    """MariaDB, as its superuser."""
    import aiomysql

    async def ask():
        connection = await aiomysql.connect(host="127.0.0.1", port=port, user="root", connect_timeout=TIMEOUT)
        try:
            async with connection.cursor() as cursor:
                await asyncio.wait_for(cursor.execute("SELECT 1"), TIMEOUT)
        finally:
            connection.close()

    asyncio.run(ask())


def secantus(port: int) -> None:
    """SecantusDB, which looks for a document."""
    import pymongo

    with pymongo.MongoClient("127.0.0.1", port, serverSelectionTimeoutMS=1000 * TIMEOUT, socketTimeoutMS=1000 * TIMEOUT) as server:
        server["probe"]["probe"].find_one()
