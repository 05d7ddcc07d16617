"""One deployment: a database and a secret, which the original and ours serve one after the other."""

import secrets
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import client
import servers
from interop import ask, login
from suite import Side, cookie_of

BACKENDS = ("jwt", "cookie", "db")


@dataclass
class Person:
    """A user of the deployment, and what a browser or a client of theirs has kept."""

    email: str
    password: str
    # The user as the routes show it.
    shown: dict = field(default_factory=dict)
    # The tokens, by backend.
    sessions: dict[str, str] = field(default_factory=dict)

    @property
    def row(self) -> tuple[str, str]:
        """Where the user stands in the dump."""
        return "user", self.shown["id"]


class Deployment:
    """A database, a secret, and whoever serves them at the time."""

    def __init__(self, folder: Path, database, binary: str, environment: dict[str, str]):
        self.folder, self.database, self.binary = folder, database, binary
        self.environment, self.secret = environment, secrets.token_urlsafe(32)
        self.started = 0

    @contextmanager
    def original(self, **environment):
        """The original serves."""
        with self.serving(None, environment) as side:
            yield side

    @contextmanager
    def ours(self, **environment):
        """Ours serves."""
        with self.serving(self.binary, environment) as side:
            yield side

    @contextmanager
    def serving(self, binary, environment):
        """A server, which is stopped at the end."""
        self.started += 1
        name = f"{'ours' if binary else 'original'}-{self.started}"
        told = self.environment | self.database.environment | environment
        process = servers.application(name, binary, self.folder, self.database.url, self.secret, told)
        try:
            yield Side(name, process, self.database, self.secret)
        finally:
            process.stop()

    @contextmanager
    def only(self, t, label: str, *, changed=None, added=None, removed=()):
        """A check that what happens inside changes these columns of these rows, adds so many rows to these tables, and removes
        these rows; and nothing else."""
        before = self.database.everything()
        yield
        after = self.database.everything()
        columns = {
            row: {name for name in after[row] if after[row][name] != before[row].get(name)}
            for row in before.keys() & after.keys()
            if after[row] != before[row]
        }
        found = columns, dict(Counter(row[0] for row in after.keys() - before.keys())), before.keys() - after.keys()
        t.ensure(f"{label}: nothing else is changed", found == (changed or {}, added or {}, set(removed)), found)

    def rows_of(self, person: Person) -> set[tuple[str, str]]:
        """The user's rows: the user, the tokens, the linked accounts."""
        everything = self.database.everything().items()
        return {row for row, values in everything if str(values.get("user_id")) == person.shown["id"]} | {person.row}


def register(side, person: Person, **fields) -> client.Response:
    """Registers a user and keeps what the answer shows."""
    made = ask(side, "POST", "/auth/register", json={"email": person.email, "password": person.password} | fields)
    person.shown = made.json() or {}
    return made


def open_sessions(side, person: Person) -> None:
    """Logs in at every backend and keeps the tokens."""
    for backend in BACKENDS:
        answer = login(side, person.email, person.password, backend)
        person.sessions[backend] = (cookie_of(answer) if backend == "cookie" else (answer.json() or {}).get("access_token")) or "missing"


def me(side, backend: str, token: str) -> client.Response:
    """The current user, with the token where the backend looks for it."""
    return ask(side, "GET", "/users/me", **({"cookie": token} if backend == "cookie" else {"bearer": token}))


def check_sessions(t, side, person: Person, backends=BACKENDS, status: int = 200) -> None:
    """The kept tokens open the user, as last shown, or nothing."""
    for backend in backends:
        seen = me(side, backend, person.sessions[backend])
        fine = seen.status == status and (status != 200 or seen.json() == person.shown)
        t.ensure(f"the {backend} session of {person.email} at {side.name}: {status}", fine, seen)


def check_password(t, side, person: Person) -> None:
    """The user logs in with the address in any case, and with no other password."""
    for address in (person.email, ascii_swapped(person.email), ascii_swapped(person.email.lower())):
        answer = login(side, address, person.password)
        t.ensure(f"{address} logs in at {side.name}", answer.status == 200, answer)
    answer = login(side, person.email, person.password + "x")
    t.ensure(f"a wrong password of {person.email} at {side.name}", answer.json() == {"detail": "LOGIN_BAD_CREDENTIALS"}, answer)


def ascii_swapped(text: str) -> str:
    """The text with the ASCII letters in the other case; SQLite knows of no others."""
    return "".join(letter.swapcase() if letter.isascii() else letter for letter in text)
