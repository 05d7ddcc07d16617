"""Both servers on one database, one Redis and one secret: what one writes the other reads."""

import bcrypt
from argon2 import PasswordHasher, Type

import client
import interop_oauth
from costs import CURRENT
from suite import PASSWORD, TOKEN, cookie_of

FORM = "application/x-www-form-urlencoded"


def ask(side, method, path, *, json=None, form=None, bearer=None, cookie=None):
    """One request to one side."""
    import json as codec
    from urllib.parse import urlencode

    headers, body = [], b""
    if json is not None:
        headers, body = [("Content-Type", "application/json")], codec.dumps(json).encode()
    if form is not None:
        headers, body = [("Content-Type", FORM)], urlencode(form).encode()
    if bearer:
        headers.append(("Authorization", f"Bearer {bearer}"))
    if cookie:
        headers.append(("Cookie", f"fastapiusersauth={cookie}"))
    return client.exchange(side.process.port, client.render(method, path, headers, body, f"127.0.0.1:{side.process.port}"), method)


def login(side, email, password=PASSWORD, backend="jwt"):
    return ask(side, "POST", f"/auth/{backend}/login", form={"username": email, "password": password})


def printed(side) -> str:
    """The token in the last line that a hook printed, for which it waits: it may be sent after the answer."""
    lines = side.lines_with_tokens(1, side.lines())
    return next((line.rpartition(TOKEN)[2] for line in reversed(lines) if TOKEN in line), "missing")


def run(t) -> None:
    for number, (writer, reader) in enumerate((t.sides, t.sides[::-1])):
        name = f"{writer.name} to {reader.name}"
        user = users(t, name, writer, reader, f"it{number}@interop.example.com")
        sessions(t, name, writer, reader, user)
        tokens(t, name, writer, reader, user)
        old_hashes(t, name, writer, reader, user["email"])
        changes(t, name, writer, reader, f"ch{number}@interop.example.com")
        interop_oauth.run(t, name, writer, reader, number)


def users(t, name, writer, reader, email) -> dict:
    """A row that one writes is read by the other."""
    made = ask(writer, "POST", "/auth/register", json={"email": email, "password": PASSWORD, "first_name": "\u00e9\U0001f600", "last_name": "x"})
    t.ensure(f"{name}: registered", made.status == 201, made)
    user = made.json()
    token = login(reader, email).json()["access_token"]
    seen = ask(reader, "GET", "/users/me", bearer=token)
    t.ensure(f"{name}: the same user", seen.json() == user, seen)
    t.ensure(f"{name}: login", login(reader, email.upper()).status == 200)
    t.ensure(f"{name}: wrong password", login(reader, email, "wrong").status == 400)
    taken = ask(reader, "POST", "/auth/register", json={"email": email.upper(), "password": PASSWORD})
    t.ensure(f"{name}: the address is taken", taken.json() == {"detail": "REGISTER_USER_ALREADY_EXISTS"}, taken)
    again = ask(writer, "POST", "/auth/register", json={"email": email, "password": PASSWORD})
    t.ensure(f"{name}: for the writer, too", again.json() == {"detail": "REGISTER_USER_ALREADY_EXISTS"}, again)
    rows = writer.database.rows("user", ["hashed_password"], email=email)
    t.ensure(f"{name}: the hash is of today and stays", len(rows) == 1 and rows[0][0].startswith(CURRENT) and len(rows[0][0]) == 97, rows)
    return user


def sessions(t, name, writer, reader, user) -> None:
    """Every kind of token is accepted, and logged out, by the other."""
    for backend in ("jwt", "db", "redis"):
        token = login(writer, user["email"], backend=backend).json()["access_token"]
        seen = ask(reader, "GET", "/users/me", bearer=token)
        t.ensure(f"{name}: {backend} token", seen.json() == user, seen)
        out = ask(reader, "POST", f"/auth/{backend}/logout", bearer=token)
        t.ensure(f"{name}: {backend} logout", out.status == 204, out)
        after = ask(writer, "GET", "/users/me", bearer=token)
        t.ensure(f"{name}: {backend} after logout", after.status == (200 if backend == "jwt" else 401), after)
    cookie = cookie_of(login(writer, user["email"], backend="cookie"))
    t.ensure(f"{name}: cookie", ask(reader, "GET", "/users/me", cookie=cookie).json() == user)
    t.ensure(f"{name}: cookie as a bearer", ask(reader, "GET", "/users/me", bearer=cookie).json() == user)
    t.ensure(f"{name}: cookie logout", "Max-Age=0" in (ask(reader, "POST", "/auth/cookie/logout", cookie=cookie).first("set-cookie") or ""))


