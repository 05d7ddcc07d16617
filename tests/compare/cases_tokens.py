"""What is a valid token, header and cookie: wire contract 24 to 26 and 28 to 32."""

import re
from datetime import UTC, datetime, timedelta

from forge import ACCESS, encode, later, sign
from suite import PASSWORD

ME = "/users/me"


def run(t) -> None:
    t.user("tom", login=["jwt", "cookie", "db", "redis"])
    t.user("tim", login=["jwt", "cookie", "db", "redis"])
    t.user("sue", login=["jwt"], is_superuser=True)
    claims(t)
    subjects(t)
    headers(t)
    shapes(t)
    authorization(t)
    cookies(t)
    order(t)
    database_tokens(t)
    live(t)


def forged(t, label, make, secret=None, path=ME, **more) -> None:
    """Asks with a token that `make` gives for the user's id."""
    t.put("forged", lambda values: make(values["tom.id"]))
    t.call(label, "GET", path, bearer="<<forged>>")


def claims(t) -> None:
    base = lambda sub: {"sub": sub, "aud": ACCESS, "exp": later()}  # noqa: E731 - a short name for a long list
    drop = object()
    for label, change in {
        "as issued": {}, "audience as a string": {"aud": ACCESS[0]}, "two audiences": {"aud": ["x", ACCESS[0]]}, "wrong audience": {"aud": ["x"]},
        "wrong audience as a string": {"aud": "fastapi-users:reset"}, "verify audience": {"aud": ["fastapi-users:verify"]}, "no audience": {"aud": drop},
        "audience null": {"aud": None}, "audience number": {"aud": 1}, "audience with a number": {"aud": [ACCESS[0], 1]}, "audience empty": {"aud": []},
        "audience empty string": {"aud": ""}, "audience object": {"aud": {ACCESS[0]: 1}}, "audience in capitals": {"aud": [ACCESS[0].upper()]},
        "no expiry": {"exp": drop}, "expired": {"exp": later(-1)}, "long expired": {"exp": 0}, "negative": {"exp": -1}, "just now": {"exp": later(0)},
        "float": {"exp": later() + 0.5}, "float expired": {"exp": later(-10) + 0.5}, "digits": {"exp": str(later())}, "digits expired": {"exp": str(later(-9))},
        "digits with blanks": {"exp": f" {later()} "}, "digits with underscore": {"exp": "9_999_999_999"}, "float as text": {"exp": f"{later()}.5"},
        "text": {"exp": "soon"}, "empty text": {"exp": ""}, "expiry null": {"exp": None}, "expiry true": {"exp": True}, "expiry list": {"exp": [later()]},
        "expiry object": {"exp": {}}, "beyond 64 bits": {"exp": 10**30}, "beyond floats": {"exp": 10**400}, "1e300": {"exp": 1e300}, "minus 1e300": {"exp": -1e300},
        "+digits": {"exp": f"+{later()}"}, "not before now": {"nbf": later(-5)}, "not before later": {"nbf": later(3000)},
        "not before text": {"nbf": "x"}, "not before digits": {"nbf": str(later(-5))}, "not before later, digits": {"nbf": str(later(3000))},
        "not before float": {"nbf": later(-5) + 0.5}, "not before null": {"nbf": None}, "not before huge": {"nbf": 10**30}, "issued": {"iat": later(-5)},
        "issued later": {"iat": later(3000)}, "issued text": {"iat": "x"}, "issued null": {"iat": None}, "issued digits": {"iat": str(later(-5))},
        "issued float": {"iat": later(-5) + 0.5}, "issued later, float": {"iat": later(3000) + 0.5}, "issued huge": {"iat": 10**30}, "issued list": {"iat": [1]},
        "jti": {"jti": "x"}, "jti number": {"jti": 1}, "jti null": {"jti": None}, "jti list": {"jti": ["x"]}, "jti empty": {"jti": ""}, "issuer": {"iss": "x"},
        "issuer number": {"iss": 1}, "issuer list": {"iss": ["x"]}, "extra claims": {"foo": [1, {"a": None}], "email": 1}, "no subject": {"sub": drop},
        "subject null": {"sub": None}, "subject number": {"sub": 1}, "subject list": {"sub": ["x"]}, "subject empty": {"sub": ""}, "subject true": {"sub": True},
    }.items():  # fmt: skip
        forged(t, f"claims: {label}", lambda sub, c=change: sign(t.secret, {k: v for k, v in (base(sub) | c).items() if v is not drop}))
    for label, body in {
        "a list": b"[]", "a string": b'"x"', "null": b"null", "a number": b"1", "empty": b"", "broken": b"{", "not UTF-8": b'{"sub":"\xff"}', "object": b"{}",
    }.items():  # fmt: skip
        forged(t, f"claims: {label}", lambda sub, b=body: sign(t.secret, b))
    text = '{"sub":"%s","aud":"fastapi-users:auth"%s}'
    for label, more in {
        "twice the expiry, last good": ',"exp":1,"exp":99999999999', "twice the expiry, last bad": ',"exp":99999999999,"exp":1', "expiry Infinity": ',"exp":Infinity',
        "expiry NaN": ',"exp":NaN', "expiry -Infinity": ',"exp":-Infinity', "expiry 1e400": ',"exp":1e400', "NaN elsewhere": ',"x":NaN', "trailing comma": ",",
        "4301 digits": ',"x":' + "1" * 4301, "lone surrogate elsewhere": ',"x":"\\ud800"', "not before Infinity": ',"nbf":Infinity', "issued NaN": ',"iat":NaN',
        "exponent": ',"exp":9.9e10',
    }.items():  # fmt: skip
        forged(t, f"claims: {label}", lambda sub, m=more: sign(t.secret, (text % (sub, m)).encode()))
    forged(t, "claims in UTF-16", lambda sub: sign(t.secret, (text % (sub, "")).encode("utf-16")))
    forged(t, "claims with a BOM", lambda sub: sign(t.secret, (text % (sub, "")).encode("utf-8-sig")))
    forged(t, "claims with blanks", lambda sub: sign(t.secret, ("\r\n\t " + text % (sub, "") + " ").encode()))
    forged(t, "another secret", lambda sub: sign("x" * 40, base(sub)))
    for algorithm in ("HS384", "HS512", "none"):
        forged(t, f"algorithm {algorithm}", lambda sub, a=algorithm: sign(t.secret, base(sub), algorithm=a))


