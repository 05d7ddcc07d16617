"""Login and logout: wire contract 15 to 23."""

import base64

import bcrypt
from argon2 import PasswordHasher, Type

from costs import CURRENT
from suite import FORM, PASSWORD, Differs, Result

LOGIN = "/auth/jwt/login"
BACKENDS = ("jwt", "cookie", "db", "redis")


def run(t) -> None:
    t.user("ann", email="ann@login.example.com")
    forms(t)
    grant_types(t)
    limits(t)
    multipart(t)
    credentials(t)
    answers(t)
    logouts(t)
    hashes(t)
    broken_hashes(t)


def post(t, label, body, content_type=FORM, path=LOGIN, **more) -> Result:
    return t.call(label, "POST", path, body=body, content_type=content_type, **more)


def forms(t) -> None:
    for body in (
        "", "&", "username", "username=", "username=ann@login.example.com", "username=ann@login.example.com&password=", "password=x",
        "username=&password=", "=&=", "=x", "username=x;password=y", "Username=x&password=y", "username[]=x&password=y", "username=x&Password=y",
        "user%6Eame=x&password=y", "username=x&pass+word=y", "username=x&password", "username=x&password=y&password=",
        "username=x&username=&password=y", "grant_type=x", "%75sername=&password=x", "username =x&password=y", "\xff=1",
    ):  # fmt: skip
        post(t, f"form {body!r}", body)
    good = "username=ann@login.example.com&password=correct+horse"
    for label, body in {
        "percent": "username=ann%40login.example.com&password=%63orrect%20horse", "last one counts": f"username=a&password=b&{good}",
        "first one does not": f"{good}&password=wrong", "empty pieces": f"&&{good}&&", "nameless piece": f"=x&{good}", "value without =": f"{good}&x",
        "broken escape": f"{good}%", "broken escape 2": f"{good}%zz", "not UTF-8": "username=%ff&password=%fe", "raw UTF-8": "username=\u00e9@x&password=\u00e9",
        "CRLF at the end": f"{good}\r\n", "LF at the end": f"{good}\n", "= in the value": f"{good}=", "a plus as %2B": "username=ann@login.example.com&password=correct%2Bhorse",
        "blank raw": "username=ann@login.example.com&password=correct horse", "question mark": f"?{good}", "NUL": f"{good}%00",
    }.items():  # fmt: skip
        post(t, f"form: {label}", body)
    post(t, "form: raw byte", b"username=\xff&password=x")
    for kind in (
        None, "", "application/json", "text/plain", "APPLICATION/X-WWW-FORM-URLENCODED", FORM + "; charset=utf-8", FORM + "; charset=latin-1",
        FORM + ";charset=\"utf-16\"", FORM + " ", FORM + "; x", FORM + ",text/plain", FORM + "2", "multipart/form-data", "multipart/form-data; boundary=",
        "multipart/mixed; boundary=x", "multipart/form-data; boundary=x", "application", FORM + " ; x=y",
    ):  # fmt: skip
        post(t, f"form of type {kind!r}", good, kind)
    post(t, "JSON", '{"username":"ann@login.example.com","password":"correct horse"}', "application/json")
    post(t, "broken JSON is an empty form", "{", "application/json")
    post(t, "the query does not count", "", path=f"{LOGIN}?{good}")
    basic = base64.b64encode(f"ann@login.example.com:{PASSWORD}".encode()).decode()
    t.call("Basic authorization", "POST", LOGIN, headers=[("Authorization", f"Basic {basic}")], form={"username": "x", "password": "y"})
    post(t, "Basic authorization next to a good form", good, headers=[("Authorization", "Basic eDp5")])


