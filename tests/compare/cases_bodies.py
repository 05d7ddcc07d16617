"""JSON bodies: wire contract 2, 4, 5 and 6, on the route of a whole model, on the embedded ones and behind a guard."""

from suite import Differs, PASSWORD

JSON = "application/json"
REGISTER = "/auth/register"
BROKEN = [
    "{", "[", " ", "\n\t ", '"', '{"a"', '{"a":', '{"a":1', '{"a":1,', '{"a":1,}', '{"a" 1}', "{a:1}", "{'a':1}", "{,}", "[1", "[1,",
    "[1,]", "[1 2]", '{"a":1 "b":2}', '{"a":1}x', "{} {}", "nul", "tru", "x", "01", "-", "1.", ".5", "1e", "+1", "0x1", "-Inf", "nan",
    '{"a":"\n"}', '{"a":"\t"}', '{"a":"\\x"}', '{"a":"\\u12"}', '{"a":"\\u12g4"}', '{"a":"\\u"}', '{"a":"\\', '{"a":"abc', '"abc\\',
    '{"a":"\0"}', '{"\u00e9":}', '{"\U0001f600":}', '{"a":\n}', '{\n"a"\n:\n1,\n}', "\x0c{}", "\u00a0{}", '{"a":[}', '{"a":"x"',
    '{"a":tru}', '{"a":"\\ud800', '{"a":"\\ud800"', '{"a":"\\ud800\\u"}', "[]]", "{}}", '"a" "b"', "1 2", "--1", "1.e5", "1E", "1e+",
    '{"a":1.}', '{"a":01}', "/*c*/{}", '{"a":1}//c', "[\n", "{\n", "{ ", '{ "a" ', '{ "a" : ', "[ ", "[1 ", "[1 , ", "[,1]", '{"a":1,,}',
    '{"a":1,1:2}', '{"a":"\x1f"}', '{"a":"\\u+123"}', '{"a":"\\u 123"}', '{"a":"\\u0x12"}', '{"a":"\\U0041"}', '{"a":"\\\'"}', "\ufeff",
    '{"a":{"b":[1,{"c":]}}', "-Infinit", "Infinityy", "NaNN", "truefalse", "true false", "[[]", '{"a":1}}', "\0", '{"a"\0:1}', "{}\0",
    '{"a":"\u2028"', '"\x7f', "<html>", "email=a&password=b", '{"a":-}', '{"a":1e5.5}', '["a":1]', '{"a",1}', "\ud800", '\\u007b}',
]  # fmt: skip
ENCODINGS = ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"]
TYPES = [
    "application/json", "APPLICATION/JSON", "application/json; charset=utf-8", "application/json;charset=latin-1", "application/json;",
    "application/vnd.api+json", "application/problem+JSON", "application/+json", " application/json ", "application/json ; x",
    "application/JSON+json", "text/json", "text/plain", "application/jsonx", "application/x-json", "json", "application", "*/*",
    "application/json,text/plain", "application/x+json+y", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
    "application/json/x", "application /json", "application/ json", "image/svg+json", ";application/json", "application/json garbage",
    "application/foo +json", "application/json'", '"application/json"', "", "application/json\t; x=y", "application/ld+json; profile=x",
]  # fmt: skip
EMBEDDED = ["/auth/forgot-password", "/auth/request-verify-token", "/auth/verify", "/auth/reset-password"]
NOT_OBJECTS = ["null", "[]", '"str"', "1", "1.5", "true", "false", "12345678901234567890123", "-0", "1e5", "0.1", '[1,"a"]', '""']


def run(t) -> None:
    syntax(t)
    encodings(t)
    limits(t)
    content_types(t)
    whole(t)
    embedded(t)
    guarded(t)


def post(t, label, body, path=REGISTER, content_type=JSON, method="POST", **more):
    t.call(label, method, path, body=body, content_type=content_type, **more)


