"""Forgotten passwords and verification: wire contract 24, 25, 27, 37 to 39."""

from argon2 import PasswordHasher

from forge import later, sign
from suite import PASSWORD, Differs

RESET = "fastapi-users:reset"
VERIFY = "fastapi-users:verify"


def run(t) -> None:
    t.user("boss", login=["jwt"], is_superuser=True)
    asking(t)
    resetting(t)
    fingerprints(t)
    forged_resets(t)
    verifying(t)
    forged_verifications(t)


def ask(t, name, path="/auth/forgot-password", keep="token", label=None):
    """Asks for a token and keeps it."""
    result = t.call(label or f"{path} for {name}", "POST", path, json={"email": f"<<{name}.email>>"})
    t.take_token(keep, result)


def reset(t, label, token="<<token>>", password="another horse"):
    t.call(label, "POST", "/auth/reset-password", json={"token": token, "password": password})


def verify(t, label, token="<<token>>"):
    t.call(label, "POST", "/auth/verify", json={"token": token})


def login(t, label, name, password):
    t.call(label, "POST", "/auth/jwt/login", form={"username": f"<<{name}.email>>", "password": password})


def asking(t) -> None:
    t.user("known")
    t.user("off", is_active=False)
    t.user("sure", is_verified=True)
    for path in ("/auth/forgot-password", "/auth/request-verify-token"):
        for name in ("known", "off", "sure"):
            ask(t, name, path)
        for email in ("nobody@reset-verify.example.com", "KNOWN@reset-verify.EXAMPLE.com", "K <known@reset-verify.example.com>"):
            t.call(f"{path} for {email}", "POST", path, json={"email": email, "more": 1})
        t.call(f"{path} with a session", "POST", path, json={"email": "<<off.email>>"}, bearer="<<boss.jwt>>")


def resetting(t) -> None:
    t.user("ray", login=["jwt", "cookie", "db", "redis"])
    ask(t, "ray")
    reset(t, "password too short", password="ab")
    reset(t, "password with the address", password="x <<ray.email>> x")
    reset(t, "empty password", password="")
    reset(t, "the token is still good")
    login(t, "the new password", "ray", "another horse")
    login(t, "the old password", "ray", PASSWORD)
    reset(t, "a used token")
    reset(t, "a used token with a short password", password="ab")
    for kind in ("jwt", "db", "redis"):
        t.call(f"{kind} goes on", "GET", "/users/me", bearer=f"<<ray.{kind}>>")
    t.call("the cookie goes on", "GET", "/users/me", cookie="<<ray.cookie>>")
    for token in ("", "x", "a.b.c", "<<ray.jwt>>", "<<ray.db>>", "\u00e9", "null"):
        reset(t, f"token {token!r}", token)
        verify(t, f"verify token {token!r}", token)
    ask(t, "ray")
    t.flags("ray", is_active=False)
    reset(t, "inactive")
    reset(t, "inactive and short", password="ab")
    t.flags("ray", is_active=True)
    reset(t, "active again")
    ask(t, "ray", "/auth/request-verify-token")
    reset(t, "a verification token")
    ask(t, "ray")
    verify(t, "a reset token")
    t.call("a reset token as access", "GET", "/users/me", bearer="<<token>>")


def fingerprints(t) -> None:
    t.user("flo", login=["jwt"])
    ask(t, "flo", keep="first")
    ask(t, "flo", keep="second")
    reset(t, "one of two open tokens", "<<second>>")
    reset(t, "spoils the other", "<<first>>")
    ask(t, "flo")
    t.call("set the same password again", "PATCH", "/users/me", json={"password": "another horse"}, bearer="<<flo.jwt>>")
    reset(t, "a token from before")
    ask(t, "flo")
    t.call("change the address", "PATCH", "/users/me", json={"email": "flo2@reset-verify.example.com"}, bearer="<<flo.jwt>>")
    reset(t, "survives a new address", password="third horse")
    t.put("flo.email", lambda values: "flo2@reset-verify.example.com")
    login(t, "third horse", "flo", "third horse")
    t.change("user", {"email": "<<flo.email>>"}, hashed_password=PasswordHasher(1, 1024, 1).hash(PASSWORD))
    ask(t, "flo")
    login(t, "a login that hashes anew", "flo", PASSWORD)
    reset(t, "dies with the new hash")
    ask(t, "flo")
    login(t, "a login that does not", "flo", PASSWORD)
    reset(t, "lives on", password="last horse")
    ask(t, "flo")
    t.call("delete", "DELETE", "/users/<<flo.id>>", bearer="<<boss.jwt>>")
    reset(t, "a user who is gone")