def grant_types(t) -> None:
    good = "username=ann@login.example.com&password=correct+horse"
    for value in ("password", "", "refresh_token", "PASSWORD", "password1", "xpassword", "password%0A", "+password", "x&grant_type=password", "password&grant_type=x"):
        post(t, f"grant type {value!r}", f"{good}&grant_type={value}")
    post(t, "grant type without a value", f"{good}&grant_type")
    post(t, "grant type with wrong credentials", "username=x&password=y&grant_type=x")
    post(t, "grant type and everything else missing", "grant_type=x&username=")
    post(t, "scope and client", f"{good}&scope=a+b&client_id=x&client_secret=y&foo=bar")
    post(t, "client twice", f"{good}&scope=&client_id=&client_secret=&client_secret=z")


def limits(t) -> None:
    for count in (998, 999):
        post(t, f"{count + 2} fields", "username=x&" + "a=1&" * count + "password=y")
    for size in (1024 * 1024, 1024 * 1024 + 1):
        post(t, f"a field of {size}", "username=x&password=y&a=" + "a" * size)
    post(t, "a long name", "username=x&password=y&" + "a" * (1024 * 1024 + 1) + "=1")


def parts(*given, boundary="x", end=True, line=b"\r\n") -> bytes:
    """A multipart body."""
    body = b""
    for head, value in given:
        body += b"--" + boundary.encode() + line + head + line + line + value + line
    return body + (b"--" + boundary.encode() + b"--" + line if end else b"")


def disposition(name: bytes, more: bytes = b"") -> bytes:
    return b'Content-Disposition: form-data; name="' + name + b'"' + more


def multipart(t) -> None:
    kind = "multipart/form-data; boundary=x"
    user, word = (disposition(b"username"), b"ann@login.example.com"), (disposition(b"password"), PASSWORD.encode())
    good = parts(user, word)
    for value in (kind, "MULTIPART/FORM-DATA; boundary=x", 'multipart/form-data; boundary="x"', "multipart/form-data; Boundary=x",
                  "multipart/form-data;boundary=x", "multipart/form-data; charset=latin-1; boundary=x", "multipart/form-data; boundary=y",
                  "multipart/form-data", "multipart/form-data; boundary=", "multipart/mixed; boundary=x"):  # fmt: skip
        post(t, f"multipart: type {value!r}", good, value)
    for label, body in {
        "no end": parts(user, word, end=False), "no last line end": good[:-2], "half an end": good[:-4], "epilogue": good + b"more",
        "preamble": b"preamble\r\n" + good, "a line end first": b"\r\n" + good, "LF only": parts(user, word, line=b"\n"), "empty": b"",
        "only the end": b"--x--\r\n", "garbage": b"garbage", "a part with a type": parts(user, (word[0] + b"\r\nContent-Type: text/plain", word[1])),
        "base64 is not decoded": parts(user, (word[0] + b"\r\nContent-Transfer-Encoding: base64", base64.b64encode(word[1]))),
        "name without quotes": parts(user, (b"Content-Disposition: form-data; name=password", word[1])),
        "capitals": parts(user, (b'content-disposition: FORM-DATA; NAME="password"', word[1])),
        "attachment": parts(user, (b'Content-Disposition: attachment; name="password"', word[1])),
        "no name": parts(user, (b"Content-Disposition: form-data", b"x")), "no disposition": parts(user, (b"X-Y: 1", b"x")),
        "last one counts": parts(user, word, (disposition(b"password"), b"wrong")), "empty value": parts(user, (disposition(b"password"), b"")),
        "not UTF-8": parts(user, (disposition(b"password"), b"\xff")), "grant type": parts(user, word, (disposition(b"grant_type"), b"x")),
        "another file": parts(user, word, (disposition(b"f", b'; filename="f"'), b"\0" * 99)), "line ends in a value": parts(user, (word[0], word[1] + b"\r\n")),
        "long header": parts((user[0] + b"\r\nX-A: " + b"a" * 9000, user[1]), word), "nine headers": parts((user[0] + b"\r\nX-A: 1" * 8, user[1]), word),
        "eight headers": parts((user[0] + b"\r\nX-A: 1" * 7, user[1]), word), "two dispositions": parts((user[0] + b"\r\n" + disposition(b"x"), user[1]), word),
        "1001 fields": parts(user, word, *[(disposition(b"a"), b"1")] * 999), "1000 fields": parts(user, word, *[(disposition(b"a"), b"1")] * 998),
        "1001 files": parts(user, word, *[(disposition(b"a", b'; filename="f"'), b"1")] * 1001),
        "a part too long": parts(user, word, (disposition(b"a"), b"a" * (1024 * 1024 + 1))), "a long file": parts(user, word, (disposition(b"a", b'; filename="f"'), b"a" * (1024 * 1024 + 1))),
    }.items():  # fmt: skip
        post(t, f"multipart: {label}", body, kind)
    for size in (70, 256, 257):
        post(t, f"multipart: boundary of {size}", parts(user, word, boundary="b" * size), f"multipart/form-data; boundary={'b' * size}")
    post(t, "multipart: password as a file", parts(user, (disposition(b"password", b'; filename="p"'), word[1])), kind)


