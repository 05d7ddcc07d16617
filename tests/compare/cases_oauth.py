"""OAuth: wire contract 40 to 45. The provider is scripted by the codes that it is given."""

import base64
import hashlib
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import jwt
from forge import later, sign
from provider import code
from suite import PASSWORD, Differs

STATE = "fastapi-users:oauth-state"
PLAIN, STRICT = ("/auth/oidc", "fastapiusersoauthcsrf"), ("/strict/auth/oidc", "strictcsrf")
LINK, STRICT_LINK = ("/auth/associate/oidc", "fastapiusersoauthcsrf"), ("/strict/auth/associate/oidc", "strictcsrf")
DECODE = {"detail": "ACCESS_TOKEN_DECODE_ERROR"}


def run(t) -> None:
    authorize(t)
    parameters(t)
    exchanges(t)
    callbacks(t)
    states(t)
    accounts(t)
    strict(t)
    linking(t)
    strict_linking(t)


def begin(t, router, keep="flow", bearer=None) -> None:
    """Begins a flow and keeps its state and the cookie."""
    result = t.send("GET", f"{router[0]}/authorize", bearer=bearer)
    for side, response in zip(t.sides, result.responses):
        url = (response.json() or {}).get("authorization_url", "?")
        side.variables[f"{keep}.state"] = parse_qs(urlsplit(url).query).get("state", ["missing"])[0]
        side.variables[f"{keep}.csrf"] = (response.first("set-cookie") or "=;").split(";")[0].partition("=")[2] or "missing"


def back(t, label, router, given, *, state="<<flow.state>>", csrf="<<flow.csrf>>", bearer=None, ours=None, **more):
    """Comes back from the provider."""
    query = {"code": given, "state": state} | more
    query = {name: value for name, value in query.items() if value is not None}
    headers = [("Cookie", f"{router[1]}={csrf}")] if csrf is not None else []
    path = f"{router[0]}/callback" + ("?" + urlencode(query, safe="<>") if query else "")
    return t.call(label, "GET", path, headers=headers, bearer=bearer, ours=ours)


def authorize(t) -> None:
    t.user("amy", login=["jwt", "cookie"])
    for prefix, _ in (PLAIN, STRICT, LINK, STRICT_LINK):
        for query in ("", "?scopes=a", "?scopes=a&scopes=b%20c", "?scopes=", "?scopes=openid+email&x=y", "?scopes=%C3%A9", "?scopes"):
            t.call(f"{prefix}/authorize{query}", "GET", f"{prefix}/authorize{query}", bearer="<<amy.jwt>>")
        t.call(f"{prefix}/authorize with nothing", "GET", f"{prefix}/authorize")
        t.call(f"{prefix}/authorize with a cookie", "GET", f"{prefix}/authorize", cookie="<<amy.cookie>>")
        t.call(f"{prefix}/authorize at another host", "GET", f"{prefix}/authorize", headers=[("Host", "example.org:81")], bearer="<<amy.jwt>>")
        for method in ("POST", "HEAD", "DELETE"):
            t.call(f"{method} {prefix}/authorize", method, f"{prefix}/authorize")
            t.call(f"{method} {prefix}/callback", method, f"{prefix}/callback")
    t.flags("amy", is_verified=True)
    t.call("strict associate for a verified user", "GET", "/strict/auth/associate/oidc/authorize", bearer="<<amy.jwt>>")
    t.flags("amy", is_active=False)
    t.call("associate for an inactive user", "GET", "/auth/associate/oidc/authorize", bearer="<<amy.jwt>>")