def forged_resets(t) -> None:
    t.user("fin")
    # The fingerprint is a hash of the stored hash, with any parameters.
    hasher = PasswordHasher(1, 1024, 1)
    for values, rows in zip((side.variables for side in t.sides), t.rows("user", "hashed_password", email="<<fin.email>>")):
        values["fin.print"], values["fin.hash"] = hasher.hash(rows[0][0]), rows[0][0]
    drop = object()
    for label, change in {
        "as issued": {}, "wrong audience": {"aud": "x"}, "access audience": {"aud": "fastapi-users:auth"}, "audience list": {"aud": [RESET]}, "no audience": {"aud": drop},
        "expired": {"exp": later(-1)}, "no expiry": {"exp": drop}, "expiry as text": {"exp": str(later())}, "no subject": {"sub": drop}, "subject null": {"sub": None},
        "subject nonsense": {"sub": "x"}, "subject in capitals": {"sub": "CAPITALS"}, "subject number": {"sub": 1}, "subject unknown": {"sub": "00000000-0000-4000-8000-000000000000"},
        "no fingerprint": {"password_fgpt": drop}, "fingerprint of another": {"password_fgpt": hasher.hash("x")},
        "not before later": {"nbf": later(3000)}, "more claims": {"email": 1},
    }.items():  # fmt: skip
        # A short password keeps the token good: accepted tokens answer with the password's code.
        def make(values, c=change):
            claims = {"sub": values["fin.id"], "password_fgpt": values["fin.print"], "aud": RESET, "exp": later()} | c
            if c.get("sub") == "CAPITALS":
                claims["sub"] = values["fin.id"].upper()
            return sign(t.secret, {key: value for key, value in claims.items() if value is not drop})

        t.put("forged", make)
        reset(t, f"forged: {label}", "<<forged>>", "ab")
    refused = Differs(500, 400, {"detail": "RESET_PASSWORD_BAD_TOKEN"}, [])
    for label, value in {"a plain text": "x", "the hash itself": "HASH", "empty": "", "a number": 1, "a list": ["x"], "null": None}.items():
        t.put("forged", lambda v, p=value: sign(t.secret, {"sub": v["fin.id"], "password_fgpt": v["fin.hash"] if p == "HASH" else p, "aud": RESET, "exp": later()}))
        ours = None if value == "HASH" else refused
        t.call(f"forged fingerprint: {label}", "POST", "/auth/reset-password", json={"token": "<<forged>>", "password": "ab"}, ours=ours)


def verifying(t) -> None:
    path = "/auth/request-verify-token"
    t.user("vic", login=["jwt"])
    ask(t, "vic", path, keep="first")
    ask(t, "vic", path, keep="second")
    verify(t, "verified", "<<first>>")
    verify(t, "used", "<<first>>")
    verify(t, "the other token", "<<second>>")
    ask(t, "vic", path, label="already verified asks again")
    t.call("change the address", "PATCH", "/users/me", json={"email": "vic2@reset-verify.example.com"}, bearer="<<vic.jwt>>")
    verify(t, "used, and the address is another", "<<first>>")
    t.put("vic.email", lambda values: "vic2@reset-verify.example.com")
    ask(t, "vic", path)
    t.call("in other capitals", "PATCH", "/users/<<vic.id>>", json={"email": "vic3@reset-verify.example.com"}, bearer="<<boss.jwt>>")
    verify(t, "the address was changed meanwhile")
    t.call("back", "PATCH", "/users/<<vic.id>>", json={"email": "Vic2@reset-verify.example.com"}, bearer="<<boss.jwt>>")
    verify(t, "the address is back, in other capitals")
    t.user("ina")
    ask(t, "ina", path)
    t.flags("ina", is_active=False)
    verify(t, "an inactive user can be verified")
    t.user("dee")
    ask(t, "dee", path)
    t.call("verified by a superuser", "PATCH", "/users/<<dee.id>>", json={"is_verified": True}, bearer="<<boss.jwt>>")
    verify(t, "already verified")
    t.call("delete", "DELETE", "/users/<<dee.id>>", bearer="<<boss.jwt>>")
    verify(t, "a user who is gone")


def forged_verifications(t) -> None:
    t.user("fox")
    t.user("gil")
    t.user("done", is_verified=True)
    drop = object()
    for label, (name, change) in {
        "wrong audience": ("fox", {"aud": "x"}), "audience list": ("done", {"aud": [VERIFY]}), "no audience": ("fox", {"aud": drop}), "expired": ("fox", {"exp": later(-1)}),
        "expired, already verified": ("done", {"exp": later(-1)}), "no expiry": ("done", {"exp": drop}), "no subject": ("fox", {"sub": drop}), "subject null": ("fox", {"sub": None}),
        "subject of another": ("fox", {"sub": "OTHER"}), "subject nonsense": ("fox", {"sub": "x"}), "subject in capitals": ("done", {"sub": "CAPITALS"}),
        "no address": ("fox", {"email": drop}), "address unknown": ("fox", {"email": "x@reset-verify.example.com"}), "address null": ("fox", {"email": None}),
        "address in capitals": ("done", {"email": "DONE@RESET-VERIFY.EXAMPLE.COM"}), "as issued, already verified": ("done", {}), "address with a blank": ("fox", {"email": " x"}),
        "as issued": ("fox", {}), "again": ("fox", {}), "audience list, first time": ("gil", {"aud": ["x", VERIFY]}),
    }.items():  # fmt: skip

        def make(values, n=name, c=change):
            claims = {"sub": values[f"{n}.id"], "email": values[f"{n}.email"], "aud": VERIFY, "exp": later()} | c
            claims["sub"] = {"OTHER": values["gil.id"], "CAPITALS": values["done.id"].upper()}.get(claims["sub"] if claims["sub"] is not drop else "", claims["sub"])
            return sign(t.secret, {key: value for key, value in claims.items() if value is not drop})

        t.put("forged", make)
        verify(t, f"forged: {label}", "<<forged>>")