def credentials(t) -> None:
    t.user("off", is_active=False)
    t.user("new")
    t.user("known", is_verified=True)
    cases = {"wrong password": ("<<ann.email>>", "wrong"), "unknown": ("nobody@login.example.com", PASSWORD), "inactive": ("<<off.email>>", PASSWORD)}
    cases |= {"inactive, wrong password": ("<<off.email>>", "wrong"), "unverified": ("<<new.email>>", PASSWORD), "verified": ("<<known.email>>", PASSWORD)}
    cases |= {"stripped name": (" <<ann.email>>", PASSWORD), "display name": ("Ann <<<ann.email>>>", PASSWORD), "password in capitals": ("<<ann.email>>", PASSWORD.upper())}
    cases |= {"the id": ("<<ann.id>>", PASSWORD), "password with a blank": ("<<ann.email>>", PASSWORD + " "), "name in capitals": ("ANN@LOGIN.EXAMPLE.COM", PASSWORD)}
    for label, (username, password) in cases.items():
        for path in (LOGIN, "/strict/auth/jwt/login"):
            t.call(f"{label} at {path}", "POST", path, form={"username": username, "password": password})
    t.call("unverified with a wrong password at strict", "POST", "/strict/auth/jwt/login", form={"username": "<<new.email>>", "password": "wrong"})
    t.call("an open session does not matter", "POST", LOGIN, form={"username": "x@y.zz", "password": "abc"}, bearer="nonsense")


def answers(t) -> None:
    form = {"username": "<<ann.email>>", "password": PASSWORD}
    for backend in BACKENDS:
        result = t.call(f"login by {backend}", "POST", f"/auth/{backend}/login", form=form)
        header = [response.first("cache-control") or "" for response in result.responses]
        t.ours_only(f"login by {backend} says no-store", "no-store" in header[1], header)
        t.same(f"reason of {backend}", [response.reason for response in result.responses])
        t.call(f"wrong password at {backend}", "POST", f"/auth/{backend}/login", form=form | {"password": "x"})
        t.call(f"nothing at {backend}", "POST", f"/auth/{backend}/login", form={})


def logouts(t) -> None:
    t.user("leo", email="leo@login.example.com")
    for path in (*(f"/auth/{backend}" for backend in BACKENDS), "/strict/auth/jwt"):
        for credential in BACKENDS:
            t.login("leo", credential, "leo@login.example.com")
            sent = {"cookie": "<<leo.cookie>>"} if credential == "cookie" else {"bearer": f"<<leo.{credential}>>"}
            t.call(f"logout at {path} with {credential}", "POST", f"{path}/logout", **sent)
            t.call(f"{credential} after logout at {path}", "GET", "/users/me", **sent)
            t.call(f"second logout at {path} with {credential}", "POST", f"{path}/logout", **sent)
        for label, sent in {"nothing": {}, "a bad token": {"bearer": "x"}, "a bad cookie": {"cookie": "x"}}.items():
            t.call(f"logout at {path} with {label}", "POST", f"{path}/logout", **sent)
    t.login("leo", "db", "leo@login.example.com")
    t.login("leo", "cookie", "leo@login.example.com")
    t.call("logout at db with both", "POST", "/auth/db/logout", bearer="<<leo.db>>", cookie="<<leo.cookie>>")
    t.call("the database token after that", "GET", "/users/me", bearer="<<leo.db>>")
    t.flags("leo", is_active=False)
    t.call("logout of an inactive user", "POST", "/auth/jwt/logout", cookie="<<leo.cookie>>")
    t.call("logout at cookie of an inactive user", "POST", "/auth/cookie/logout", cookie="<<leo.cookie>>")
    t.flags("leo", is_active=True, is_verified=True)
    t.call("strict logout of a verified user", "POST", "/strict/auth/jwt/logout", cookie="<<leo.cookie>>")


