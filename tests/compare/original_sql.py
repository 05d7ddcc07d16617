"""The original's adapter for SQL databases, on the tables of `examples/full`."""

import os
import uuid
from typing import Optional

from fastapi import Depends
from fastapi_users import UUIDIDMixin as ParsesIds
from fastapi_users.db import SQLAlchemyBaseOAuthAccountTableUUID, SQLAlchemyBaseUserTableUUID, SQLAlchemyUserDatabase
from fastapi_users_db_sqlalchemy.access_token import SQLAlchemyAccessTokenDatabase, SQLAlchemyBaseAccessTokenTableUUID
from sqlalchemy import String, event
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

__all__ = ["ParsesIds", "User", "UserId", "get_token_db", "get_user_db", "prepare"]

UserId = uuid.UUID


def sqlalchemy_url(url: str) -> str:
    """Translates sqlx's way to name a database."""
    scheme, _, rest = url.partition("://")
    if scheme == "sqlite":
        return "sqlite+aiosqlite:///" + rest.partition("?")[0]
    if scheme in ("postgres", "postgresql"):
        return "postgresql+asyncpg://" + rest
    if scheme in ("mysql", "mariadb"):
        return "mysql+aiomysql://" + rest
    raise SystemExit(f"no driver for {scheme}")


class Base(DeclarativeBase):
    pass


class User(SQLAlchemyBaseUserTableUUID, Base):
    first_name: Mapped[Optional[str]] = mapped_column(String(100), nullable=True)
    last_name: Mapped[Optional[str]] = mapped_column(String(100), nullable=True)
    oauth_accounts: Mapped[list["OAuthAccount"]] = relationship("OAuthAccount", lazy="joined")


class AccessToken(SQLAlchemyBaseAccessTokenTableUUID, Base):
    pass


class OAuthAccount(SQLAlchemyBaseOAuthAccountTableUUID, Base):
    pass


engine = create_async_engine(sqlalchemy_url(os.environ["DATABASE_URL"]))
sessions = async_sessionmaker(engine, expire_on_commit=False)

if engine.dialect.name == "sqlite":

    @event.listens_for(engine.sync_engine, "connect")
    def pragmas(connection, _record):
        # Two servers share one file in the tests of interchange.
        connection.execute("PRAGMA busy_timeout = 300000")


async def get_session():
    async with sessions() as session:
        yield session


async def get_user_db(session=Depends(get_session)):
    yield SQLAlchemyUserDatabase(session, User, OAuthAccount)


async def get_token_db(session=Depends(get_session)):
    yield SQLAlchemyAccessTokenDatabase(session, AccessToken)


async def prepare() -> None:
    """Makes the tables that are missing."""
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
