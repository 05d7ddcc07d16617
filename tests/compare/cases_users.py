"""The users router: wire contract 33 to 36, and 2 for the order of judgements."""

from suite import PASSWORD, Differs

ME = "/users/me"
UNKNOWN = "/users/00000000-0000-4000-8000-000000000000"


def run(t) -> None:
    t.user("ada", login=["jwt"])
    t.user("bob")
    t.user("boss", login=["jwt"], is_superuser=True)
    t.user("idle", login=["jwt"], is_active=False)
    reading(t)
    own_fields(t)
    own_address(t)
    own_password(t)
    nulls(t)
    by_superuser(t)
    deleting(t)
    strict(t)


def patch(t, label, json, path=ME, who="ada", **more):
    return t.call(label, "PATCH", path, json=json, bearer=f"<<{who}.jwt>>", **more)


def reading(t) -> None:
    for who in ("ada", "boss", "idle"):
        for path in (ME, "/users/<<ada.id>>", "/users/<<boss.id>>", UNKNOWN, "/users/nonsense", "/users/1"):
            t.call(f"GET {path} by {who}", "GET", path, bearer=f"<<{who}.jwt>>")
    for path in (ME, "/users/<<ada.id>>", UNKNOWN, "/users/nonsense"):
        for method in ("GET", "PATCH", "DELETE"):
            t.call(f"{method} {path} by nobody", method, path)
            t.call(f"{method} {path} with a bad token", method, path, bearer="x")


def own_fields(t) -> None:
    patch(t, "empty object", {})
    patch(t, "a name", {"first_name": "Ada"})
    patch(t, "the same name", {"first_name": "Ada"})
    patch(t, "the other name stays", {"last_name": "L"})
    patch(t, "name to null", {"first_name": None})
    patch(t, "unknown fields", {"foo": 1, "id": "x", "hashed_password": "x", "oauth_accounts": []})
    patch(t, "unknown fields and a name", {"foo": 1, "first_name": "\u00e9\U0001f600 \"quoted\" \\ \n"})
    flags = {"is_active": False, "is_superuser": True, "is_verified": True}
    patch(t, "flags are removed", flags)
    patch(t, "flags next to a name", flags | {"last_name": None})
    for value in ("yes", 1, 0.0, "off"):
        patch(t, f"a flag as {value!r}", {"is_superuser": value})
    for value in ("maybe", 2, 1.5, [], ""):
        patch(t, f"a flag as {value!r}", {"is_superuser": value, "first_name": "not stored"})
    patch(t, "name too long", {"first_name": "x" * 101, "last_name": "y"})
    patch(t, "100 emoji", {"first_name": "\U0001f600" * 100})
    patch(t, "name of another type", {"first_name": 1, "last_name": ["x"], "email": 1, "password": 1, "is_active": "x"})
    patch(t, "nothing was stored", {})
    t.call("fields in another order", "PATCH", ME, json={"last_name": "Z", "first_name": "A"}, bearer="<<ada.jwt>>")
    unsaid = '{"first_name":"\\ud800"}'
    t.call("lone surrogate", "PATCH", ME, body=unsaid, content_type="application/json", bearer="<<ada.jwt>>", ours=Differs(500, 422, hooks=[]))
    t.call("ignored NaN", "PATCH", ME, body='{"x":NaN}', content_type="application/json", bearer="<<ada.jwt>>")


def own_address(t) -> None:
    t.user("eve", email="eve@users.example.com", login=["jwt"], is_verified=True)
    patch(t, "the identical address", {"email": "eve@users.example.com"}, who="eve")
    patch(t, "the identical address, other capitals in the domain", {"email": "eve@USERS.example.com"}, who="eve")
    patch(t, "the identical address with a name", {"email": "Eve <eve@users.example.com>"}, who="eve")
    patch(t, "the own address in other capitals", {"email": "EVE@users.example.com"}, who="eve")
    patch(t, "a taken address", {"email": "<<bob.email>>"}, who="eve")
    patch(t, "a taken address in capitals", {"email": "BOB@users.example.com"}, who="eve")
    patch(t, "a taken address and a name: nothing is stored", {"email": "<<bob.email>>", "first_name": "x"}, who="eve")
    patch(t, "wrong addresses", {"email": "x"}, who="eve")
    patch(t, "empty address", {"email": ""}, who="eve")
    patch(t, "still verified", {}, who="eve")
    patch(t, "a new address ends the verification", {"email": "Eve2@USERS.example.com"}, who="eve")
    t.same("stored", t.rows("user", "email", "is_verified", email="Eve2@users.example.com"))
    patch(t, "and the flag in the body does not help", {"email": "eve3@users.example.com", "is_verified": True}, who="eve")
    t.call("login with the new address", "POST", "/auth/jwt/login", form={"username": "EVE3@users.example.com", "password": PASSWORD})
    t.call("login with the old one", "POST", "/auth/jwt/login", form={"username": "eve@users.example.com", "password": PASSWORD})
    patch(t, "address and other fields", {"first_name": "E", "email": "eve4@users.example.com", "last_name": None}, who="eve")