def old_hashes() -> dict[str, str]:
    """Hashes of the password as other times and settings made them."""
    word = PASSWORD.encode()
    made = bcrypt.hashpw(word, bcrypt.gensalt(4)).decode()
    hashes = {f"bcrypt {kind}": f"${kind}$" + made[4:] for kind in ("2a", "2b", "2y")}
    small = {"time_cost": 1, "memory_cost": 1024, "parallelism": 1}
    hashes |= {f"argon2{kind.name.lower()}": PasswordHasher(**small, type=kind).hash(word) for kind in (Type.I, Type.D, Type.ID)}
    hashes["argon2id, short hash"] = PasswordHasher(hash_len=16, salt_len=8).hash(word)
    hashes["argon2id, other memory"] = PasswordHasher(memory_cost=32768).hash(word)
    hashes["argon2i, today's costs"] = PasswordHasher(type=Type.I).hash(word)
    return hashes


def hashes(t) -> None:
    t.user("old", email="old@login.example.com")
    who = {"email": "old@login.example.com"}

    def stored():
        return [rows[0][0] for rows in t.rows("user", "hashed_password", **who)]

    form = {"username": "old@login.example.com", "password": PASSWORD}
    for label, made in old_hashes().items():
        t.change("user", who, hashed_password=made)
        t.call(f"{label}: wrong password", "POST", LOGIN, form=form | {"password": "wrong"})
        t.same(f"{label}: a wrong password changes nothing", [kept == made for kept in stored()])
        t.call(f"{label}: login", "POST", LOGIN, form=form)
        kept = stored()
        t.same(f"{label}: replaced", [(now != made, now[: len(CURRENT)], len(now)) for now in kept])
    t.call("login with the new hash", "POST", LOGIN, form=form)
    t.same("a hash of today stays", [a == b for a, b in zip(kept, stored())])
    t.change("user", who, hashed_password=old_hashes()["bcrypt 2b"])
    t.flags("old", is_active=False)
    t.call("inactive with an old hash", "POST", LOGIN, form=form)
    t.same("replaced all the same", [now[: len(CURRENT)] for now in stored()])


def broken_hashes(t) -> None:
    t.user("odd", email="odd@login.example.com")
    who = {"email": "odd@login.example.com"}
    form = {"username": "odd@login.example.com", "password": PASSWORD}
    refused = Differs(500, 400, {"detail": "LOGIN_BAD_CREDENTIALS"}, [])
    for label, stored in {"unknown format": "$1$abc$def", "plain text": PASSWORD, "empty": "", "scrypt": "$scrypt$ln=1$a$b", "md5": "d41d8cd98f00b204e9800998ecf8427e"}.items():
        t.change("user", who, hashed_password=stored)
        t.call(f"hash: {label}", "POST", LOGIN, form=form, ours=refused)
    t.change("user", who, hashed_password=bcrypt.hashpw(b"x" * 72, bcrypt.gensalt(4)).decode())
    t.call("bcrypt with 72 bytes", "POST", LOGIN, form=form | {"password": "y" * 72})
    t.call("bcrypt with 73 bytes", "POST", LOGIN, form=form | {"password": "x" * 73}, ours=refused)
    t.call("bcrypt with 37 letters of two bytes", "POST", LOGIN, form=form | {"password": "\u00e9" * 37}, ours=refused)
