"""The documents as the original's manual writes them for Beanie, which names the collections and makes the ids."""

from typing import Optional

from beanie import Document, PydanticObjectId
from fastapi_users_db_beanie import BaseOAuthAccount, BeanieBaseUser
from fastapi_users_db_beanie import ObjectIDIDMixin as ParsesIds
from fastapi_users_db_beanie.access_token import BeanieBaseAccessToken
from pydantic import Field

__all__ = ["AccessToken", "OAuthAccount", "ParsesIds", "User", "UserId"]

UserId = PydanticObjectId


class OAuthAccount(BaseOAuthAccount):
    pass


class User(BeanieBaseUser, Document):
    first_name: Optional[str] = None
    last_name: Optional[str] = None
    oauth_accounts: list[OAuthAccount] = Field(default_factory=list)


class AccessToken(BeanieBaseAccessToken, Document):
    pass