def syntax(t) -> None:
    for body in BROKEN:
        post(t, f"broken JSON {body!r}", body)
    for path in EMBEDDED:
        for body in ("{", '{"a":1,}', '"abc', "{}x"):
            post(t, f"broken JSON {body!r} at {path}", body, path)
    post(t, "a long text before the mistake", '{"x":"' + "\u00e9" * 5000 + '",}')


def encodings(t) -> None:
    for encoding in ENCODINGS:
        good = f'{{"email":"{encoding}@bodies.example.com","password":"{PASSWORD}","first_name":"\u00e9\U0001f600"}}'
        post(t, f"{encoding}", good.encode(encoding))
        post(t, f"{encoding}, wrong field", '{"email":"\u00e9@x","password":"p"}'.encode(encoding))
        post(t, f"{encoding}, broken", '{"\u00e9\U0001f600"'.encode(encoding))
        post(t, f"{encoding}, cut", good.encode(encoding)[:-1])
    for body in (
        b"\xff{}", b'{"email":"\xff"}', b'{"email":"\xc3', b'{"a":"\xc0\x80"}', b'{"a":"\xf4\x90\x80\x80"}', b"{\0", b"{\0}", b"\0{", b"\0",
        b"\0\0\0{", b"{}\0\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\xef\xbb\xbf\xef\xbb\xbf{}", b"\xff\xfe\0\0", b"\0\0\xfe\xff", b"\xfe\xff\0{\0}",
        b"\xff\xfe{\0}\0\0", b"{\0\0\0}\0\0\0", b"{\0}\0", b"\0{\0}", b"\xfe\xff", b"1\0", b"\0001", b"{\0\0\0}\0\0", b"\xef\xbb{}", b"\x80",
    ):  # fmt: skip
        post(t, f"bytes {body!r}", body)
    post(t, "lone surrogate in UTF-16", '{"a":"\ud83d"}'.encode("utf-16-le", "surrogatepass"), ours=Differs(500, 422))
    post(t, "broken UTF-8 needs no user", b"\xff", "/users/me", method="PATCH")


def limits(t) -> None:
    for digits in (400, 4300, 4301, 9000):
        for sign in ("", "-"):
            post(t, f"{sign}{digits} digits", '{"x":' + sign + "1" * digits + "}")
    post(t, "4300 digits in an ignored field", f'{{"email":"bad","password":"abc","x":{"9" * 4300}}}')
    post(t, "5000 digits with a fraction, ignored", f'{{"email":"bad","password":"abc","x":{"9" * 5000}.5}}')
    post(t, "200 deep", '{"email":"bad","password":"abc","x":' + "[" * 200 + "]" * 200 + "}")
    post(t, "200 objects deep", '{"email":"bad","password":"abc","x":' + '{"a":' * 200 + "1" + "}" * 201)
    post(t, "200 deep, echoed", '{"x":' + "[" * 200 + "]" * 200 + "}")
    post(t, "500 open brackets", "[" * 500)
    post(t, "100,000 open brackets", "[" * 100_000)
    post(t, "100,000 deep", "[" * 100_000 + "]" * 100_000)
    post(t, "100,000 objects deep", '{"a":' * 100_000)
    post(t, "floats", '{"email":"bad","password":"abc","first_name":1e5,"last_name":1E-7}')
    for number in ("1e16", "1e15", "123456789.125", "1e22", "1.0", "-0.0", "-0", "5e-324", "1.7976931348623157e308", "0.1", "100000000000000000000.0"):
        post(t, f"a number echoed: {number}", f'{{"email":{number},"password":"abc"}}')


def content_types(t) -> None:
    body = '{"email":"bad","password":"correct horse"}'
    for kind in TYPES:
        post(t, f"type {kind!r}", body, content_type=kind)
    post(t, "no type", body, content_type=None)
    post(t, "no type, empty body", "", content_type=None)
    post(t, "no type, not UTF-8", b"\xff\xfe", content_type=None, ours=Differs(500, 422))
    post(t, "broken JSON as text", "{", content_type="text/plain")
    for path in EMBEDDED:
        for kind in (None, "text/plain", "text/json", "application/x-www-form-urlencoded", "application/vnd.api+json"):
            post(t, f"type {kind!r} at {path}", '{"email":"bad","token":"t"}', path, kind)


