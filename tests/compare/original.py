"""The contract of `examples/full`, on the original library.

It reads the same environment as the Rust example and prints the same hook lines, so that both can be driven by the same requests.
"""

import json
import os
from contextlib import asynccontextmanager
from typing import Annotated, Optional

import redis.asyncio
import uvicorn
from fastapi import Depends, FastAPI
from fastapi_users import BaseUserManager, FastAPIUsers, InvalidPasswordException, schemas
from fastapi_users.authentication import (
    AuthenticationBackend,
    BearerTransport,
    CookieTransport,
    JWTStrategy,
    RedisStrategy,
)
from fastapi_users.authentication.strategy.db import DatabaseStrategy
from fastapi_users.password import PasswordHelper
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from pwdlib.hashers.bcrypt import BcryptHasher
from pydantic import StringConstraints

import costs

if os.environ["DATABASE_URL"].startswith("mongodb"):
    from original_beanie import ParsesIds, User, UserId, get_token_db, get_user_db, prepare
else:
    from original_sql import ParsesIds, User, UserId, get_token_db, get_user_db, prepare

SECRET = os.environ["SECRET"]
LIFETIME = 3600


Name = Annotated[str, StringConstraints(max_length=100)]


class UserRead(schemas.BaseUser[UserId]):
    first_name: Optional[Name] = None
    last_name: Optional[Name] = None


class UserCreate(schemas.BaseUserCreate):
    first_name: Optional[Name] = None
    last_name: Optional[Name] = None


class UserUpdate(schemas.BaseUserUpdate):
    first_name: Optional[Name] = None
    last_name: Optional[Name] = None


# How applications have hashed that were set up years ago.
OLD_HASHERS = {"bcrypt": BcryptHasher(rounds=4), "argon2": Argon2Hasher(time_cost=1, memory_cost=1024, parallelism=1)}
old_hasher = OLD_HASHERS.get(os.environ.get("OLD_HASHER"))
# Cheaper ones than those of today, where they are wanted.
new_hasher = Argon2Hasher(time_cost=costs.PASSES, memory_cost=costs.MEMORY, parallelism=costs.LANES) if costs.GIVEN else None
if old_hasher:
    password_helper = PasswordHelper(PasswordHash((old_hasher,)))
else:
    password_helper = PasswordHelper(PasswordHash((new_hasher, BcryptHasher()))) if new_hasher else None


def say(line: str) -> None:
    print(line, flush=True)


class Manager(ParsesIds, BaseUserManager[User, UserId]):
    reset_password_token_secret = SECRET
    verification_token_secret = SECRET
    reset_password_token_lifetime_seconds = LIFETIME
    verification_token_lifetime_seconds = LIFETIME

    async def validate_password(self, password, user):
        if len(password) < 3:
            raise InvalidPasswordException("Password should be at least 3 characters")
        if user.email in password:
            raise InvalidPasswordException("Password should not contain e-mail")

    async def on_after_register(self, user, request=None):
        say(f"User {user.id} has registered.")

    async def on_after_login(self, user, request=None, response=None):
        say(f"User {user.id} logged in.")

    async def on_after_update(self, user, update_dict, request=None):
        say(f"User {user.id} has been updated with {json.dumps(update_dict)}.")

    async def on_after_forgot_password(self, user, token, request=None):
        say(f"User {user.id} has forgot their password. Reset token: {token}")

    async def on_after_reset_password(self, user, request=None):
        say(f"User {user.id} has reset their password.")

    async def on_after_request_verify(self, user, token, request=None):
        say(f"Verification requested for user {user.id}. Verification token: {token}")

    async def on_after_verify(self, user, request=None):
        say(f"User {user.id} has been verified.")

    async def on_before_delete(self, user, request=None):
        say(f"User {user.id} is about to be deleted.")

    async def on_after_delete(self, user, request=None):
        say(f"User {user.id} has been deleted.")


async def get_manager(user_db=Depends(get_user_db)):
    yield Manager(user_db, password_helper)


def jwt_strategy():
    return JWTStrategy(secret=SECRET, lifetime_seconds=LIFETIME)


def db_strategy(tokens=Depends(get_token_db)):
    return DatabaseStrategy(tokens, lifetime_seconds=LIFETIME)


def bearer(name: str) -> BearerTransport:
    return BearerTransport(tokenUrl=f"auth/{name}/login")


jwt_backend = AuthenticationBackend("jwt", bearer("jwt"), jwt_strategy)
cookie_backend = AuthenticationBackend("cookie", CookieTransport(cookie_max_age=LIFETIME), jwt_strategy)
backends = [jwt_backend, cookie_backend, AuthenticationBackend("db", bearer("db"), db_strategy)]

if os.environ.get("REDIS_URL"):
    connection = redis.asyncio.from_url(os.environ["REDIS_URL"], decode_responses=True)

    def redis_strategy():
        return RedisStrategy(connection, lifetime_seconds=LIFETIME)

    backends.append(AuthenticationBackend("redis", bearer("redis"), redis_strategy))

users = FastAPIUsers[User, UserId](get_manager, backends)


@asynccontextmanager
async def lifespan(_app):
    await prepare()
    yield


app = FastAPI(lifespan=lifespan)
for backend in backends:
    app.include_router(users.get_auth_router(backend), prefix=f"/auth/{backend.name}")
app.include_router(users.get_register_router(UserRead, UserCreate), prefix="/auth")
app.include_router(users.get_reset_password_router(), prefix="/auth")
app.include_router(users.get_verify_router(UserRead), prefix="/auth")
app.include_router(users.get_users_router(UserRead, UserUpdate), prefix="/users")
strict_auth = users.get_auth_router(jwt_backend, requires_verification=True)
app.include_router(strict_auth, prefix="/strict/auth/jwt")
app.include_router(users.get_users_router(UserRead, UserUpdate, requires_verification=True), prefix="/strict/users")

if os.environ.get("OIDC_ISSUER"):
    from original_oauth import add_oauth

    add_oauth(app, users, jwt_backend, cookie_backend, UserRead, SECRET)


def greet(path: str, **flags: bool) -> None:
    @app.get(path)
    async def route(user=Depends(users.current_user(**flags))):
        return {"message": f"Hello {user.email}!"}


def show(path: str, **options) -> None:
    @app.get(path)
    async def route(user=Depends(users.current_user(**options))):
        return {"email": user.email if user else None}


greet("/authenticated-route", active=True)
greet("/verified-route", active=True, verified=True)
greet("/superuser-route", active=True, superuser=True)
show("/optional-route", optional=True)

GUARDS = {
    "any": {},
    "active": {"active": True},
    "verified": {"active": True, "verified": True},
    "superuser": {"active": True, "superuser": True},
    "verified-superuser": {"active": True, "verified": True, "superuser": True},
    "verified-any": {"verified": True},
    "superuser-any": {"superuser": True},
}
for guard, flags in GUARDS.items():
    show(f"/current/{guard}", **flags)
    show(f"/optional/{guard}", optional=True, **flags)


def only_jwt():
    return [jwt_backend]


show("/current/only-jwt", active=True, get_enabled_backends=only_jwt)

if __name__ == "__main__":
    host, _, port = os.environ.get("BIND", "127.0.0.1:8000").rpartition(":")
    uvicorn.run(app, host=host, port=int(port), log_level="warning", access_log=False)
