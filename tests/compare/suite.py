"""Drives the same requests through both servers and compares what comes back."""

import json
import re
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from urllib.parse import quote_plus

import client
from normalise import Normaliser
from outcomes import Outcomes
from tolerance import errors, tolerated

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
PASSWORD = "correct horse"
REFERENCE = re.compile(rb"<<([\w.-]+)>>")
DEFAULT = object()
TOKEN = "token: "
PATIENCE = 10


@dataclass
class Differs:
    """A difference that is meant: what the original answers, and what ours must answer instead."""

    original: int
    status: int
    body: object = DEFAULT
    hooks: list | None = None


class Side:
    """One server with its database and the values that its answers gave."""

    def __init__(self, name: str, process, database, secret: str):
        self.name, self.process, self.database = name, process, database
        self.variables: dict[str, str] = {}
        self.normaliser = Normaliser(process.port, secret, self.variables)
        self.read = 0

    def lines(self) -> list[str]:
        """The lines printed since the last call."""
        with open(self.process.stdout, "rb") as output:
            output.seek(self.read)
            fresh = output.read()
        fresh = fresh[: fresh.rfind(b"\n") + 1]
        self.read += len(fresh)
        return fresh.decode("utf-8", "replace").splitlines()

    def lines_with_tokens(self, count: int, lines: list[str]) -> list[str]:
        """These lines and those that follow, until so many of them have a token: it may be sent after the answer."""
        end = time.monotonic() + PATIENCE
        while sum(TOKEN in line for line in lines) < count and time.monotonic() < end:
            time.sleep(0.01)
            lines = lines + self.lines()
        return lines

    def fill(self, text):
        """Replaces `<<name>>` by this side's value of that name."""
        raw = text.encode() if isinstance(text, str) else text
        filled = REFERENCE.sub(lambda found: self.variables[found[1].decode()].encode(), raw)
        return filled.decode() if isinstance(text, str) else filled

    def filled(self, where: dict[str, str]) -> dict[str, str]:
        """The values that a row is known by, for this side."""
        return {name: self.fill(value) for name, value in where.items()}


@dataclass
class Result:
    """Both answers, raw and normalised."""

    responses: list
    answers: list
    lines: list = field(default_factory=list)

    @property
    def status(self) -> int:
        """The status of the original."""
        return self.responses[0].status