def subjects(t) -> None:
    token = lambda sub: sign(t.secret, {"sub": sub, "aud": ACCESS, "exp": later()})  # noqa: E731
    for label, form in uuid_forms().items():
        forged(t, f"subject: {label}", lambda sub, f=form: token(f(sub)))
        # A path carries no blanks and no letters beyond ASCII unless they are escaped.
        escape = lambda text: "".join(c if 33 <= ord(c) < 127 and c not in "%?#" else "".join(f"%{b:02X}" for b in c.encode()) for c in text)  # noqa: E731
        t.put("form", lambda values, f=form: escape(f(values["tom.id"])))
        t.call(f"id in the path: {label}", "GET", "/users/<<form>>", bearer="<<sue.jwt>>")
    forged(t, "subject of nobody", lambda sub: token("00000000-0000-4000-8000-000000000000"))


def uuid_forms():
    """Ways to write an id."""
    return {
        "plain": lambda i: i, "capitals": str.upper, "no hyphens": lambda i: i.replace("-", ""), "braces": lambda i: "{" + i + "}", "urn": lambda i: "urn:uuid:" + i,
        "URN": lambda i: "URN:UUID:" + i, "braces and urn": lambda i: "{urn:uuid:" + i + "}", "uuid:": lambda i: "uuid:" + i, "urn:": lambda i: "urn:" + i,
        "hyphens everywhere": lambda i: "-".join(i.replace("-", "")), "two braces": lambda i: "{{" + i + "}}", "braces the other way": lambda i: "}" + i + "{",
        "left brace only": lambda i: "{" + i, "hyphen at the end": lambda i: i + "-", "hyphen first": lambda i: "-" + i, "short": lambda i: i[:-1],
        "long": lambda i: i + "0", "blank first": lambda i: " " + i, "blank at the end": lambda i: i + " ", "line end": lambda i: i + "\n", "no hex": lambda i: i[:-1] + "g",
        "underscore": lambda i: i[:-1] + "_", "full-width hyphens": lambda i: i.replace("-", "\uff0d"), "parentheses": lambda i: "(" + i + ")", "uuid: in the middle": lambda i: i[:9] + "uuid:" + i[9:],
        "braces in the middle": lambda i: i[:9] + "{}" + i[9:], "urn:urn:": lambda i: "urn:urn:uuid:" + i, "quotes": lambda i: f'"{i}"', "en dashes": lambda i: i.replace("-", "\u2013"),
    }  # fmt: skip