def own_password(t) -> None:
    t.user("pat", email="pat@users.example.com", login=["jwt"])
    patch(t, "two characters", {"password": "ab"}, who="pat")
    patch(t, "two letters with accents", {"password": "\u00e9\u00e9"}, who="pat")
    patch(t, "empty", {"password": ""}, who="pat")
    patch(t, "with the address", {"password": "my pat@users.example.com"}, who="pat")
    patch(t, "short and a name: nothing is stored", {"password": "ab", "first_name": "x"}, who="pat")
    patch(t, "null is no change", {"password": None}, who="pat", ours=null_password(t))
    patch(t, "null and a name", {"password": None, "first_name": "P"}, who="pat", ours=null_password(t))
    pat = {"email": "pat@users.example.com"}
    t.ours_only("the name is stored", t.rows("user", "first_name", **pat)[1] == [("P",)])
    t.change("user", pat, first_name="P")
    t.call("the old one still works", "POST", "/auth/jwt/login", form={"username": "pat@users.example.com", "password": PASSWORD})
    patch(t, "wrong password and taken address", {"password": "ab", "email": "<<bob.email>>"}, who="pat")
    patch(t, "good password and taken address: nothing is stored", {"password": "new words", "email": "<<bob.email>>"}, who="pat")
    t.call("nothing was stored", "POST", "/auth/jwt/login", form={"username": "pat@users.example.com", "password": "new words"})
    patch(t, "judged against the old address", {"password": "my pat@users.example.com", "email": "pat2@users.example.com"}, who="pat")
    patch(t, "not against the new one", {"password": "my pat3@users.example.com", "email": "pat3@users.example.com"}, who="pat")
    form = {"username": "pat3@users.example.com", "password": "my pat3@users.example.com"}
    t.call("both are new", "POST", "/auth/jwt/login", form=form)
    patch(t, "a new password", {"password": "Gr\u00fc\u00dfe \"und\" \\ \U0001f600"}, who="pat")
    t.call("works", "POST", "/auth/jwt/login", form=form | {"password": "Gr\u00fc\u00dfe \"und\" \\ \U0001f600"})
    patch(t, "wrong types echo no secret", {"password": ["some secret"], "email": 1}, who="pat")


def null_password(t) -> Differs | None:
    """Documents have no field for the password itself, so that the original's adapter fails on MongoDB."""
    return Differs(500, 200) if t.database == "mongodb" else None


def mend(t) -> None:
    """On MongoDB the original stores the null before it fails, and cannot read the user any more."""
    if t.database == "mongodb":
        sound = {"email": "nan@users.example.com", "first_name": None, "is_active": True, "is_superuser": False, "is_verified": False}
        t.change("user", {"id": "<<nan.id>>"}, **sound)


def nulls(t) -> None:
    t.user("nan", login=["jwt"])
    refused = Differs(500, 422, hooks=[])
    patch(t, "address to null", {"email": None}, who="nan", ours=refused)
    mend(t)
    patch(t, "address to null, with a name", {"email": None, "first_name": "x"}, who="nan", ours=refused)
    mend(t)
    patch(t, "nothing was stored", {}, who="nan")
    for flag in ("is_active", "is_superuser", "is_verified"):
        patch(t, f"{flag} to null", {flag: None}, who="nan")
        patch(t, f"{flag} to null by a superuser", {flag: None}, "/users/<<nan.id>>", "boss", ours=refused)
        mend(t)
        patch(t, f"own {flag} to null by a superuser", {flag: None}, ME, "boss")
    patch(t, "address to null by a superuser", {"email": None}, "/users/<<nan.id>>", "boss", ours=refused)
    mend(t)
    patch(t, "still there", {}, "/users/<<nan.id>>", "boss")


