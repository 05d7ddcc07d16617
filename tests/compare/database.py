"""Direct access to a server's database, to arrange what no route can and to look at what was stored."""

import asyncio
import sqlite3
from pathlib import Path

import aiomysql
import asyncpg


class Sqlite:
    """A database file."""

    kind = "sqlite"

    def __init__(self, path: Path):
        self.path = path
        self.url = f"sqlite://{path}?mode=rwc"

    def execute(self, statement: str, *values):
        """Runs a statement with `?` for values and gives all rows."""
        connection = sqlite3.connect(self.path, timeout=10)
        try:
            rows = connection.execute(statement, values).fetchall()
            connection.commit()
            return rows
        finally:
            connection.close()


class Postgres:
    """A database of a private PostgreSQL, made anew."""

    kind = "postgres"

    def __init__(self, port: int, name: str):
        self.dsn = f"postgres://postgres@127.0.0.1:{port}/{name}"
        self.url = self.dsn
        asyncio.run(self._run(f"postgres://postgres@127.0.0.1:{port}/postgres", f'CREATE DATABASE "{name}"', ()))

    def execute(self, statement: str, *values):
        """Runs a statement with `?` for values and gives all rows."""
        for number in range(len(values)):
            statement = statement.replace("?", f"${number + 1}", 1)
        return asyncio.run(self._run(self.dsn, statement, values))

    async def _run(self, dsn, statement, values):
        connection = await asyncpg.connect(dsn)
        try:
            return [tuple(row) for row in await connection.fetch(statement, *values)]
        finally:
            await connection.close()


class MySql:
    """A database of a private MariaDB, made anew."""

    kind = "mysql"

    def __init__(self, port: int, name: str):
        self.port, self.name = port, None
        self.url = f"mysql://root@127.0.0.1:{port}/{name}"
        self.execute(f"CREATE DATABASE `{name}`")
        self.name = name

    def execute(self, statement: str, *values):
        """Runs a statement with `?` for values and gives all rows."""
        return asyncio.run(self._run(statement.replace('"', "`").replace("?", "%s"), values))

    async def _run(self, statement, values):
        connection = await aiomysql.connect(
            host="127.0.0.1", port=self.port, user="root", db=self.name, autocommit=True, charset="utf8mb4"
        )
        try:
            async with connection.cursor() as cursor:
                await cursor.execute(statement, values or None)
                return list(await cursor.fetchall())
        finally:
            connection.close()