def headers(t) -> None:
    base = lambda sub: {"sub": sub, "aud": ACCESS, "exp": later()}  # noqa: E731
    for label, header in {
        "kid": {"kid": "x"}, "kid number": {"kid": 1}, "kid null": {"kid": None}, "kid list": {"kid": ["x"]}, "kid empty": {"kid": ""}, "critical": {"crit": ["exp"]},
        "critical empty": {"crit": []}, "critical null": {"crit": None}, "critical b64": {"crit": ["b64"]}, "critical text": {"crit": "exp"}, "b64 false": {"b64": False},
        "b64 true": {"b64": True}, "b64 null": {"b64": None}, "b64 and critical": {"b64": False, "crit": ["b64"]}, "type": {"typ": "at+jwt"}, "type number": {"typ": 1},
        "type null": {"typ": None}, "content type": {"cty": "JWT"}, "unknown": {"foo": [1]}, "alg in small letters": {"alg": "hs256"}, "alg None": {"alg": "None"},
        "alg null": {"alg": None}, "alg number": {"alg": 256}, "alg empty": {"alg": ""}, "alg list": {"alg": ["HS256"]}, "alg RS256": {"alg": "RS256"}, "alg HS512": {"alg": "HS512"},
        "alg none, signed": {"alg": "none"}, "jwk": {"jwk": {"kty": "oct", "k": "AA"}}, "jku": {"jku": "http://127.0.0.1:9/"}, "x5c": {"x5c": []},
    }.items():  # fmt: skip
        forged(t, f"header: {label}", lambda sub, h=header: sign(t.secret, base(sub), h))
    for label, raw in {
        "no typ": b'{"alg":"HS256"}', "blanks": b' { "alg" : "HS256" } ', "no alg": b'{"typ":"JWT"}', "a list": b"[]", "a string": b'"HS256"', "null": b"null", "empty": b" ",
        "broken": b"{", "twice alg, last good": b'{"alg":"none","alg":"HS256"}', "twice alg, last bad": b'{"alg":"HS256","alg":"none"}', "not UTF-8": b'{"alg":"HS256","x":"\xff"}',
        "NaN": b'{"alg":"HS256","x":NaN}', "UTF-16": '{"alg":"HS256"}'.encode("utf-16"), "BOM": '{"alg":"HS256"}'.encode("utf-8-sig"), "comma": b'{"alg":"HS256",}',
    }.items():  # fmt: skip
        forged(t, f"header: {label}", lambda sub, r=raw: sign(t.secret, base(sub), raw_header=r))


def shapes(t) -> None:
    def shape(label, change):
        t.put("shaped", lambda values: change(*values["tom.jwt"].split(".")))
        t.call(f"shape: {label}", "GET", ME, bearer="<<shaped>>")

    join = lambda *pieces: ".".join(pieces)  # noqa: E731
    pad = lambda text: text + "=" * (-len(text) % 4)  # noqa: E731
    shape("as issued", join)
    shape("all parts padded", lambda a, b, c: join(pad(a), pad(b), pad(c)))
    shape("signature padded", lambda a, b, c: join(a, b, c + "="))
    shape("signature padded too much", lambda a, b, c: join(a, b, c + "=="))
    shape("signature padded far too much", lambda a, b, c: join(a, b, c + "====="))
    shape("text behind the padding", lambda a, b, c: join(a, b, c + "=x"))
    shape("signature cut", lambda a, b, c: join(a, b, c[:-1]))
    shape("signature cut twice", lambda a, b, c: join(a, b, c[:-2]))
    shape("signature longer", lambda a, b, c: join(a, b, c + "A"))
    shape("signature changed", lambda a, b, c: join(a, b, ("B" if c[0] != "B" else "C") + c[1:]))
    shape("signature gone", lambda a, b, c: join(a, b, ""))
    shape("no signature part", lambda a, b, c: join(a, b))
    shape("four parts", lambda a, b, c: join(a, b, c, "x"))
    shape("four parts, empty", lambda a, b, c: join(a, b, c, ""))
    shape("first part empty", lambda a, b, c: join("", b, c))
    shape("only dots", lambda a, b, c: "..")
    shape("a dot first", lambda a, b, c: "." + join(a, b, c))
    shape("quotes", lambda a, b, c: f'"{join(a, b, c)}"')
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    # 32 bytes leave two unused bits in the last letter.
    for bits in (1, 2, 3):
        shape(f"unused bits {bits}", lambda a, b, c, n=bits: join(a, b, c[:-1] + letters[letters.index(c[-1]) | n]))
    for _ in range(40):
        # Until the signature has a letter that tells the alphabets apart.
        t.put("std", lambda values: sign(t.secret, {"sub": values["tom.id"], "aud": ACCESS, "x": values.get("std", "")[-9:]}))
        if all(set("-_") & set(side.variables["std"].split(".")[2]) for side in t.sides):
            break
    t.put("standard", lambda v: join(*v["std"].split(".")[:2], v["std"].split(".")[2].replace("-", "+").replace("_", "/")))
    t.call("shape: the URL-safe alphabet", "GET", ME, bearer="<<std>>")
    t.call("shape: the standard alphabet", "GET", ME, bearer="<<standard>>")
    for text in ("a.b.c", "x" * 5000, encode(b"{}"), "null", "\u00e9.\u00e9.\u00e9", "%00", "a" * 43, "-" * 43):
        t.call(f"shape: {text[:20]!r}", "GET", ME, bearer=text)


