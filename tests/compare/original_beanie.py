"""The original's adapter for MongoDB, on the collections of `examples/full`."""

import os
import uuid
from typing import Optional

from beanie import Document, init_beanie
from fastapi_users_db_beanie import BaseOAuthAccount, BeanieBaseUser, BeanieUserDatabase
from fastapi_users_db_beanie.access_token import BeanieAccessTokenDatabase, BeanieBaseAccessToken
from pydantic import Field
from pymongo import AsyncMongoClient


class OAuthAccount(BaseOAuthAccount):
    pass


class User(BeanieBaseUser, Document):
    id: uuid.UUID = Field(default_factory=uuid.uuid4)
    first_name: Optional[str] = None
    last_name: Optional[str] = None
    oauth_accounts: list[OAuthAccount] = Field(default_factory=list)

    class Settings(BeanieBaseUser.Settings):
        name = "user"


class AccessToken(BeanieBaseAccessToken, Document):
    user_id: uuid.UUID

    class Settings(BeanieBaseAccessToken.Settings):
        name = "AccessToken"


async def get_user_db():
    yield BeanieUserDatabase(User, OAuthAccount)


async def get_token_db():
    yield BeanieAccessTokenDatabase(AccessToken)


async def prepare() -> None:
    """Connects, and makes the indexes that are missing."""
    client = AsyncMongoClient(os.environ["DATABASE_URL"], uuidRepresentation="standard")
    await init_beanie(client.get_default_database(), document_models=[User, AccessToken])
