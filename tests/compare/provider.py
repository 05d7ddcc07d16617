"""A tiny OpenID provider whose codes say what it shall answer.

It supports PKCE and says so: a code that was asked for with a challenge is exchanged for its verifier only, and one that was asked for
without is not exchanged at all for a verifier.
"""

import base64
import hashlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

CLIENT_ID, CLIENT_SECRET = "client & co", "p\u00e4ss:word"


def code(**script) -> str:
    """A code: the profile to give, or the way to fail under `fail`."""
    return base64.urlsafe_b64encode(json.dumps(script).encode()).rstrip(b"=").decode()


def script_of(text: str) -> dict:
    """What a code, or the access token that was made of it, says."""
    try:
        return json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except ValueError:
        return {"fail": "token"}


def asked_with(given: str, challenge: str | None) -> str:
    """A code that was asked for with a challenge; without one the code as it is."""
    return code(**script_of(given), challenge=challenge) if challenge else given


def proves(challenge: str | None, verifier: str | None) -> bool:
    """Whether a verifier is that of a challenge (RFC 7636, 4.6), and none comes where none was asked for."""
    if challenge is None or verifier is None:
        return challenge is verifier
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == challenge


class Handler(BaseHTTPRequestHandler):
    """Answers discovery, token and profile requests."""

    def do_GET(self):
        if self.path == "/.well-known/openid-configuration":
            base = self.server.base
            names = {"authorization": "authorize", "token": "token", "userinfo": "userinfo"}
            found = {f"{name}_endpoint": f"{base}/{path}" for name, path in names.items()}
            more = {"code_challenge_methods_supported": ["plain", "S256"], "jwks_uri": f"{base}/keys"}
            return self.answer(200, {"issuer": base} | found | more)
        if self.path == "/userinfo":
            profile = script_of((self.headers["Authorization"] or "").removeprefix("Bearer "))
            fail = profile.pop("fail", None)
            if fail == "profile":
                return self.answer(503, {"error": "later"})
            return self.answer(200, "no JSON" if fail == "garbage" else profile)
        return self.answer(404, {})

    def do_POST(self):
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"] or 0)).decode())
        self.server.asked.append((self.path, form, self.headers["Authorization"]))
        given = form.get("code", [""])[0]
        script = script_of(given)
        if script.get("fail") == "token" or not proves(script.get("challenge"), form.get("code_verifier", [None])[0]):
            return self.answer(400, {"error": "invalid_grant"})
        token = {"access_token": given, "token_type": "bearer"}
        return self.answer(200, token | script.get("token", {}))

    def answer(self, status, body):
        raw = body.encode() if isinstance(body, str) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *_):
        """Says nothing."""


class Provider:
    """The provider, on a free loopback port."""

    def __init__(self):
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.base = self.server.base = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.asked = self.server.asked = []
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def environment(self) -> dict[str, str]:
        """What the servers are told about it."""
        return {"OIDC_ISSUER": self.base, "OIDC_CLIENT_ID": CLIENT_ID, "OIDC_CLIENT_SECRET": CLIENT_SECRET}

    def stop(self) -> None:
        """Stops listening."""
        self.server.shutdown()
        self.server.server_close()
