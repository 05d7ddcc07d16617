"""The documents of `examples/full` on MongoDB: its collections, with UUIDs for users."""

import uuid
from typing import Optional

from beanie import Document
from fastapi_users import UUIDIDMixin as ParsesIds
from fastapi_users_db_beanie import BaseOAuthAccount, BeanieBaseUser
from fastapi_users_db_beanie.access_token import BeanieBaseAccessToken
from pydantic import Field

__all__ = ["AccessToken", "OAuthAccount", "ParsesIds", "User", "UserId"]

UserId = uuid.UUID


class OAuthAccount(BaseOAuthAccount):
    pass


class User(BeanieBaseUser, Document):
    id: UserId = Field(default_factory=uuid.uuid4)
    first_name: Optional[str] = None
    last_name: Optional[str] = None
    oauth_accounts: list[OAuthAccount] = Field(default_factory=list)

    class Settings(BeanieBaseUser.Settings):
        name = "user"


class AccessToken(BeanieBaseAccessToken, Document):
    user_id: UserId

    class Settings(BeanieBaseAccessToken.Settings):
        name = "AccessToken"
