"""Ours on the deployment of the original: everything that was handed out is good, and only what requests change is changed."""

import time

import interop_oauth
from deployment import Deployment, Person, check_password, check_sessions, me, open_sessions, register
from forge import ACCESS, sign
from costs import CURRENT
from interop import ask, login, printed
from provider import code
from takeover_found import NAMES, Found

ALREADY = {"detail": "REGISTER_USER_ALREADY_EXISTS"}


def run(t, place: Deployment, found: Found) -> None:
    """Ours takes over, serves, and is started once more."""
    before, layout = place.database.everything(), place.database.layout()
    with place.ours() as side:
        after = place.database.everything()
        t.ensure("the start changes no row", after == before, differing(before, after))
        added = place.database.layout() - layout
        t.ensure("the start changes no table", layout <= place.database.layout(), layout - place.database.layout())
        t.ensure("the start adds indexes alone", added and all(line.startswith(place.database.added) for line in added), added)
        sessions(t, place, side, found)
        mails(t, place, side, found)
        passwords(t, place, side, found)
        changes(t, place, side, found)
        administration(t, place, side, found)
        newcomers(t, place, side, found)
        accounts(t, place, side, found)
        leaving(t, place, side, found)
        mail_again(t, side, found)
    again(t, place, found)


def differing(before: dict, after: dict) -> list:
    """The rows that are not alike."""
    return [(row, before.get(row), after.get(row)) for row in before.keys() | after.keys() if before.get(row) != after.get(row)]


def sessions(t, place: Deployment, side, found: Found) -> None:
    """Every session goes on, but for those that had ended."""
    with place.only(t, "sessions"):
        for name, person in found.people.items():
            check_sessions(t, side, person, status=401 if name == "locked" else 200)
        check_sessions(t, side, found.guest, ["jwt"])
        t.ensure("a session that was ended", me(side, "db", found.ended).status == 401)
        claims = {"sub": found.people["zoe"].shown["id"], "aud": ACCESS, "exp": int(time.time()) - 1}
        t.ensure("a session that has expired", me(side, "jwt", sign(place.secret, claims)).status == 401)
    leaver = found.people["leaver"]
    ended = login(side, leaver.email, leaver.password, "db").json()["access_token"]
    for token, label in ((leaver.sessions["db"], "of the original"), (ended, "of ours")):
        with place.only(t, f"logout from a session {label}", removed={("accesstoken", token)}):
            out = ask(side, "POST", "/auth/db/logout", bearer=token)
            t.ensure(f"logout from a session {label}", out.status == 204, out)
            t.ensure(f"a session {label} has ended", me(side, "db", token).status == 401)
    leaver.sessions["db"] = login(side, leaver.email, leaver.password, "db").json()["access_token"]


def mails(t, place: Deployment, side, found: Found) -> None:
    """The tokens that the original has sent work, once."""
    forgetful, newcomer = found.people["forgetful"], found.people["newcomer"]
    old, forgetful.password = forgetful.password, "remembered"
    with place.only(t, "the reset token", changed={forgetful.row: {"hashed_password"}}):
        body = {"token": found.reset, "password": forgetful.password}
        done = ask(side, "POST", "/auth/reset-password", json=body)
        t.ensure("the reset token", (done.status, done.body) == (200, b"null"), done)
        used = ask(side, "POST", "/auth/reset-password", json=body)
        t.ensure("the used reset token", used.json() == {"detail": "RESET_PASSWORD_BAD_TOKEN"}, used)
        refused = login(side, forgetful.email, old)
        t.ensure("the forgotten password", refused.json() == {"detail": "LOGIN_BAD_CREDENTIALS"}, refused)
    newcomer.shown["is_verified"] = True
    with place.only(t, "the verification token", changed={newcomer.row: {"is_verified"}}):
        done = ask(side, "POST", "/auth/verify", json={"token": found.verify})
        t.ensure("the verification token", done.json() == newcomer.shown, done)
        used = ask(side, "POST", "/auth/verify", json={"token": found.verify})
        t.ensure("the used verification token", used.json() == {"detail": "VERIFY_USER_ALREADY_VERIFIED"}, used)