class Suite(Outcomes):
    """The checks of both servers."""

    def __init__(self, original: Side, ours: Side, self_mode: bool, database: str, secret: str):
        super().__init__()
        self.sides = [original, ours]
        self.self_mode, self.database, self.secret = self_mode, database, secret
        self.pool = ThreadPoolExecutor(2)

    # Values that differ from side to side

    def put(self, name: str, make) -> None:
        """Sets a value on each side; `make` gets the side's values."""
        for side in self.sides:
            side.variables[name] = make(side.variables)

    def rows(self, table: str, *columns: str, **where: str) -> list[list[tuple]]:
        """These columns of the rows that have these values, from both databases."""
        return [side.database.rows(table, columns, **side.filled(where)) for side in self.sides]

    def change(self, table: str, where: dict[str, str], **columns) -> None:
        """Changes columns of the rows that have these values behind the servers' backs."""
        for side in self.sides:
            side.database.change(table, side.filled(where), **columns)

    # Requests

    def send(self, method, path, *, headers=(), body=b"", content_type=None, bearer=None, cookie=None, **kinds):
        """Sends a request to both and gives both answers, uncompared."""
        headers = list(headers)
        if "json" in kinds:
            body, content_type = json.dumps(kinds["json"]), content_type or JSON
        elif "form" in kinds:
            pairs = kinds["form"].items() if isinstance(kinds["form"], dict) else kinds["form"]
            encode = lambda text: quote_plus(text, safe="<>@")  # noqa: E731 - keeps the references to values
            body = "&".join(f"{encode(name)}={encode(value)}" for name, value in pairs)
            content_type = content_type or FORM
        if content_type is not None:
            headers.append(("Content-Type", content_type))
        if bearer is not None:
            headers.append(("Authorization", f"Bearer {bearer}"))
        if cookie is not None:
            headers.append(("Cookie", f"fastapiusersauth={cookie}"))

        def one(side):
            filled = [(name, side.fill(value)) for name, value in headers]
            raw = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body
            host = f"127.0.0.1:{side.process.port}"
            request = client.render(method, side.fill(path), filled, side.fill(raw), host)
            try:
                response = client.exchange(side.process.port, request, method)
            except (OSError, ValueError) as error:
                response = client.Response(0, f"no answer: {error}")
            return response, side.lines()

        both = list(self.pool.map(one, self.sides))
        sent = max(sum(TOKEN in line for line in lines) for _, lines in both)
        both = [(response, side.lines_with_tokens(sent, lines)) for side, (response, lines) in zip(self.sides, both)]
        answers = [side.normaliser.answer(*pair) for side, pair in zip(self.sides, both)]
        return Result([pair[0] for pair in both], answers, [pair[1] for pair in both])

    def call(self, label, method, path, *, ours: Differs | None = None, save=None, status=None, **request):
        """One check: both answer alike, or as `ours` says. `save` keeps fields of the answers, `status` pins the status."""
        result = self.send(method, path, **request)
        left, right = result.answers
        if ours is not None:
            self.differs(label, f"{method} {path}", left, right, ours)
        else:
            if not self.self_mode:
                left, right = tolerated(left, right)
            # A failure of the original is never compared by accident: it is pinned, or ours is said to differ.
            pinned = left["status"] == status if status is not None else left["status"] != 500
            self.record(label, pinned and left == right, f"{method} {path}", left, right)
        for name, key in (save or {}).items():
            for side, response in zip(self.sides, result.responses):
                side.variables[name] = str((response.json() or {}).get(key, "missing"))
        return result

    def differs(self, label, request, left, right, meant: Differs) -> None:
        """Judges a difference that is meant."""
        fine = left["status"] == meant.original
        if self.self_mode:
            self.record(label, fine and left == right, request, left, right)
            return
        fine = fine and right["status"] == meant.status and "www-authenticate" not in right
        entries = errors(right)
        fine = fine and (meant.status != 422 or bool(entries) and all({"type", "loc", "msg"} <= set(entry) for entry in entries))
        if meant.body is not DEFAULT:
            fine = fine and right["body"] == meant.body
        if meant.hooks is not None:
            fine = fine and right["hooks"] == meant.hooks
        self.record(label, fine, request, left, right | {"wanted": [meant.status, meant.body, meant.hooks]})

    # Outcomes of ours alone

    def ours_only(self, label: str, fine: bool, shown=None) -> None:
        """A check of a fact that holds on our side alone."""
        if not self.self_mode:
            self.ensure(label, fine, shown)

    # Users

    def user(self, name: str, *, email=None, password=PASSWORD, login=(), **flags) -> None:
        """Registers a user on both sides, sets flags in the database, and logs in with the backends given.

        Keeps `NAME.id`, `NAME.email` and the tokens `NAME.jwt`, `NAME.cookie`, `NAME.db`, `NAME.redis`."""
        email = email or f"{name}@{self.area.replace('_', '-')}.example.com"
        made = self.send("POST", "/auth/register", json={"email": email, "password": password})
        for side, response in zip(self.sides, made.responses):
            if response.status != 201:
                raise RuntimeError(f"{side.name}: {name} could not be registered: {response}")
            side.variables[f"{name}.id"] = response.json()["id"]
        self.put(f"{name}.email", lambda values: email)
        for backend in login:
            self.login(name, backend, email, password)
        self.flags(name, **flags)

    def flags(self, name: str, **flags: bool) -> None:
        """Sets flags behind the servers' backs."""
        if flags:
            self.change("user", {"email": f"<<{name}.email>>"}, **flags)

    def login(self, name: str, backend: str, email: str, password: str = PASSWORD, keep: str | None = None) -> None:
        """Logs in and keeps the token as `NAME.BACKEND` or under the name given."""
        result = self.send("POST", f"/auth/{backend}/login", form={"username": email, "password": password})
        for side, response in zip(self.sides, result.responses):
            token = (response.json() or {}).get("access_token") if backend != "cookie" else cookie_of(response)
            if not token:
                raise RuntimeError(f"{side.name}: {name} could not log in: {response}")
            side.variables[keep or f"{name}.{backend}"] = token

    def take_token(self, name: str, result: Result) -> None:
        """Keeps the token that a hook printed last."""
        for side, lines in zip(self.sides, result.lines):
            found = [line.rpartition(TOKEN)[2] for line in lines if TOKEN in line]
            side.variables[name] = found[-1] if found else "missing"


def cookie_of(response) -> str | None:
    """The value of the cookie that an answer sets."""
    return (response.first("set-cookie") or "=;").split(";")[0].partition("=")[2] or None