def tokens(t, name, writer, reader, user) -> None:
    """Reset and verification tokens."""
    email = user["email"]
    for side in (writer, reader):
        side.lines()
    ask(writer, "POST", "/auth/request-verify-token", json={"email": email})
    token = printed(writer)
    done = ask(reader, "POST", "/auth/verify", json={"token": token})
    t.ensure(f"{name}: verification token", done.json() == user | {"is_verified": True}, done)
    used = ask(writer, "POST", "/auth/verify", json={"token": token})
    t.ensure(f"{name}: used verification token", used.json() == {"detail": "VERIFY_USER_ALREADY_VERIFIED"}, used)
    ask(writer, "POST", "/auth/forgot-password", json={"email": email})
    token = printed(writer)
    done = ask(reader, "POST", "/auth/reset-password", json={"token": token, "password": "another horse"})
    t.ensure(f"{name}: reset token", (done.status, done.body) == (200, b"null"), done)
    t.ensure(f"{name}: new password at the writer", login(writer, email, "another horse").status == 200)
    t.ensure(f"{name}: old password at the writer", login(writer, email).status == 400)
    for side in (writer, reader):
        used = ask(side, "POST", "/auth/reset-password", json={"token": token, "password": "third horse"})
        t.ensure(f"{name}: used reset token at {side.name}", used.json() == {"detail": "RESET_PASSWORD_BAD_TOKEN"}, used)


def old_hashes(t, name, writer, reader, email) -> None:
    """Old hashes are replaced by one, and the other reads what that made."""
    word = PASSWORD.encode()
    bcrypt_hash = bcrypt.hashpw(word, bcrypt.gensalt(4)).decode()
    small = {"time_cost": 1, "memory_cost": 1024, "parallelism": 1}
    hashes = {kind: f"${kind}$" + bcrypt_hash[4:] for kind in ("2a", "2b", "2y")}
    hashes |= {f"argon2{kind.name.lower()}": PasswordHasher(**small, type=kind).hash(word) for kind in (Type.I, Type.D, Type.ID)}
    for kind, stored in hashes.items():
        writer.database.change_user(email, hashed_password=stored)
        t.ensure(f"{name}: {kind} at {writer.name}", login(writer, email).status == 200)
        rows = writer.database.rows("user", ["hashed_password"], email=email)
        t.ensure(f"{name}: {kind} replaced", rows[0][0].startswith(CURRENT) and len(rows[0][0]) == 97, rows)
        t.ensure(f"{name}: {kind} replaced, read by {reader.name}", login(reader, email).status == 200)
        kept = writer.database.rows("user", ["hashed_password"], email=email)
        t.ensure(f"{name}: {kind} is not replaced twice", kept == rows, kept)


def changes(t, name, writer, reader, email) -> None:
    """Changes and deletions by one are seen by the other."""
    made = ask(writer, "POST", "/auth/register", json={"email": email, "password": PASSWORD}).json()
    token = login(writer, email).json()["access_token"]
    stored = login(writer, email, backend="db").json()["access_token"]
    changed = ask(reader, "PATCH", "/users/me", json={"first_name": "New", "password": "another horse"}, bearer=token)
    t.ensure(f"{name}: change", changed.json() == made | {"first_name": "New"}, changed)
    t.ensure(f"{name}: change seen", ask(writer, "GET", "/users/me", bearer=token).json() == made | {"first_name": "New"})
    t.ensure(f"{name}: password seen", login(writer, email, "another horse").status == 200)
    t.ensure(f"{name}: the stored session goes on", ask(reader, "GET", "/users/me", bearer=stored).status == 200)
    writer.database.change_user(email, is_superuser=True)
    t.ensure(f"{name}: flags set from outside", ask(reader, "GET", "/superuser-route", bearer=token).status == 200)
    off = ask(reader, "PATCH", f"/users/{made['id']}", json={"is_active": False}, bearer=token)
    t.ensure(f"{name}: deactivate", off.json() == made | {"first_name": "New", "is_active": False, "is_superuser": True}, off)
    t.ensure(f"{name}: deactivated", ask(writer, "GET", "/users/me", bearer=stored).status == 401)
    writer.database.change_user(email, is_active=True)
    t.ensure(f"{name}: delete", ask(reader, "DELETE", f"/users/{made['id']}", bearer=token).status == 204)
    t.ensure(f"{name}: deleted", ask(writer, "GET", "/users/me", bearer=token).status == 401)
    t.ensure(f"{name}: the session of a deleted user", ask(writer, "GET", "/users/me", bearer=stored).status == 401)