def by_superuser(t) -> None:
    path = "/users/<<cat.id>>"
    t.user("cat", email="cat@users.example.com", login=["jwt"])
    for json in (
        {}, {"first_name": "C"}, {"is_verified": True}, {"is_verified": "off"}, {"is_superuser": 1, "is_active": "no"}, {"is_superuser": False, "is_active": True},
        {"email": "cat@users.example.com"}, {"email": "CAT@users.example.com"}, {"email": "<<bob.email>>"}, {"is_verified": True, "email": "cat2@users.example.com"},
        {"email": "cat3@users.example.com"}, {"is_verified": True}, {"email": "cat4@users.example.com", "is_verified": False}, {"password": "ab"}, {"password": "cat4@users.example.com"},
        {"password": None}, {"email": None, "is_verified": "x"}, {"is_active": "maybe", "is_superuser": 2, "is_verified": [], "first_name": 1},
        {"id": "00000000-0000-4000-8000-000000000000", "hashed_password": "x"}, {"first_name": None, "last_name": "x" * 100}, {"email": "x"},
        {"password": "short", "email": "cat5@users.example.com", "is_verified": True, "is_superuser": False, "first_name": "All", "last_name": "At once", "is_active": True},
    ):  # fmt: skip
        patch(t, f"{json} by a superuser", json, path, "boss", ours=null_password(t) if json == {"password": None} else None)
    t.call("the password that a superuser set", "POST", "/auth/jwt/login", form={"username": "cat5@users.example.com", "password": "short"})
    for who in ("ada", "boss", "idle"):
        for target in (path, UNKNOWN, "/users/nonsense"):
            patch(t, f"{target} by {who}", {"first_name": "Q"}, target, who)
            patch(t, f"{target} by {who}, wrong field", {"first_name": 1}, target, who)
    patch(t, "a superuser changes the own flags by id", {"is_verified": True}, "/users/<<boss.id>>", "boss")
    patch(t, "a superuser at me: flags are removed", {"is_verified": False, "is_superuser": False}, ME, "boss")
    patch(t, "a plain user at the own id", {"first_name": "x"}, "/users/<<ada.id>>", "ada")


def deleting(t) -> None:
    t.user("del", login=["jwt", "db"])
    for who in ("ada", "idle", "boss"):
        t.call(f"DELETE me by {who}", "DELETE", ME, bearer=f"<<{who}.jwt>>")
        for target in (UNKNOWN, "/users/nonsense"):
            t.call(f"DELETE {target} by {who}", "DELETE", target, bearer=f"<<{who}.jwt>>")
    t.call("DELETE by a plain user", "DELETE", "/users/<<del.id>>", bearer="<<ada.jwt>>")
    t.call("DELETE the own id by a plain user", "DELETE", "/users/<<del.id>>", bearer="<<del.jwt>>")
    t.call("DELETE by a superuser", "DELETE", "/users/<<del.id>>", bearer="<<boss.jwt>>")
    t.call("DELETE again", "DELETE", "/users/<<del.id>>", bearer="<<boss.jwt>>")
    t.call("GET after that", "GET", "/users/<<del.id>>", bearer="<<boss.jwt>>")
    t.call("the token of a deleted user", "GET", ME, bearer="<<del.jwt>>")
    t.call("the database token of a deleted user", "GET", ME, bearer="<<del.db>>")
    t.call("login of a deleted user", "POST", "/auth/jwt/login", form={"username": "<<del.email>>", "password": PASSWORD})
    t.call("the address is free again", "POST", "/auth/register", json={"email": "<<del.email>>", "password": PASSWORD})
    t.user("self", login=["jwt"], is_superuser=True)
    t.call("a superuser deletes herself", "DELETE", "/users/<<self.id>>", bearer="<<self.jwt>>")
    t.call("and is gone", "GET", ME, bearer="<<self.jwt>>")


def strict(t) -> None:
    """The users router that wants verified users."""
    t.user("fay", login=["jwt"])
    t.user("boss2", login=["jwt"], is_superuser=True)
    for verified in (False, True):
        t.flags("fay", is_verified=verified)
        t.flags("boss2", is_verified=verified)
        state = "verified" if verified else "unverified"
        for who in ("fay", "boss2", "idle"):
            for path in ("/strict/users/me", "/strict/users/<<fay.id>>", "/strict" + UNKNOWN):
                t.call(f"GET {path} by {state} {who}", "GET", path, bearer=f"<<{who}.jwt>>")
                patch(t, f"PATCH {path} by {state} {who}", {"first_name": state}, path, who)
                patch(t, f"PATCH {path} by {state} {who}, wrong field", {"first_name": 1}, path, who)
            t.call(f"DELETE by {state} {who}", "DELETE", "/strict" + UNKNOWN, bearer=f"<<{who}.jwt>>")
    patch(t, "a new address, and the router is closed", {"email": "fay2@users.example.com"}, "/strict/users/me", "fay")
    patch(t, "closed", {}, "/strict/users/me", "fay")
    t.call("strict DELETE by nobody", "DELETE", "/strict/users/<<fay.id>>")
    t.call("strict DELETE", "DELETE", "/strict/users/<<fay.id>>", bearer="<<boss2.jwt>>")
