"""OAuth on one database and one secret: accounts, states and links that one server made are taken up by the other."""

import time
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt

import client
from provider import asked_with, code
from suite import PASSWORD

PLAIN, STRICT = ("/auth/oidc", "fastapiusersoauthcsrf"), ("/strict/auth/oidc", "strictcsrf")
LINK = ("/auth/associate/oidc", "fastapiusersoauthcsrf")
ROW = "oauth_name", "account_email", "access_token", "refresh_token"


def get(side, path, *, bearer=None, cookie=None):
    """One request to one side."""
    headers = [("Authorization", f"Bearer {bearer}")] if bearer else []
    headers += [("Cookie", cookie)] if cookie else []
    return client.exchange(side.process.port, client.render("GET", path, headers, b"", f"127.0.0.1:{side.process.port}"))


def begin(side, router, bearer=None) -> tuple[str, str, str | None]:
    """Begins a flow; its state, the value of its cookie, and the challenge that the provider would hold the exchange against."""
    answer = get(side, f"{router[0]}/authorize", bearer=bearer)
    url = (answer.json() or {}).get("authorization_url", "?")
    cookie = (answer.first("set-cookie") or "=;").split(";")[0].partition("=")[2]
    query = parse_qs(urlsplit(url).query)
    return query.get("state", ["missing"])[0], cookie, query.get("code_challenge", [None])[0]


def back(side, router, given, flow, bearer=None):
    """Comes back from the provider to one side with the flow that any side began."""
    state, csrf, challenge = flow
    path = f"{router[0]}/callback?{urlencode({'code': asked_with(given, challenge), 'state': state})}"
    return get(side, path, bearer=bearer, cookie=f"{router[1]}={csrf}")


def login(side, given):
    """A whole login at one side."""
    return back(side, PLAIN, given, begin(side, PLAIN))


def whose(t, answer) -> str:
    """The user whom the token of an answer is for."""
    token = (answer.json() or {}).get("access_token")
    return jwt.decode(token, t.secret, ["HS256"], audience="fastapi-users:auth")["sub"] if token else f"nobody: {answer}"


def run(t, name, writer, reader, number) -> None:
    accounts(t, name, writer, reader, f"it{number}")
    passwords(t, name, writer, reader, f"it{number}")
    states(t, name, writer, reader, f"it{number}")
    links(t, name, writer, reader, f"link{number}")
    strict(t, name, writer, reader, f"strict{number}")


def accounts(t, name, writer, reader, sub) -> None:
    """A user and an account that one made are found and kept up to date by the other."""
    email = f"{sub}@oauth.interop.example.com"
    given = code(sub=sub, email=email, token={"expires_in": 3600, "refresh_token": "r"})
    made = login(writer, given)
    user = whose(t, made)
    t.ensure(f"{name}: a new user by OAuth", made.status == 200, made)
    stored = writer.database
    rows = stored.rows("oauth_account", ROW, account_id=sub)
    t.ensure(f"{name}: the account", rows == [("oidc", email, given, "r")], rows)
    expiry = stored.rows("oauth_account", ["expires_at"], account_id=sub)
    t.ensure(f"{name}: its expiry", 3000 < expiry[0][0] - time.time() <= 3601, expiry)
    seen = get(reader, "/users/me", bearer=made.json()["access_token"])
    t.ensure(f"{name}: a token by OAuth", seen.json()["id"] == user and seen.json()["email"] == email, seen)
    key = stored.rows("oauth_account", ["id", "user_id"], account_id=sub)
    t.ensure(f"{name}: its user", str(key[0][1]) == user, key)
    # By the one that did not make it, by the one that did, and with a user's own address that stays.
    for side, moved in ((reader, "moved"), (writer, "back"), (reader, "again")):
        given = code(sub=sub, email=f"{moved}.{email}", token={"refresh_token": moved} if side is writer else {})
        found = login(side, given)
        t.ensure(f"{name}: {moved}: the same user", whose(t, found) == user, found)
        rows = stored.rows("oauth_account", ROW, account_id=sub)
        wanted = [("oidc", f"{moved}.{email}", given, moved if side is writer else None)]
        t.ensure(f"{name}: {moved}: the account follows", rows == wanted, rows)
        t.ensure(f"{name}: {moved}: the row is the same", stored.rows("oauth_account", ["id", "user_id"], account_id=sub) == key)
    same = [other for (other,) in stored.rows("user", ["email"]) if other.endswith(email)]
    t.ensure(f"{name}: no second user", same == [email], same)