def passwords(t, place: Deployment, side, found: Found) -> None:
    """Every password is good; hashes of the past, and no others, are replaced at the first login."""
    for name, person in found.people.items():
        if name == "locked":
            continue
        is_old = name in ("bcrypt", "argon2")
        with place.only(t, f"login of {name}", changed={person.row: {"hashed_password"}} if is_old else {}):
            check_password(t, side, person)
        if is_old:
            stored = place.database.everything()[person.row]["hashed_password"]
            t.ensure(f"the hash of {name} is of today", stored.startswith(CURRENT), stored)
        with place.only(t, f"sessions of {name}", added={"accesstoken": 1}):
            earlier = dict(person.sessions)
            open_sessions(side, person)
            check_sessions(t, side, person)
        person.sessions |= {"earlier": earlier["db"]}
        t.ensure(f"the earlier session of {name} goes on", me(side, "db", earlier["db"]).status == 200)
    locked = found.people["locked"]
    refused = login(side, locked.email, locked.password)
    t.ensure("whoever is deactivated does not log in", refused.json() == {"detail": "LOGIN_BAD_CREDENTIALS"}, refused)


def changes(t, place: Deployment, side, found: Found) -> None:
    """What users change of themselves."""
    ada = found.people["ada"]
    bearer = ada.sessions["jwt"]
    with place.only(t, "a new name", changed={ada.row: {"first_name", "last_name"}}):
        ada.shown |= NAMES
        changed = ask(side, "PATCH", "/users/me", json=NAMES, bearer=bearer)
        t.ensure("a new name", changed.json() == ada.shown, changed)
    ada.password = "tables of numbers \u221e"
    with place.only(t, "a new password", changed={ada.row: {"hashed_password"}}):
        changed = ask(side, "PATCH", "/users/me", json={"password": ada.password}, bearer=bearer)
        t.ensure("a new password", changed.json() == ada.shown, changed)
        check_password(t, side, ada)
    kathe = found.people["kathe"]
    with place.only(t, "a new address", changed={kathe.row: {"email"}}):
        kathe.email = "Kathe@b\u00fccher.example.com"
        changed = ask(side, "PATCH", "/users/me", json={"email": kathe.email}, bearer=kathe.sessions["jwt"])
        kathe.shown["email"] = kathe.email
        t.ensure("a new address", changed.json() == kathe.shown, changed)
        taken = ask(side, "PATCH", "/users/me", json={"email": "ZOE@example.com"}, bearer=kathe.sessions["jwt"])
        t.ensure("somebody else's address", taken.json() == {"detail": "UPDATE_USER_EMAIL_ALREADY_EXISTS"}, taken)


def administration(t, place: Deployment, side, found: Found) -> None:
    """The superuser of the original is one here."""
    admin, locked = found.people["admin"].sessions["db"], found.people["locked"]
    with place.only(t, "looking at everybody"):
        for name, person in found.people.items():
            seen = ask(side, "GET", f"/users/{person.shown['id']}", bearer=admin)
            t.ensure(f"the superuser sees {name}", seen.json() == person.shown, seen)
        seen = ask(side, "GET", f"/users/{locked.shown['id']}", bearer=found.people["zoe"].sessions["db"])
        t.ensure("nobody else sees others", seen.status == 403, seen)
    with place.only(t, "unlocking", changed={locked.row: {"is_active"}}):
        locked.shown["is_active"] = True
        changed = ask(side, "PATCH", f"/users/{locked.shown['id']}", json={"is_active": True}, bearer=admin)
        t.ensure("the superuser unlocks", changed.json() == locked.shown, changed)
        check_sessions(t, side, locked)
        check_password(t, side, locked)