def parameters(t) -> None:
    """Parameter by parameter: a login that began at one server can end at the other only if both ask for the same."""
    t.user("pat", login=["jwt"])
    names = ["response_type", "client_id", "redirect_uri", "state", "scope"]
    for prefix, cookie_name in (PLAIN, STRICT, LINK, STRICT_LINK):
        t.flags("pat", is_verified=True)
        result = t.send("GET", f"{prefix}/authorize?scopes=openid&scopes=x", bearer="<<pat.jwt>>")
        pages, found, claims = [], [], []
        for side, response in zip(t.sides, result.responses):
            page, _, query = (response.json() or {}).get("authorization_url", "?").partition("?")
            given = parse_qsl(query, keep_blank_values=True)
            pages.append(page)
            found.append([(name, side.normaliser.text(value)) for name, value in given])
            claims.append(sorted(jwt.decode(dict(given).get("state", ""), t.secret, ["HS256"], audience=STATE)))
            cookie, _, value = (response.first("set-cookie") or "").split(";")[0].partition("=")
            t.ensure(f"{prefix}: 43 characters in the cookie of {side.name}", (cookie, len(value)) == (cookie_name, 43), (cookie, value))
            t.ensure(f"{prefix}: parameters of {side.name}", [name for name, _ in given] == names, given)
        t.same(f"{prefix}: the page", pages)
        t.same(f"{prefix}: the parameters", found)
        t.same(f"{prefix}: the claims of the state", claims)


def exchanges(t) -> None:
    """What the provider is sent for a code."""
    for label, given in (("a code", code(sub="x1", email="x1@oauth.example.com")), ("another", code(sub="x1", email="x1@oauth.example.com"))):
        begin(t, PLAIN)
        t.provider.asked.clear()
        back(t, f"exchange of {label}", PLAIN, given)
        sent = []
        for side in t.sides:
            own = [form for path, form, _ in t.provider.asked if f":{side.process.port}/" in form.get("redirect_uri", [""])[0]]
            sent.append([{name: side.normaliser.value(values) for name, values in sorted(form.items())} for form in own])
        t.ensure(f"{label} is exchanged once at each", [len(forms) for forms in sent] == [1, 1], sent)
        t.same(f"what {label} is exchanged with", sent)
    # A front end may have added a challenge of its own to the URL: its verifier is passed on.
    verifier = "v" * 43
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    begin(t, PLAIN)
    bound = code(sub="x1", email="x1@oauth.example.com", challenge=challenge)
    back(t, "a front end's verifier", PLAIN, bound, code_verifier=verifier)
    for label, given in (("another", "w" * 43), ("an empty", ""), ("no", None)):
        back(t, f"{label} verifier", PLAIN, bound, ours=Differs(500, 400), code_verifier=given)
    back(t, "a verifier that was not asked for", PLAIN, code(sub="x1", email="x1@oauth.example.com"), ours=Differs(500, 400), code_verifier=verifier)


def callbacks(t) -> None:
    begin(t, PLAIN)
    good = code(sub="1", email="one@oauth.example.com")
    back(t, "neither code nor error", PLAIN, None)
    back(t, "neither code nor error nor state", PLAIN, None, state=None, csrf=None)
    back(t, "an error", PLAIN, None, error="access_denied")
    back(t, "an error next to a code", PLAIN, good, error="access_denied")
    back(t, "an empty error", PLAIN, good, error="")
    # No angle brackets: hyper refuses request targets with characters that RFC 3986 forbids.
    back(t, "an error with letters", PLAIN, None, error="\u00e9 b&x")
    broken = Differs(500, 400)
    for fail in ("token", "profile", "garbage"):
        back(t, f"the provider fails: {fail}", PLAIN, code(sub="9", fail=fail), ours=broken)
    back(t, "no such code", PLAIN, "nonsense", ours=broken)
    back(t, "an empty code", PLAIN, "", ours=broken)
    back(t, "no such code and no state", PLAIN, "nonsense", state=None, ours=Differs(500, 400, DECODE, []))
    back(t, "a profile without an id", PLAIN, code(email="x@oauth.example.com"), ours=broken)
    back(t, "no e-mail", PLAIN, code(sub="noemail"))
    back(t, "e-mail null", PLAIN, code(sub="noemail", email=None))