def authorization(t) -> None:
    for kind in ("jwt", "db", "redis"):
        token = f"<<tom.{kind}>>"
        for label, value in {
            "plain": f"Bearer {token}", "small": f"bearer {token}", "capitals": f"BEARER {token}", "mixed": f"bEaReR {token}", "two spaces": f"Bearer  {token}",
            "spaces around": f"  Bearer   {token}   ", "tab": f"Bearer\t{token}", "space and tab": f"Bearer \t{token}", "tab at the end": f"Bearer {token}\t",
            "no scheme": token, "Basic": f"Basic {token}", "Token": f"Token {token}", "more": f"Bearer {token} x", "comma": f"Bearer {token},x", "colon": f"Bearer: {token}",
            "equals": f"Bearer={token}", "quotes": f'Bearer "{token}"', "no-break space": f"Bearer {token}\u00a0", "twice Bearer": f"Bearer Bearer {token}",
        }.items():  # fmt: skip
            t.call(f"Authorization of {kind}: {label}", "GET", ME, headers=[("Authorization", value)])
    for value in ("", "Bearer", "Bearer ", " ", "\u00e9", "Bearer \u00e9"):
        t.call(f"Authorization {value!r}", "GET", ME, headers=[("Authorization", value)])
        t.call(f"Authorization {value!r} next to a cookie", "GET", ME, headers=[("Authorization", value)], cookie="<<tom.cookie>>")
    good, bad = ("Authorization", "Bearer <<tom.jwt>>"), ("Authorization", "Bearer x")
    t.call("two headers, the good one first", "GET", ME, headers=[good, bad])
    t.call("two headers, the bad one first", "GET", ME, headers=[bad, good])
    t.call("two headers, Basic first", "GET", ME, headers=[("Authorization", "Basic eDp5"), good])
    t.call("name in capitals", "GET", ME, headers=[("AUTHORIZATION", "Bearer <<tom.jwt>>")])
    t.call("token in the query", "GET", ME + "?access_token=<<tom.jwt>>")
    t.call("token as a form", "GET", ME, form={"access_token": "<<tom.jwt>>"})


def cookies(t) -> None:
    name, token = "fastapiusersauth", "<<tom.cookie>>"
    good = f"{name}={token}"
    for value in (
        good, f'{name}="{token}"', f"{name}= {token}", f"{name} ={token}", f" {good} ", f"a=b; {good}; c=d", f"a=b;{good};c=d", f"a=b, {good}", f"{name}=x; {good}",
        f"{good}; {name}=x", f"{good}; {name}=", f"{name}=; {good}", f"{name.upper()}={token}", f"{good}=", f"{name}=", name, f'{name}=""', f";;{good}", f'{name}="{token}',
        f'{good}"', f"{name}='{token}'", f'"{name}"={token}', f"x; {good}", f"=x; {good}", f"{good}; {name}", f'a="b; {good}; c"', f"$Version=1; {good}; $Path=/",
        f"{name}=\t{token}", f'{name}="x\\"y"', f'{name}="\\{token}"', f"\u00e9=\u00fc; {good}", f'{name}="{token}"; x', f'{name}="\\145{token}"'.replace("\\145e", "\\145e"),
        f"{good}, x", f'{name}="{token}" ', f"{good};", f"{name}=={token}", f"x{good}", f"{name}x=1; {good}",
    ):  # fmt: skip
        t.call(f"Cookie {value!r}", "GET", ME, headers=[("Cookie", value)])
    t.put("octal", lambda values: values["tom.cookie"].replace(".", "\\056"))
    t.call("Cookie with octal escapes", "GET", ME, headers=[("Cookie", f'{name}="<<octal>>"')])
    t.call("Cookie with octal escapes, not quoted", "GET", ME, headers=[("Cookie", f"{name}=<<octal>>")])
    t.put("percent", lambda values: values["tom.cookie"].replace(".", "%2E"))
    t.call("Cookie with percent escapes", "GET", ME, headers=[("Cookie", f"{name}=<<percent>>")])
    for label, pair in {"good last": (f"{name}=x", good), "good first": (good, f"{name}=x"), "another first": ("a=b", good), "another last": (good, "a=b")}.items():
        t.call(f"two Cookie headers, {label}", "GET", ME, headers=[("Cookie", value) for value in pair])
    for kind in ("db", "redis"):
        t.call(f"a {kind} token as the cookie", "GET", ME, cookie=f"<<tom.{kind}>>")
    t.call("the cookie as a bearer", "GET", ME, bearer="<<tom.cookie>>")