def whole(t) -> None:
    post(t, "empty body", "")
    for body in NOT_OBJECTS:
        post(t, f"body {body}", body)
    post(t, "a list of pairs is no object", f'[["email","x@bodies.example.com"],["password","{PASSWORD}"]]')
    post(t, "blanks around", f' \n\t\r{{ "email" : "bad" , "password" : "{PASSWORD}" }}\r\n ')
    post(t, "escapes", '{"email":"\\u0062\\/\\\\\\"\\b\\f\\n\\r\\t","password":"abc"}')
    post(t, "DEL in a string", '{"email":"a\x7f","password":"abc"}')
    post(t, "an empty key", '{"":1}')


def embedded(t) -> None:
    for path in EMBEDDED:
        for body in ["", *NOT_OBJECTS, "{}"]:
            post(t, f"body {body!r} at {path}", body, path)
        post(t, f"nulls at {path}", '{"email":null,"token":null,"password":null}', path)
        post(t, f"numbers at {path}", '{"email":1,"token":1.5,"password":true}', path)
        post(t, f"containers at {path}", '{"email":[],"token":{},"password":["x"]}', path)
        post(t, f"strings at {path}", '{"email":"x","token":"x","password":"y","more":1}', path)
        post(t, f"empty strings at {path}", '{"email":"","token":"","password":""}', path)
        post(t, f"only a password at {path}", '{"password":"some words"}', path)
        post(t, f"only a token at {path}", '{"token":"some words"}', path)
        post(t, f"a display name at {path}", '{"email":"Jo <jo@nowhere.example.com>"}', path)
    for path in EMBEDDED[2:]:
        post(t, f"lone surrogate at {path}", '{"token":"\\ud800","password":"abc"}', path, ours=Differs(500, 422))
    for path in EMBEDDED[:2]:
        post(t, f"lone surrogate at {path}", '{"email":"\\ud800"}', path, ours=Differs(500, 422))
        post(t, f"NaN at {path}", '{"email":NaN}', path, ours=Differs(500, 422))
        post(t, f"ignored NaN at {path}", '{"email":"no@nowhere.example.com","x":NaN}', path)


def guarded(t) -> None:
    t.user("plain", login=["jwt"])
    t.user("boss", login=["jwt"], is_superuser=True)
    unknown = "/users/00000000-0000-4000-8000-000000000000"
    for path in ("/users/me", unknown, "/users/<<plain.id>>", "/users/nonsense", "/strict/users/me"):
        for who, bearer in {"nobody": None, "plain": "<<plain.jwt>>", "boss": "<<boss.jwt>>"}.items():
            for body in ("{", "[]", '{"email":1}', "", '{"first_name":1,"is_active":"x"}'):
                label = f"PATCH {path.replace(unknown, 'unknown')} by {who} with {body!r}"
                post(t, label, body, path, method="PATCH", bearer=bearer)
    for body in ["null", '"str"', "1", '{"email":"bad","password":1,"is_active":"x","is_superuser":2,"is_verified":[],"first_name":1,"last_name":1}']:
        post(t, f"PATCH me with {body}", body, "/users/me", method="PATCH", bearer="<<plain.jwt>>")
    for kind in ("text/plain", None):
        post(t, f"PATCH me with type {kind}", '{"first_name":"x"}', "/users/me", kind, "PATCH", bearer="<<plain.jwt>>")
    post(t, "PATCH with a bad token and broken JSON", "{", "/users/me", method="PATCH", bearer="x")
    t.call("DELETE reads no body", "DELETE", "/users/nonsense", body="{", content_type=JSON)
    t.call("GET reads no body", "GET", "/users/me", body="{", content_type=JSON, bearer="<<plain.jwt>>")
    t.call("logout reads no body", "POST", "/auth/jwt/logout", body="{", content_type=JSON, bearer="<<plain.jwt>>")