def states(t) -> None:
    begin(t, PLAIN)
    given = code(sub="states", email="states@oauth.example.com")
    back(t, "no state", PLAIN, given, state=None)
    back(t, "empty state", PLAIN, given, state="")
    back(t, "nonsense", PLAIN, given, state="a.b.c")
    back(t, "no cookie", PLAIN, given, csrf=None)
    back(t, "another cookie", PLAIN, given, csrf="x")
    back(t, "empty cookie", PLAIN, given, csrf="")
    back(t, "the strict cookie", (PLAIN[0], STRICT[1]), given)
    refused = Differs(500, 400, DECODE, [])
    drop = object()
    for label, (change, header, ours) in {
        "another secret": ({}, {"secret": "y" * 40}, None), "expired": ({"exp": later(-1)}, {}, None), "wrong audience": ({"aud": "x"}, {}, refused), "no audience": ({"aud": drop}, {}, refused),
        "alg none": ({}, {"algorithm": "none"}, refused), "HS512": ({}, {"algorithm": "HS512"}, refused), "not before later": ({"nbf": later(3000)}, {}, refused),
        "issued later": ({"iat": later(3000)}, {}, refused), "no token": ({"csrftoken": drop}, {}, None), "empty token": ({"csrftoken": ""}, {}, None), "token of another": ({"csrftoken": "x"}, {}, None),
    }.items():  # fmt: skip

        def make(values, c=change, h=header):
            claims = {"csrftoken": values["flow.csrf"], "aud": STATE, "exp": later()} | c
            return sign(h.get("secret", t.secret), {key: value for key, value in claims.items() if value is not drop}, algorithm=h.get("algorithm", "HS256"))

        t.put("forged", make)
        back(t, f"state: {label}", PLAIN, given, state="<<forged>>", ours=ours)
    t.put("forged", lambda values: sign(t.secret, {"csrftoken": values["flow.csrf"], "aud": STATE, "exp": later(-1)}))
    back(t, "expired, and no cookie", PLAIN, given, state="<<forged>>", csrf=None)
    back(t, "the good one after all", PLAIN, given)
    back(t, "the same state again", PLAIN, given)


def accounts(t) -> None:
    begin(t, PLAIN)
    row = "oauth_account", "oauth_name", "access_token", "expires_at", "refresh_token", "account_id", "account_email"
    back(t, "a new user", PLAIN, code(sub="new", email="New.User@OAUTH.example.com"))
    t.same("the row", t.rows(*row, account_id="new"))
    back(t, "known by the account", PLAIN, code(sub="new", email="elsewhere@oauth.example.com", token={"refresh_token": "r"}))
    t.same("the row follows", t.rows(*row, account_id="new"))
    t.same("the user does not", t.rows("user", "email", "is_active", "is_superuser", "is_verified", email="New.User@OAUTH.example.com"))
    back(t, "known, without an e-mail", PLAIN, code(sub="new"))
    back(t, "an account id that is a number", PLAIN, code(sub=12345, email="number@oauth.example.com"))
    t.same("is text", t.rows(*row, account_id="12345"))
    t.user("here", email="here@oauth.example.com")
    back(t, "an address that is taken", PLAIN, code(sub="taken", email="here@oauth.example.com"))
    back(t, "an address that is taken, in capitals", PLAIN, code(sub="taken", email="HERE@oauth.example.com"))
    t.change("user", {"email": "New.User@OAUTH.example.com"}, is_active=False)
    back(t, "an inactive user", PLAIN, code(sub="new", email="x@oauth.example.com"))
    t.user("boss", login=["jwt"], is_superuser=True)
    begin(t, PLAIN)
    back(t, "for deletion", PLAIN, code(sub="gone", email="gone@oauth.example.com"))
    for side in t.sides:
        side.variables["gone.id"] = str(side.database.rows("user", ["id"], email="gone@oauth.example.com")[0][0])
    # Documents hold the accounts; rows of accounts stop the original.
    ours = None if t.database == "mongodb" else Differs(500, 204)
    t.call("deletion of a user with accounts", "DELETE", "/users/<<gone.id>>", bearer="<<boss.jwt>>", ours=ours)
    left = t.sides[1].database.rows("oauth_account", ["id"], account_id="gone")
    t.ours_only("takes the accounts along", left == [], left)


