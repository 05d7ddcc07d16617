"""The original's adapter for MongoDB, on documents with the ids that the environment asks for."""

import os

from beanie import init_beanie
from fastapi_users_db_beanie import BeanieUserDatabase
from fastapi_users_db_beanie.access_token import BeanieAccessTokenDatabase
from pymongo import AsyncMongoClient

if os.environ.get("OBJECT_IDS"):
    from original_beanie_objectids import AccessToken, OAuthAccount, ParsesIds, User, UserId
else:
    from original_beanie_uuids import AccessToken, OAuthAccount, ParsesIds, User, UserId

__all__ = ["ParsesIds", "User", "UserId", "get_token_db", "get_user_db", "prepare"]


async def get_user_db():
    yield BeanieUserDatabase(User, OAuthAccount)


async def get_token_db():
    yield BeanieAccessTokenDatabase(AccessToken)


async def prepare() -> None:
    """Connects, and makes the indexes that are missing."""
    client = AsyncMongoClient(os.environ["DATABASE_URL"], uuidRepresentation="standard")
    await init_beanie(client.get_default_database(), document_models=[User, AccessToken])
