"""Takes the random parts out of an answer, by name and shape, so that two answers can be compared."""

import json
import re
import time

import jwt

UUID = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")
JWT = re.compile(r"eyJ[\w-]+\.[\w-]+\.[\w-]+")
OPAQUE = re.compile(r"[\w-]{43}")
ARGON2 = re.compile(r"\$argon2id\$v=19\$m=65536,t=3,p=4\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}")
UPDATED = re.compile(r"(User .* has been updated with )(.*)\.", re.S)
HOOK = re.compile(r"(User |Verification requested)")
HEADERS = ("content-type", "allow", "location", "set-cookie", "www-authenticate")
# What the library's fields with secrets are called: a 422 of ours never repeats them.
SECRETS = {"password", "token", "client_secret", "hashed_password"}


class Normaliser:
    """Knows the names of one side's users and the port it listens on."""

    def __init__(self, port: int, secret: str, variables: dict):
        self.port, self.secret, self.variables = port, secret, variables

    def text(self, text: str) -> str:
        """Replaces ids, tokens and the port in a text."""
        text = text.replace(f"127.0.0.1:{self.port}", "<server>")
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
        if isinstance(claims.get("exp"), int) and 3590 < left <= 3600.5:
            claims["exp"] = "in an hour"
        if ARGON2.fullmatch(str(claims.get("password_fgpt"))):
            claims["password_fgpt"] = "argon2id"
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


def hide_secrets(original: dict, ours: dict) -> tuple[dict, dict]:
    """Allows ours to leave out of a 422 what may hold a secret; a secret that is still there remains a difference."""
    expected, given = errors(original), errors(ours)
    if expected is None or given is None or len(expected) != len(given):
        return original, ours
    pairs = [hide(*pair) for pair in zip(expected, given)]
    left, right = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    return original | {"body": {"detail": left}}, ours | {"body": {"detail": right}}


def errors(answer: dict):
    """The entries of a 422."""
    body = answer.get("body")
    detail = body.get("detail") if answer["status"] == 422 and isinstance(body, dict) else None
    return detail if isinstance(detail, list) and all(isinstance(item, dict) for item in detail) else None


def hide(expected: dict, given: dict) -> tuple[dict, dict]:
    """One pair of entries. Where the original shows a secret, ours shows no input, or the input without the secret."""
    if "input" not in expected or "loc" not in expected:
        return expected, given
    shown = expected["input"]
    if expected["loc"][-1] in SECRETS or (expected["loc"] == ["body"] and isinstance(shown, str)):
        scrubbed = None
    elif holds_secret(shown):
        scrubbed = without_secrets(shown)
    else:
        return expected, given
    if "input" in given and (scrubbed is None or given["input"] != scrubbed):
        return expected | {"input": "<no secret>"}, given
    return tuple({key: value for key, value in entry.items() if key != "input"} for entry in (expected, given))


def holds_secret(value) -> bool:
    """Whether a field with a secret's name is somewhere inside."""
    if isinstance(value, dict):
        return any(name in SECRETS or holds_secret(item) for name, item in value.items())
    return isinstance(value, list) and any(holds_secret(item) for item in value)


def without_secrets(value):
    """The same without the fields that have a secret's name."""
    if isinstance(value, dict):
        return {name: without_secrets(item) for name, item in value.items() if name not in SECRETS}
    return [without_secrets(item) for item in value] if isinstance(value, list) else value
