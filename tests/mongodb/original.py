"""What the original library on Beanie writes into a database, and what it reads there.

Usage: original.py write|read URL. `write` stores users and tokens. `read` prints, as JSON, what the adapters find.
"""

import asyncio
import datetime
import json
import sys
import uuid
from typing import Any, Optional

from beanie import Document, init_beanie
from fastapi_users_db_beanie import BaseOAuthAccount, BeanieBaseUser, BeanieUserDatabase
from fastapi_users_db_beanie.access_token import BeanieAccessTokenDatabase, BeanieBaseAccessToken
from pydantic import Field
from pymongo import AsyncMongoClient


class OAuthAccount(BaseOAuthAccount):
    pass


class User(BeanieBaseUser, Document):
    nickname: Optional[str] = None
    visits: int = 0
    total: Optional[int] = None
    ratio: Optional[float] = None
    avatar: Optional[bytes] = None
    tenant: Optional[uuid.UUID] = None
    seen_at: Optional[datetime.datetime] = None
    born_on: Optional[datetime.date] = None
    settings: Optional[dict[str, Any]] = None
    oauth_accounts: list[OAuthAccount] = Field(default_factory=list)


class AccessToken(BeanieBaseAccessToken, Document):
    pass


async def write(users, tokens) -> None:
    six = {"hashed_password": "$argon2id$x", "is_active": True, "is_superuser": False, "is_verified": False}
    await users.create({"email": "plain@Example.com", **six})
    kate = await users.create(
        {
            "email": "Käthe@Example.com",
            **six,
            "is_verified": True,
            "nickname": "K",
            "visits": 3,
            "total": 2**62,
            "ratio": 1.5,
            "avatar": b"\0\1",
            "tenant": uuid.UUID("af18f25c-dbb9-4aa1-b7e8-b56bdea97b86"),
            "seen_at": datetime.datetime(2024, 1, 2, 3, 4, 5, 678901, tzinfo=datetime.timezone.utc),
            "born_on": datetime.date(2024, 1, 2),
            "settings": {"a": [1, "é", 2**40], "b": {"c": None}},
        }
    )
    account = {"oauth_name": "google", "access_token": "t", "account_id": "1", "account_email": "x@y.z", "expires_at": 7}
    await users.add_oauth_account(kate, account)
    await users.add_oauth_account(kate, {**account, "oauth_name": "github", "account_id": "2", "refresh_token": "r"})
    await tokens.create({"token": "a-token", "user_id": kate.id})
    print(json.dumps({"id": str(kate.id)}))


async def read(users, tokens) -> None:
    found = {}
    user = await users.get_by_email("ADA@EXAMPLE.COM")
    found["by email"] = json.loads(user.model_dump_json(exclude={"avatar"}))
    found["avatar"] = list(user.avatar)
    account = await users.get_by_oauth_account("google", "1")
    found["by account"] = account and str(account.id)
    token = await tokens.get_by_token("b-token")
    found["by token"] = token and [str(token.user_id), token.created_at.isoformat()]
    await users.update(user, {"nickname": "changed by the original"})
    print(json.dumps(found))


async def main() -> None:
    action, url = sys.argv[1:]
    client = AsyncMongoClient(url)
    database = client.get_default_database()
    await init_beanie(database, document_models=[User, AccessToken])
    users, tokens = BeanieUserDatabase(User, OAuthAccount), BeanieAccessTokenDatabase(AccessToken)
    await {"write": write, "read": read}[action](users, tokens)
    await client.close()


asyncio.run(main())
