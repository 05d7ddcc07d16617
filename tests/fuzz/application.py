"""The example `full` with every backend and provider on a new SQLite database, and the users who take part."""

import json
import secrets
import sqlite3
import urllib.parse
import urllib.request
from pathlib import Path

import servers

PASSWORD = "correct horse"
JSON, FORM = "application/json", "application/x-www-form-urlencoded"


class Application:
    """A server, which is stopped at the end."""

    def __init__(self, folder: Path, binary: Path, environment: dict[str, str]):
        self.database = folder / "users.db"
        url = f"sqlite://{self.database}?mode=rwc"
        self.process = servers.application("full", binary, folder, url, secrets.token_urlsafe(32), environment)
        self.url = f"http://127.0.0.1:{self.process.port}"
        # The form of a login that every backend grants.
        self.guest = {"username": "guest@fuzz.example.com", "password": PASSWORD}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stop()

    def ask(self, path, body=None, content_type=JSON):
        """The answer to a request, which succeeds."""
        request = urllib.request.Request(self.url + path, body and body.encode(), {"Content-Type": content_type})
        return urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request)

    def document(self) -> dict:
        """The OpenAPI document."""
        with self.ask("/openapi.json") as answer:
            return json.load(answer)

    def is_running(self) -> bool:
        """Whether it has not ended by itself."""
        return self.process.process.poll() is None

    def user(self, email, backend) -> tuple[str, str]:
        """A new user: the id, and the token or cookie of a login."""
        with self.ask("/auth/register", json.dumps({"email": email, "password": PASSWORD})) as answer:
            own_id = json.load(answer)["id"]
        form = urllib.parse.urlencode({"username": email, "password": PASSWORD})
        with self.ask(f"/auth/{backend}/login", form, FORM) as answer:
            if backend == "cookie":
                return own_id, answer.headers["Set-Cookie"].partition(";")[0].partition("=")[2]
            return own_id, json.load(answer)["access_token"]

    def superuser(self, email, backend) -> tuple[str, str]:
        """A user who may do everything, and still may when requests have changed the address or the flags; and the guest."""
        made = self.user(email, backend)
        self.user(self.guest["username"], backend)
        powers = "UPDATE user SET is_active = TRUE, is_superuser = TRUE, is_verified = TRUE WHERE"
        connection = sqlite3.connect(self.database, timeout=300)
        connection.execute(f"{powers} email = ?", (email,))
        connection.execute("UPDATE user SET is_verified = TRUE WHERE email = ?", (self.guest["username"],))
        ((stored,),) = connection.execute("SELECT id FROM user WHERE email = ?", (email,)).fetchall()
        connection.execute(
            f"CREATE TRIGGER keep_powers AFTER UPDATE ON user WHEN NEW.id = '{stored}' BEGIN {powers} id = NEW.id; END"
        )
        connection.commit()
        connection.close()
        return made