def passwords(t, name, writer, reader, sub) -> None:
    """The hash of a user who has no password is one that the other reads; an address is taken for both."""
    email = f"{sub}@oauth.interop.example.com"
    for side in (reader, writer):
        headers = [("Content-Type", "application/x-www-form-urlencoded")]
        body = urlencode({"username": email, "password": PASSWORD}).encode()
        request = client.render("POST", "/auth/jwt/login", headers, body, f"127.0.0.1:{side.process.port}")
        refused = client.exchange(side.process.port, request)
        t.ensure(f"{name}: no password at {side.name}", refused.json() == {"detail": "LOGIN_BAD_CREDENTIALS"}, refused)
        taken = login(side, code(sub=f"other.{sub}", email=email.upper()))
        t.ensure(f"{name}: taken at {side.name}", taken.json() == {"detail": "OAUTH_USER_ALREADY_EXISTS"}, taken)


def states(t, name, writer, reader, sub) -> None:
    """A flow that one began is ended by the other."""
    email = f"{sub}@oauth.interop.example.com"
    user = whose(t, login(writer, code(sub=sub, email=email)))
    flow = begin(writer, PLAIN)
    bad = back(reader, PLAIN, code(sub=sub, email=email), (flow[0], begin(writer, PLAIN)[1], flow[2]))
    t.ensure(f"{name}: the cookie of another flow", bad.json() == {"detail": "OAUTH_INVALID_STATE"}, bad)
    ended = back(reader, PLAIN, code(sub=sub, email=email), flow)
    t.ensure(f"{name}: a state", whose(t, ended) == user, ended)
    fresh = back(reader, PLAIN, code(sub=f"state.{sub}", email=f"state.{email}"), begin(writer, PLAIN))
    t.ensure(f"{name}: a state for a new user", fresh.status == 200, fresh)
    again = login(writer, code(sub=f"state.{sub}", email=f"state.{email}"))
    t.ensure(f"{name}: whom the writer knows", whose(t, again) == whose(t, fresh), again)


def links(t, name, writer, reader, sub) -> None:
    """An account that is linked across both servers leads to the user at each."""
    first = login(writer, code(sub=sub, email=f"{sub}@oauth.interop.example.com"))
    bearer, user = first.json()["access_token"], whose(t, first)
    work = code(sub=f"work.{sub}", email=f"work.{sub}@oauth.interop.example.com")
    linked = back(reader, LINK, work, begin(writer, LINK, bearer), bearer)
    t.ensure(f"{name}: a link", linked.status == 200 and linked.json()["id"] == user, linked)
    for side in (writer, reader):
        found = login(side, work)
        t.ensure(f"{name}: login by the link at {side.name}", whose(t, found) == user, found)
    other = login(writer, code(sub=f"other.{sub}", email=f"other.{sub}@oauth.interop.example.com")).json()["access_token"]
    stolen = back(reader, LINK, work, begin(writer, LINK, bearer), other)
    t.ensure(f"{name}: the state of another user", stolen.status == 400, stolen)


def strict(t, name, writer, reader, sub) -> None:
    """Linking by the address, with a cookie for a session."""
    email = f"{sub}@oauth.interop.example.com"
    user = whose(t, login(writer, code(sub=sub, email=email)))
    linked = back(reader, STRICT, code(sub=f"second.{sub}", email=email.upper()), begin(writer, STRICT))
    session = next((value for value in linked.all("set-cookie") if value.startswith("fastapiusersauth=")), "missing")
    seen = get(writer, "/users/me", cookie=session.split(";")[0])
    t.ensure(f"{name}: linked by the address", seen.status == 200 and seen.json()["id"] == user, (linked, seen))
    found = login(writer, code(sub=f"second.{sub}", email=email))
    t.ensure(f"{name}: and known by the account", whose(t, found) == user, found)
