"""Tokens made by hand: good ones, and ones that are wrong in one place."""

import base64
import hashlib
import hmac
import json
import time

DIGESTS = {"HS256": hashlib.sha256, "HS384": hashlib.sha384, "HS512": hashlib.sha512}
ACCESS = ["fastapi-users:auth"]


def encode(data: bytes) -> str:
    """Base64 of the URL-safe alphabet without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def sign(secret: str, claims, header=None, algorithm="HS256", raw_header=None) -> str:
    """A token with the claims and header given, signed with the secret. Bytes are taken as they are."""
    head = raw_header or json.dumps({"alg": algorithm, "typ": "JWT"} | (header or {}), separators=(",", ":")).encode()
    body = claims if isinstance(claims, bytes) else json.dumps(claims, separators=(",", ":")).encode()
    signed = f"{encode(head)}.{encode(body)}"
    if algorithm == "none":
        return signed + "."
    return f"{signed}.{encode(hmac.new(secret.encode(), signed.encode(), DIGESTS[algorithm]).digest())}"


def later(seconds: float = 3000) -> int:
    """A time from now."""
    return int(time.time() + seconds)