def newcomers(t, place: Deployment, side, found: Found) -> None:
    """New users beside the old ones."""
    for name, email in (("nina", "Nina@new.example.com"), ("olga", "\u043e\u043b\u044c\u0433\u0430@new.example.com")):
        person = found.people[name] = Person(email, f"{name} is new")
        with place.only(t, f"registration of {name}", added={"user": 1}):
            made = register(side, person, **NAMES)
            t.ensure(f"{name} has registered", made.status == 201 and made.json() == person.shown | {"email": email} | NAMES, made)
            check_password(t, side, person)
        with place.only(t, f"sessions of {name}", added={"accesstoken": 1}):
            open_sessions(side, person)
            check_sessions(t, side, person)
    with place.only(t, "taken addresses"):
        for email in ("zoe@example.com", "ADA.lovelace@EXAMPLE.com", "nINA@new.example.com", "guest@OAUTH.example.com"):
            taken = ask(side, "POST", "/auth/register", json={"email": email, "password": "taken already"})
            t.ensure(f"{email} is taken", taken.json() == ALREADY, taken)


def accounts(t, place: Deployment, side, found: Found) -> None:
    """Accounts elsewhere lead to the users whom they led to, and a login that the original began is ended."""
    everything = place.database.everything().items()
    links = {values["account_id"]: row for row, values in everything if row[0] == "oauth_account"}
    owners = ("guest", found.guest), ("zoe's", found.people["zoe"]), ("leaver's", found.people["leaver"])
    for sub, person in owners:
        given = code(sub=sub, email="moved@elsewhere.example.com", token={"refresh_token": "r"})
        wanted = {links[sub]: {"account_email", "access_token", "refresh_token"}}
        with place.only(t, f"login as {sub}", changed=wanted):
            answer = interop_oauth.login(side, given)
            t.ensure(f"the account of {sub}", interop_oauth.whose(t, answer) == person.shown["id"], answer)
    given = code(sub="waiting", email="waiting@oauth.example.com")
    with place.only(t, "a login that the original began", added={"user": 1, "oauth_account": 1}):
        ended = interop_oauth.back(side, interop_oauth.PLAIN, given, found.flow)
        t.ensure("a login that the original began", ended.status == 200, ended)
    found.flow = interop_oauth.begin(side, interop_oauth.PLAIN)


def leaving(t, place: Deployment, side, found: Found) -> None:
    """A user who is deleted takes along tokens and links."""
    admin, leaver = found.people["admin"].sessions["jwt"], found.people.pop("leaver")
    rows = place.rows_of(leaver)
    tables = {table for table, _ in rows}
    t.ensure("there are tokens and a link to go", tables == {"user", "accesstoken", "oauth_account"}, rows)
    with place.only(t, "a deletion", removed=rows):
        gone = ask(side, "DELETE", f"/users/{leaver.shown['id']}", bearer=admin)
        t.ensure("the superuser deletes", gone.status == 204, gone)
        check_sessions(t, side, leaver, status=401)


def mail_again(t, side, found: Found) -> None:
    """Tokens that the original will be shown."""
    side.lines()
    ask(side, "POST", "/auth/forgot-password", json={"email": found.people["nina"].email})
    found.reset = printed(side)
    ask(side, "POST", "/auth/request-verify-token", json={"email": found.people["olga"].email})
    found.verify = printed(side)
    t.ensure("two tokens were sent", "missing" not in (found.reset, found.verify), found)
    found.ended = login(side, "zoe@example.com", found.people["zoe"].password, "db").json()["access_token"]
    out = ask(side, "POST", "/auth/db/logout", bearer=found.ended)
    t.ensure("a session has ended", out.status == 204, out)


def again(t, place: Deployment, found: Found) -> None:
    """A second start has nothing to do."""
    layout = place.database.layout()
    with place.only(t, "a second start"), place.ours() as side:
        t.ensure("a second start changes no table", place.database.layout() == layout)
        for person in found.people.values():
            check_sessions(t, side, person)