def order(t) -> None:
    choices = {"none": None, "bad": "x", "tom": "tom"}
    for bearer in ("none", "bad", "tom.jwt", "tom.db", "tom.redis", "tim.jwt"):
        for cookie in ("none", "bad", "tim.cookie", "tom.cookie"):
            sent = {"bearer": choices.get(bearer, f"<<{bearer}>>"), "cookie": choices.get(cookie, f"<<{cookie}>>")}
            for path in (ME, "/optional-route", "/current/only-jwt"):
                t.call(f"bearer {bearer}, cookie {cookie} at {path}", "GET", path, **sent)
    t.flags("tom", is_active=False)
    for bearer in ("tom.jwt", "tom.db", "tom.redis"):
        for path in (ME, "/optional-route", "/current/any", "/optional/active"):
            t.call(f"inactive {bearer} next to a good cookie at {path}", "GET", path, bearer=f"<<{bearer}>>", cookie="<<tim.cookie>>")
    t.call("inactive cookie next to a good database token", "GET", ME, bearer="<<tim.db>>", cookie="<<tom.cookie>>")
    t.call("inactive cookie next to a good JWT", "GET", ME, bearer="<<tim.jwt>>", cookie="<<tom.cookie>>")
    t.flags("tom", is_active=True)


def database_tokens(t) -> None:
    for side in t.sides:
        t.ensure(f"{side.name}: 43 characters", all(re.fullmatch(r"[\w-]{43}", side.variables[f"tom.{kind}"]) for kind in ("db", "redis")))
    rows = t.rows("accesstoken", "created_at", token="<<tom.db>>")
    t.same("the token is stored in clear", [len(found) for found in rows])
    if t.database == "sqlite":
        t.same("form of the time", [bool(re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}", found[0][0])) for found in rows])
    for label, age in {"almost expired": 3300, "expired": 3601, "long expired": 10**6, "from the future": -5000}.items():
        at = datetime.now(UTC) - timedelta(seconds=age)
        stamp = at.strftime("%Y-%m-%d %H:%M:%S.%f") if t.database == "sqlite" else at
        t.change("accesstoken", {"token": "<<tom.db>>"}, created_at=stamp)
        t.call(f"{label} database token", "GET", ME, bearer="<<tom.db>>")
        t.call(f"{label} database token at logout", "POST", "/auth/jwt/logout", bearer="<<tom.db>>")
    t.same("rows are not removed", [len(found) for found in t.rows("accesstoken", "user_id", token="<<tom.db>>")])
    t.call("a database token in capitals", "GET", ME, headers=[("Authorization", "Bearer " + "X" * 43)])


def live(t) -> None:
    """Flags act on tokens that are out already, and a new password ends none."""
    t.user("liv", login=["jwt", "cookie", "db", "redis"])
    sent = {"jwt": {"bearer": "<<liv.jwt>>"}, "cookie": {"cookie": "<<liv.cookie>>"}, "db": {"bearer": "<<liv.db>>"}, "redis": {"bearer": "<<liv.redis>>"}}

    def look(when):
        for kind, credential in sent.items():
            t.call(f"{when}: {kind}", "GET", ME, **credential)

    t.call("change the password", "PATCH", ME, json={"password": "another horse"}, bearer="<<liv.jwt>>")
    look("after a new password")
    t.call("the old password", "POST", "/auth/jwt/login", form={"username": "<<liv.email>>", "password": PASSWORD})
    t.call("the new password", "POST", "/auth/jwt/login", form={"username": "<<liv.email>>", "password": "another horse"})
    t.call("deactivate", "PATCH", "/users/<<liv.id>>", json={"is_active": False}, bearer="<<sue.jwt>>")
    look("deactivated")
    t.call("activate", "PATCH", "/users/<<liv.id>>", json={"is_active": True, "is_superuser": True}, bearer="<<sue.jwt>>")
    look("activated")
    t.call("a new superuser", "GET", "/superuser-route", bearer="<<liv.db>>")
    t.call("delete", "DELETE", "/users/<<liv.id>>", bearer="<<sue.jwt>>")
    look("deleted")
