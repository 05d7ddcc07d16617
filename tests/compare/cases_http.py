"""Methods, slashes, escapes, hosts: wire contract 1, 46 and 47."""

PATHS = [
    "/users/me", "/users/00000000-0000-4000-8000-000000000000", "/auth/register", "/auth/jwt/login", "/auth/jwt/logout", "/auth/cookie/login",
    "/auth/db/logout", "/auth/forgot-password", "/auth/reset-password", "/auth/verify", "/auth/request-verify-token", "/authenticated-route", "/optional/any",
    "/strict/users/me", "/strict/auth/jwt/login", "/current/only-jwt", "/nope", "/auth", "/users", "/",
]  # fmt: skip
METHODS = ["GET", "HEAD", "OPTIONS", "PUT", "TRACE", "POST", "PATCH", "DELETE", "FOO"]
ODD = [
    "/users/me/", "/users/me/?a=b&c", "/users/me//", "/auth/register/", "/auth/register//?x", "//", "/users/", "//users/me", "/users//me", "/nope/", "/auth/", "/auth/jwt/login/",
    "/users/%6De", "/auth%2Fregister", "/%75sers/me", "/users%2Fme", "/users/me%2F", "/users/me%2f%2F", "/users/me?x", "/users/me;x", "/users/me%3Fx", "/USERS/me", "/users/Me",
    "/users/./me", "/users/../users/me", "/users/me/.", "/users/%", "/users/%zz", "/users/%2", "/users/me%00", "/users/%c3%a9", "/users/%ff", "/users/%E9/", "/users/%c3%a9/",
    "/users/me/%20", "/users/me%20", "/users/%20/", "/users/me/?q=%C3%A9&x=a%20b", "/users/a/", "/users/a/b", "/users/a/b/", "/users/a%2Fb", "/users/a%2F", "/users/me/?", "/users/me?",
    "/users/%2Fme", "/users/me%23x", "/users/me#x", "/strict/users/me/", "/current/any/", "/optional-route/", "/users/x+y", "/users/x+y/", "/users/a:b@c/", "/users/a!$&'()*,;=~/",
    "/users/%21%24%7E/", "/users/%22%3C%3E/", "/users/%25/", "/users/%2525/", "/users/a%3Fb/", "/users/a%23b/", "/users/[x]/", "/users/a%5Cb/", "/users/a\\b/", "/users/{x}/",
    "/users/a|b/", "/users/%F0%9F%98%80/", "/users/me/?a=/", "/?a=b", "/users/me///", "/users/me/%2F/",
]  # fmt: skip


def run(t) -> None:
    for path in PATHS:
        for method in METHODS:
            t.call(f"{method} {path}", method, path)
    for path in ODD:
        for method in ("GET", "POST", "HEAD"):
            t.call(f"{method} {path}", method, path, headers=[("Host", "example.org:81")])
    hosts(t)
    t.user("amy", login=["jwt"])
    for method in ("PATCH", "DELETE", "PUT", "OPTIONS"):
        t.call(f"{method} with a slash too many", method, "/users/me/?x=y", bearer="<<amy.jwt>>")
    t.call("escaped me", "GET", "/users/%6D%65", bearer="<<amy.jwt>>")
    t.call("escaped me, PATCH", "PATCH", "/users%2Fm%65", json={"first_name": "x"}, bearer="<<amy.jwt>>")
    t.call("escaped route", "GET", "/%61uthenticated-route", bearer="<<amy.jwt>>")
    t.call("escaped logout", "POST", "/auth%2Fjwt/logout", bearer="<<amy.jwt>>")
    t.call("query is ignored", "GET", "/users/me?id=1&id=2&x", bearer="<<amy.jwt>>")
    t.call("CORS preflight", "OPTIONS", "/users/me", headers=[("Origin", "http://x.example.com"), ("Access-Control-Request-Method", "GET")])
    t.call("Accept is ignored", "GET", "/users/me", headers=[("Accept", "text/html")], bearer="<<amy.jwt>>")
    for path in ("/users/me", "/auth/register", "/nope"):
        t.call(f"method in small letters at {path}", "get", path)
    for path, method in {"/users/me": "GET", "/nope": "GET", "/auth/register": "GET", "/superuser-route": "GET"}.items():
        answers = t.send(method, path)
        t.same(f"reason phrase of {path}", [response.reason for response in answers.responses])
        t.same(f"exact body of {path}", [response.body for response in answers.responses])
        t.same(f"content-length of {path}", [response.first("content-length") for response in answers.responses])
    for result in (t.send("POST", "/auth/jwt/logout", bearer="<<amy.jwt>>"), t.send("GET", "/users/me/"), t.send("POST", "/auth/cookie/logout", bearer="<<amy.jwt>>")):
        t.same(f"content-length of a {result.status}", [response.first("content-length") for response in result.responses])


def hosts(t) -> None:
    for host in ("h", "example.org", "EXAMPLE.org:8080", "[::1]:80", "127.0.0.1", "a.b-c_d", "x:443", "localhost:80"):
        t.call(f"Host {host!r}", "GET", "/users/me/?a=b", headers=[("Host", host)])
    t.call("no redirect, Host does not matter", "GET", "/nope", headers=[("Host", "evil.example.com")])
