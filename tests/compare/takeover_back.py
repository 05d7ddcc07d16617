"""The original again, on what ours has left: nothing that ours has done is in its way."""

from concurrent.futures import ThreadPoolExecutor

import interop_oauth
from deployment import Deployment, Person, check_password, check_sessions, me, open_sessions, register
from interop import ask, login
from provider import code
from takeover_found import NAMES, Found
from takeover_ours import ALREADY


def run(t, place: Deployment, found: Found) -> None:
    """The original takes back, serves, and gives to ours again."""
    layout = place.database.layout()
    with place.original() as side:
        t.ensure("the start changes no table", place.database.layout() == layout)
        everybody(t, place, side, found)
        mails(t, place, side, found)
        newcomers(t, place, side, found)
        races(t, place, side)
        changes(t, place, side, found)
        accounts(t, place, side, found)
    forward(t, place, found)


def everybody(t, place: Deployment, side, found: Found) -> None:
    """The sessions that ours has opened and the hashes that it has made are good, and stay as they are."""
    with place.only(t, "sessions and passwords"):
        for person in found.people.values():
            check_sessions(t, side, person)
            check_password(t, side, person)
            if "earlier" in person.sessions:
                t.ensure(f"the earlier session of {person.email}", me(side, "db", person.sessions["earlier"]).status == 200)
        t.ensure("a session that ours has ended", me(side, "db", found.ended).status == 401)
    bcrypt = found.people["bcrypt"]
    with place.only(t, "logout", removed={("accesstoken", bcrypt.sessions["db"])}):
        out = ask(side, "POST", "/auth/db/logout", bearer=bcrypt.sessions["db"])
        t.ensure("logout from a session of ours", out.status == 204, out)
    bcrypt.sessions["db"] = login(side, bcrypt.email, bcrypt.password, "db").json()["access_token"]


def mails(t, place: Deployment, side, found: Found) -> None:
    """The tokens that ours has sent work."""
    nina, olga = found.people["nina"], found.people["olga"]
    nina.password = "nina remembers"
    with place.only(t, "the reset token", changed={nina.row: {"hashed_password"}}):
        done = ask(side, "POST", "/auth/reset-password", json={"token": found.reset, "password": nina.password})
        t.ensure("the reset token of ours", done.status == 200, done)
        check_password(t, side, nina)
    olga.shown["is_verified"] = True
    with place.only(t, "the verification token", changed={olga.row: {"is_verified"}}):
        done = ask(side, "POST", "/auth/verify", json={"token": found.verify})
        t.ensure("the verification token of ours", done.json() == olga.shown, done)


def newcomers(t, place: Deployment, side, found: Found) -> None:
    """The indexes that ours has added are in no registration's way, and keep addresses apart."""
    person = found.people["paul"] = Person("Paul@back.example.com", "back again")
    with place.only(t, "a registration", added={"user": 1, "accesstoken": 1}):
        made = register(side, person, **NAMES)
        t.ensure("a registration", made.status == 201, made)
        open_sessions(side, person)
        check_sessions(t, side, person)
        check_password(t, side, person)
    with place.only(t, "taken addresses"):
        for email in ("NINA@new.example.com", "paul@back.example.com", "Zoe@example.com"):
            taken = ask(side, "POST", "/auth/register", json={"email": email, "password": "taken already"})
            t.ensure(f"{email} is taken", taken.json() == ALREADY, taken)
        for name, other in (("nina", "NINA@new.example.com"), ("paul", "PAUL@back.example.com"), ("zoe", "zoE@example.com")):
            stored = found.people[name].shown["email"]
            t.ensure(f"the database refuses {other}", not place.database.accepts_copy(stored, other))
        t.ensure("the database takes another address", place.database.accepts_copy("zoe@example.com", "zoe.2@example.com"))


def races(t, place: Deployment, side) -> None:
    """Addresses that differ in case, at the same time: the original alone would let several in."""
    emails = [f"{'R' if number & 1 else 'r'}a{'C' if number & 2 else 'c'}{'E' if number & 4 else 'e'}@back.example.com" for number in range(8)]

    def send(email):
        return ask(side, "POST", "/auth/register", json={"email": email, "password": "at the same time"}).status

    with place.only(t, "a race", added={"user": 1}), ThreadPoolExecutor(len(emails)) as pool:
        statuses = list(pool.map(send, emails))
        t.ensure("one of a race has registered", statuses.count(201) == 1, statuses)


def changes(t, place: Deployment, side, found: Found) -> None:
    """The original's own changes and deletions."""
    olga, admin = found.people["olga"], found.people["admin"].sessions["jwt"]
    with place.only(t, "a change", changed={olga.row: {"last_name"}}):
        olga.shown["last_name"] = "\u041d\u043e\u0432\u0430\u044f"
        changed = ask(side, "PATCH", "/users/me", json={"last_name": olga.shown["last_name"]}, bearer=olga.sessions["db"])
        t.ensure("a change", changed.json() == olga.shown, changed)
    with place.only(t, "a superuser's change", changed={olga.row: {"email", "hashed_password", "is_verified"}}):
        olga.email, olga.password = "Olga@new.example.com", "given to olga"
        body = {"email": olga.email, "password": olga.password}
        changed = ask(side, "PATCH", f"/users/{olga.shown['id']}", json=body, bearer=admin)
        olga.shown |= {"email": olga.email, "is_verified": False}
        t.ensure("a superuser's change", changed.json() == olga.shown, changed)
    locked = found.gone = found.people.pop("locked")
    gone = ask(side, "DELETE", f"/users/{locked.shown['id']}", bearer=admin)
    t.ensure("a deletion", gone.status == 204 and locked.row not in place.database.everything(), gone)
    check_sessions(t, side, locked, status=401)


def accounts(t, place: Deployment, side, found: Found) -> None:
    """Accounts elsewhere that ours has kept up to date, and the login that it began."""
    for sub, person in (("guest", found.guest), ("zoe's", found.people["zoe"])):
        answer = interop_oauth.login(side, code(sub=sub, email="again@elsewhere.example.com"))
        t.ensure(f"the account of {sub}", interop_oauth.whose(t, answer) == person.shown["id"], answer)
    given = code(sub="waiting", email="waiting@oauth.example.com")
    with place.only(t, "a login that ours began"):
        ended = interop_oauth.back(side, interop_oauth.PLAIN, given, found.flow)
        t.ensure("a login that ours began", ended.status == 200, ended)


def forward(t, place: Deployment, found: Found) -> None:
    """Ours once more, first as before, then on its own defaults: nobody is logged out."""
    for compat in ("on", "off"):
        with place.only(t, f"compatibility {compat}"), place.ours(USERS_COMPAT=compat) as side:
            for person in found.people.values():
                check_sessions(t, side, person)
            # On SQLite the original leaves the tokens of whom it deletes.
            check_sessions(t, side, found.gone, status=401)
            for name in ("bcrypt", "nina", "olga", "paul"):
                check_password(t, side, found.people[name])
