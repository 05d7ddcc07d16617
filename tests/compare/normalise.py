"""Takes the random parts out of an answer, by name and shape, so that two answers can be compared."""

import json
import re
import time

import jwt

from costs import CURRENT

UUID = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")
JWT = re.compile(r"eyJ[\w-]+\.[\w-]+\.[\w-]+")
CSRF = re.compile(r"((?:^|\b)\w*csrf=)[\w-]{43}(?=;)")
OPAQUE = re.compile(r"[\w-]{43}")
ARGON2 = re.compile(re.escape(CURRENT) + r"[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}")
UPDATED = re.compile(r"(User .* has been updated with )(.*)\.", re.S)
HOOK = re.compile(r"(User |Verification requested)")
HEADERS = ("content-type", "allow", "location", "set-cookie", "www-authenticate")


class Normaliser:
    """Knows the names of one side's users and the port it listens on."""

    def __init__(self, port: int, secret: str, variables: dict):
        self.port, self.secret, self.variables = port, secret, variables

    def text(self, text: str) -> str:
        """Replaces ids, tokens and the port in a text."""
        text = text.replace(f"127.0.0.1:{self.port}", "<server>").replace(f"127.0.0.1%3A{self.port}", "<server>")
        text = CSRF.sub(r"\1<csrf>", text)
        text = JWT.sub(lambda found: self.token(found[0]), text)
        names = {value: key for key, value in self.variables.items() if key.endswith(".id")}
        return UUID.sub(lambda found: f"<{names.get(found[0], 'uuid')}>", text)

    def token(self, token: str) -> str:
        """A JWT as its header and claims; the expiry relative to now, the fingerprint by shape."""
        try:
            header = jwt.get_unverified_header(token)
            claims = jwt.decode(token, self.secret, ["HS256"], options={"verify_aud": False})
        except jwt.PyJWTError as error:
            return f"<jwt that does not verify: {error}>"
        left = claims.get("exp", 0) - time.time()
        if isinstance(claims.get("exp"), int) and 3000 < left <= 3600.5:
            claims["exp"] = "in an hour"
        if ARGON2.fullmatch(str(claims.get("password_fgpt"))):
            claims["password_fgpt"] = "argon2id"
        if OPAQUE.fullmatch(str(claims.get("csrftoken"))):
            claims["csrftoken"] = "csrf"
        return f"<jwt {json.dumps(header)} {json.dumps(claims)}>"

    def value(self, value, key=None):
        """Normalises parsed JSON."""
        if isinstance(value, dict):
            return {name: self.value(item, name) for name, item in value.items()}
        if isinstance(value, list):
            return [self.value(item) for item in value]
        if isinstance(value, str):
            if key == "access_token" and OPAQUE.fullmatch(value):
                return "<opaque token>"
            return self.text(value)
        return value

    def body(self, response):
        """The body: parsed JSON, or text."""
        if response.body == b"":
            return "<empty>"
        try:
            return self.value(json.loads(response.body))
        except ValueError:
            return self.text(response.body.decode("utf-8", "backslashreplace"))

    def hook(self, line: str):
        """A line that a hook has printed."""
        found = UPDATED.fullmatch(line)
        if found:
            try:
                return [self.text(found[1]), self.value(json.loads(found[2]))]
            except ValueError:
                pass
        return self.text(line)

    def answer(self, response, lines: list[str]) -> dict:
        """Everything of an answer that is compared."""
        shown = {"status": response.status}
        for name in HEADERS:
            values = [self.text(value) for value in response.all(name)]
            if values:
                shown[name] = values
        shown["body"] = self.body(response)
        shown["hooks"] = [self.hook(line) for line in lines if HOOK.match(line)]
        return shown