def strict(t) -> None:
    begin(t, STRICT)
    back(t, "strict: a new user is verified", STRICT, code(sub="s1", email="s1@oauth.example.com"))
    t.same("stored so", t.rows("user", "is_verified", email="s1@oauth.example.com"))
    t.user("joe", email="joe@oauth.example.com")
    back(t, "strict: linked by the address", STRICT, code(sub="s2", email="JOE@oauth.example.com"))
    t.same("not verified by that", t.rows("user", "is_verified", email="joe@oauth.example.com"))
    back(t, "strict: known now", STRICT, code(sub="s2", email="other@oauth.example.com"))
    t.user("off", email="off@oauth.example.com", is_active=False)
    back(t, "strict: an inactive user", STRICT, code(sub="s3", email="off@oauth.example.com"))
    t.same("linked all the same", [len(found) for found in t.rows("oauth_account", "id", account_id="s3")])
    back(t, "strict: the plain cookie", (STRICT[0], PLAIN[1]), code(sub="s4", email="s4@oauth.example.com"))


def linking(t) -> None:
    t.user("ann", email="ann@oauth.example.com", login=["jwt"])
    t.user("bob", email="bob@oauth.example.com", login=["jwt"])
    mine = "<<ann.jwt>>"
    begin(t, LINK, bearer=mine)
    back(t, "link: nobody, with nothing", LINK, None, state=None, csrf=None)
    back(t, "link: nobody", LINK, code(sub="l1", email="l1@oauth.example.com"))
    back(t, "link: neither code nor error", LINK, None, bearer=mine)
    back(t, "link: an error", LINK, None, error="denied", bearer=mine)
    back(t, "link: the state of another user", LINK, code(sub="l1", email="l1@oauth.example.com"), bearer="<<bob.jwt>>")
    back(t, "link: no cookie", LINK, code(sub="l1", email="l1@oauth.example.com"), csrf=None, bearer=mine)
    back(t, "link: nonsense", LINK, code(sub="l1", email="l1@oauth.example.com"), state="x", bearer=mine)
    back(t, "link: no e-mail", LINK, code(sub="l1"), bearer=mine)
    back(t, "link: the provider fails", LINK, code(sub="l1", fail="token"), bearer=mine, ours=Differs(500, 400))
    back(t, "link", LINK, code(sub="l1", email="l1@oauth.example.com"), bearer=mine)
    back(t, "link another", LINK, code(sub="l2", email="bob@oauth.example.com"), bearer=mine)
    t.put("forged", lambda v: sign(t.secret, {"sub": v["ann.id"], "csrftoken": v["flow.csrf"], "aud": STATE, "exp": later(-1)}))
    back(t, "link: expired", LINK, code(sub="l3", email="l3@oauth.example.com"), state="<<forged>>", bearer=mine)
    begin(t, PLAIN, "login")
    back(t, "login through the linked account", PLAIN, code(sub="l1", email="x@oauth.example.com"), state="<<login.state>>", csrf="<<login.csrf>>")
    begin(t, LINK, "bobs", bearer="<<bob.jwt>>")
    stolen = code(sub="l1", email="l1@oauth.example.com")
    back(t, "link: an account that another user has", LINK, stolen, state="<<bobs.state>>", csrf="<<bobs.csrf>>", bearer="<<bob.jwt>>", ours=Differs(200, 400))
    t.call("the password still works", "POST", "/auth/jwt/login", form={"username": "ann@oauth.example.com", "password": PASSWORD})


def strict_linking(t) -> None:
    t.user("vic", email="vic@oauth.example.com", login=["jwt"], is_verified=True)
    begin(t, STRICT_LINK, bearer="<<vic.jwt>>")
    given = code(sub="sl1", email="sl1@oauth.example.com")
    t.flags("vic", is_verified=False)
    back(t, "strict link: not verified", STRICT_LINK, given, bearer="<<vic.jwt>>")
    t.flags("vic", is_verified=True)
    back(t, "strict link: the plain cookie", (STRICT_LINK[0], PLAIN[1]), given, bearer="<<vic.jwt>>")
    back(t, "strict link", STRICT_LINK, given, bearer="<<vic.jwt>>")
    back(t, "strict link: nobody", STRICT_LINK, given)
