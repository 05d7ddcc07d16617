"""The OAuth part of the contract, on the original library."""

import os

from httpx_oauth.clients.openid import OpenID


def add_oauth(app, users, jwt_backend, cookie_backend, read_schema, secret) -> None:
    """Adds the OAuth and the associate routers, plain and strict."""
    issuer = os.environ["OIDC_ISSUER"].rstrip("/")
    client = OpenID(
        os.environ.get("OIDC_CLIENT_ID", ""),
        os.environ.get("OIDC_CLIENT_SECRET", ""),
        f"{issuer}/.well-known/openid-configuration",
        name="oidc",
    )
    redirect_url = os.environ.get("OIDC_REDIRECT_URL") or "http://127.0.0.1:9/strict-callback"
    csrf = {
        "csrf_token_cookie_name": "strictcsrf",
        "csrf_token_cookie_path": "/strict",
        "csrf_token_cookie_secure": False,
        "csrf_token_cookie_httponly": False,
        "csrf_token_cookie_samesite": "strict",
    }
    app.include_router(users.get_oauth_router(client, jwt_backend, secret), prefix="/auth/oidc")
    app.include_router(users.get_oauth_associate_router(client, read_schema, secret), prefix="/auth/associate/oidc")
    app.include_router(
        users.get_oauth_router(
            client,
            cookie_backend,
            secret,
            redirect_url=redirect_url,
            associate_by_email=True,
            is_verified_by_default=True,
            **csrf,
        ),
        prefix="/strict/auth/oidc",
    )
    app.include_router(
        users.get_oauth_associate_router(
            client, read_schema, secret, redirect_url=redirect_url, requires_verification=True, **csrf
        ),
        prefix="/strict/auth/associate/oidc",
    )
