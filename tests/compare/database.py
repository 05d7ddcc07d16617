"""Direct access to a server's database, to arrange what no route can and to look at what was stored."""

import asyncio
import sqlite3
import uuid
from pathlib import Path

import aiomysql
import asyncpg

KEYS = {"user": "id", "accesstoken": "token", "oauth_account": "id"}


class Sql:
    """What is asked of any database, in SQL.

    A database gives `execute`, `columns` and `layout`; `duplicate` is how its driver says that a row breaks a unique index."""

    # What the servers are told besides the database's URL.
    environment: dict[str, str] = {}
    # How the lines of the layout begin that ours may add.
    added = ("index",)
    # Addresses that differ only in case can be stored before ours has made its index.
    has_namesakes = True

    def everything(self) -> dict[tuple[str, str], dict]:
        """Every row of the three tables, by table and primary key."""
        found = {}
        for table, key in KEYS.items():
            names = self.columns(table)
            listed = ", ".join(f'"{name}"' for name in names)
            for values in self.execute(f'SELECT {listed} FROM "{table}"'):
                row = dict(zip(names, values))
                found[table, str(row[key])] = row
        return found

    def rows(self, table: str, columns: list[str], /, **where) -> list[tuple]:
        """These columns of the rows that have these values."""
        listed = ", ".join(f'"{name}"' for name in columns)
        conditions = " AND ".join(f'"{name}" = ?' for name in where) or "1 = 1"
        return [tuple(row) for row in self.execute(f'SELECT {listed} FROM "{table}" WHERE {conditions}', *where.values())]

    def change(self, table: str, where: dict, /, **columns) -> None:
        """Changes columns of the rows that have these values."""
        changes = ", ".join(f'"{name}" = ?' for name in columns)
        conditions = " AND ".join(f'"{name}" = ?' for name in where)
        self.execute(f'UPDATE "{table}" SET {changes} WHERE {conditions}', *columns.values(), *where.values())

    def change_user(self, email: str, /, **columns) -> None:
        """Changes columns of the user with exactly this address."""
        self.change("user", {"email": email}, **columns)

    def accepts_copy(self, email: str, other: str) -> bool:
        """Whether another user, with this user's values and the other address, can be stored; one who was is removed again."""
        kept = [name for name in self.columns("user") if name not in ("id", "email")]
        listed = ", ".join(f'"{name}"' for name in kept)
        statement = f'INSERT INTO "user" (id, email, {listed}) SELECT ?, ?, {listed} FROM "user" WHERE email = ?'
        try:
            self.execute(statement, str(uuid.uuid4()), other, email)
        except self.duplicate:
            return False
        self.execute('DELETE FROM "user" WHERE email = ?', other)
        return True


class Sqlite(Sql):
    """A database file."""

    kind = "sqlite"
    duplicate = sqlite3.IntegrityError

    def __init__(self, path: Path):
        self.path = path
        self.url = f"sqlite://{path}?mode=rwc"

    def execute(self, statement: str, *values):
        """Runs a statement with `?` for values and gives all rows."""
        connection = sqlite3.connect(self.path, timeout=300)
        try:
            rows = connection.execute(statement, values).fetchall()
            connection.commit()
            return rows
        finally:
            connection.close()

    def columns(self, table: str) -> list[str]:
        """The columns of a table."""
        return [name for (name,) in self.execute("SELECT name FROM pragma_table_info(?) ORDER BY cid", table)]

    def layout(self) -> set[str]:
        """One line for each table and index; those of indexes begin with `index`."""
        return {" ".join(map(str, row)) for row in self.execute("SELECT type, name, sql FROM sqlite_master")}


class Postgres(Sql):
    """A database of a private PostgreSQL, made anew."""

    kind = "postgres"
    duplicate = asyncpg.UniqueViolationError

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

    def columns(self, table: str) -> list[str]:
        """The columns of a table."""
        statement = """SELECT column_name FROM information_schema.columns
            WHERE table_schema = 'public' AND table_name = ? ORDER BY ordinal_position"""
        return [name for (name,) in self.execute(statement, table)]

    def layout(self) -> set[str]:
        """One line for each column, constraint and index; those of indexes begin with `index`."""
        statement = """SELECT 'column', table_name, column_name, data_type, character_maximum_length, is_nullable, column_default
                FROM information_schema.columns WHERE table_schema = 'public'
            UNION ALL SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid), NULL, NULL, NULL
                FROM pg_constraint WHERE connamespace = 'public'::regnamespace
            UNION ALL SELECT 'index', tablename, indexname, indexdef, NULL, NULL, NULL
                FROM pg_indexes WHERE schemaname = 'public'"""
        return {" ".join(map(str, row)) for row in self.execute(statement)}


class MySql(Sql):
    """A database of a private MariaDB, made anew."""

    kind = "mysql"
    duplicate = aiomysql.IntegrityError
    # MariaDB has no index on an expression, so the one that ignores case is on a column that the server fills.
    added = ("index", "generated column")

    def __init__(self, port: int, name: str, collation: str = "utf8mb4_general_ci"):
        self.port, self.name = port, None
        self.url = f"mysql://root@127.0.0.1:{port}/{name}"
        self.execute(f"CREATE DATABASE `{name}` COLLATE {collation}")
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

    def columns(self, table: str) -> list[str]:
        """The columns of a table but for those that the server fills."""
        statement = """SELECT column_name FROM information_schema.columns
            WHERE table_schema = DATABASE() AND table_name = ? AND is_generated = 'NEVER' ORDER BY ordinal_position"""
        return [name for (name,) in self.execute(statement, table)]

    def layout(self) -> set[str]:
        """One line for each table, column, constraint and part of an index; those of indexes begin with `index`, those of columns
        that the server fills with `generated column`."""
        statement = """SELECT 'table', table_name, engine, table_collation, NULL, NULL, NULL
                FROM information_schema.tables WHERE table_schema = DATABASE()
            UNION ALL SELECT IF(is_generated = 'NEVER', 'column', 'generated column'), table_name, column_name,
                    CONCAT_WS(' ', column_type, collation_name), is_nullable, column_default, extra
                FROM information_schema.columns WHERE table_schema = DATABASE()
            UNION ALL SELECT 'constraint', table_name, constraint_name, column_name, referenced_table_name, referenced_column_name,
                    NULL
                FROM information_schema.key_column_usage WHERE table_schema = DATABASE() AND referenced_table_name IS NOT NULL
            UNION ALL SELECT 'constraint', table_name, constraint_name, delete_rule, update_rule, NULL, NULL
                FROM information_schema.referential_constraints WHERE constraint_schema = DATABASE()
            UNION ALL SELECT 'index', table_name, index_name, seq_in_index, column_name, sub_part, non_unique
                FROM information_schema.statistics WHERE table_schema = DATABASE()"""
        return {" ".join(map(str, row)) for row in self.execute(statement)}
