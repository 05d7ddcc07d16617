"""Every guard with every kind of user and credential: wire contract 3, 21, 31."""

from itertools import product

GUARDS = ["any", "active", "verified", "superuser", "verified-superuser", "verified-any", "superuser-any"]
ROUTES = ["/authenticated-route", "/verified-route", "/superuser-route", "/optional-route", "/current/only-jwt"]
ROUTES += [f"/{kind}/{guard}" for kind in ("current", "optional") for guard in GUARDS]
CREDENTIALS = {"jwt": {"bearer": "<<one.jwt>>"}, "cookie": {"cookie": "<<one.cookie>>"}, "db": {"bearer": "<<one.db>>"}, "redis": {"bearer": "<<one.redis>>"}}


def run(t) -> None:
    t.user("one", login=list(CREDENTIALS))
    for route in ROUTES:
        t.call(f"{route} with nothing", "GET", route)
        t.call(f"{route} with a bad token", "GET", route, bearer="x")
        t.call(f"{route} with a bad cookie", "GET", route, cookie="x")
    for active, verified, superuser in product((True, False), repeat=3):
        t.flags("one", is_active=active, is_verified=verified, is_superuser=superuser)
        state = f"active={active:d} verified={verified:d} superuser={superuser:d}"
        for route in ROUTES:
            t.call(f"{route} for {state}", "GET", route, bearer="<<one.jwt>>")
        for path in ("/users/me", "/users/<<one.id>>", "/strict/users/me", "/strict/users/<<one.id>>"):
            t.call(f"{path} for {state}", "GET", path, bearer="<<one.jwt>>")
        for path in ("/auth/jwt/logout", "/strict/auth/jwt/logout", "/auth/cookie/logout"):
            t.call(f"{path} for {state}", "POST", path, bearer="<<one.jwt>>")
    for active in (True, False):
        t.flags("one", is_active=active, is_verified=False, is_superuser=False)
        for (kind, sent), route in product(CREDENTIALS.items(), ROUTES):
            t.call(f"{route} with {kind}, active={active:d}", "GET", route, **sent)
    t.call("no such guard", "GET", "/current/nothing", bearer="<<one.jwt>>")
