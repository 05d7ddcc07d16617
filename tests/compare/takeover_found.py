"""What ours will find: a deployment that the original has made and served, on its own layout, over its own routes."""

from dataclasses import dataclass, field

import interop_oauth
from deployment import Deployment, Person, check_sessions, me, open_sessions, register
from interop import ask, login, printed
from provider import code

NAMES = {"first_name": "Zo\u00eb \U0001f600", "last_name": "\u5f20 \u00c5ngstr\u00f6m"}


@dataclass
class Found:
    """Who is there, and what is under way."""

    people: dict[str, Person] = field(default_factory=dict)
    # Tokens that were sent by mail.
    reset: str = ""
    verify: str = ""
    # A login with an account elsewhere that has begun: state and cookie.
    flow: tuple[str, str] = ("", "")
    # A user of the provider, who has no password.
    guest: Person | None = None
    # The session that was ended by a logout.
    ended: str = ""
    # Whom the original has deleted in the end.
    gone: Person | None = None


def people() -> dict[str, Person]:
    """The users, by the part that they play; two have registered years ago."""
    return {
        "bcrypt": Person("bcrypt@old.example.com", "years ago"),
        "argon2": Person("Small.Argon2@old.example.com", "years ago, too"),
        "zoe": Person("zoe@example.com", "p\u00e4ssw\u00f6rd \u2713 \u9577\u3044"),
        "ada": Person("Ada.LOVELACE@Example.COM", "analytical"),
        "kathe": Person("k\u00e4the.K@b\u00fccher.example.com", "umlauts"),
        "admin": Person("admin@example.com", "administers"),
        "forgetful": Person("Forgetful@example.com", "soon forgotten"),
        "newcomer": Person("newcomer@example.com", "unverified"),
        "leaver": Person("leaver@example.com", "about to go"),
        "locked": Person("locked@example.com", "deactivated"),
    }


def run(t, place: Deployment) -> Found:
    """The original is set up, and used."""
    found = Found(people())
    for hasher in ("bcrypt", "argon2"):
        with place.original(OLD_HASHER=hasher) as side:
            enter(t, side, found.people[hasher])
    rows = {values["email"]: values["hashed_password"] for (table, _), values in place.database.everything().items() if table == "user"}
    t.ensure("an old bcrypt hash", rows[found.people["bcrypt"].email].startswith("$2b$04$"), rows)
    t.ensure("an old argon2 hash", "m=1024,t=1,p=1" in rows[found.people["argon2"].shown["email"]], rows)
    with place.original() as side:
        for name, person in found.people.items():
            if name not in ("bcrypt", "argon2"):
                enter(t, side, person, **(NAMES if name == "zoe" else {}))
        flags(t, place, side, found)
        pending(t, side, found)
        accounts(t, side, found)
    return found


def enter(t, side, person: Person, **fields) -> None:
    """Registers, and logs in at every backend."""
    made = register(side, person, **fields)
    t.ensure(f"{person.email} has registered", made.status == 201, made)
    open_sessions(side, person)
    check_sessions(t, side, person)


def flags(t, place: Deployment, side, found: Found) -> None:
    """What no route sets."""
    for name, flag, value in (("admin", "is_superuser", True), ("zoe", "is_verified", True), ("locked", "is_active", False)):
        person = found.people[name]
        place.database.change_user(person.email, **{flag: value})
        person.shown |= {flag: value}
    check_sessions(t, side, found.people["admin"])
    check_sessions(t, side, found.people["locked"], status=401)


def pending(t, side, found: Found) -> None:
    """A forgotten password, an address to prove, a session that has ended."""
    side.lines()
    ask(side, "POST", "/auth/forgot-password", json={"email": found.people["forgetful"].email})
    found.reset = printed(side)
    ask(side, "POST", "/auth/request-verify-token", json={"email": found.people["newcomer"].email})
    found.verify = printed(side)
    t.ensure("two tokens were sent", "missing" not in (found.reset, found.verify), found)
    found.ended = login(side, "zoe@example.com", found.people["zoe"].password, "db").json()["access_token"]
    out = ask(side, "POST", "/auth/db/logout", bearer=found.ended)
    t.ensure("a session has ended", (out.status, me(side, "db", found.ended).status) == (204, 401), out)


def accounts(t, side, found: Found) -> None:
    """Accounts elsewhere: of a user without a password, linked to users with one, and one that is about to log in."""
    made = interop_oauth.login(side, code(sub="guest", email="Guest@oauth.example.com"))
    t.ensure("a user of the provider", made.status == 200, made)
    guest = found.guest = Person("Guest@oauth.example.com", "has none")
    guest.sessions["jwt"] = made.json()["access_token"]
    guest.shown = me(side, "jwt", guest.sessions["jwt"]).json()
    for name in ("zoe", "leaver"):
        bearer = found.people[name].sessions["jwt"]
        flow = interop_oauth.begin(side, interop_oauth.LINK, bearer)
        given = code(sub=f"{name}'s", email=f"{name}@elsewhere.example.com")
        linked = interop_oauth.back(side, interop_oauth.LINK, given, flow, bearer)
        t.ensure(f"an account of {name} is linked", linked.status == 200, linked)
    found.flow = interop_oauth.begin(side, interop_oauth.PLAIN)
