"""The Redis backend: wire contract 21, 28 and 29."""

import socket

from client import TIMEOUT

ME = "/users/me"


def redis(side, *words: str):
    """One command to the side's database, in Redis' own protocol; the answer's first value."""
    with socket.create_connection(("127.0.0.1", side.redis_port), timeout=TIMEOUT) as connection:
        reader = connection.makefile("rb")

        def say(*parts):
            connection.sendall(b"*%d\r\n" % len(parts) + b"".join(b"$%d\r\n%s\r\n" % (len(p.encode()), p.encode()) for p in parts))
            return value(reader)

        say("SELECT", str(side.redis_number))
        return say(*words)


def value(reader):
    """Reads one answer."""
    kind, rest = (line := reader.readline().rstrip(b"\r\n"))[:1], line[1:]
    if kind == b"$":
        return None if rest == b"-1" else reader.read(int(rest) + 2)[:-2].decode()
    if kind == b"*":
        return [value(reader) for _ in range(int(rest))]
    return int(rest) if kind == b":" else rest.decode()


def run(t) -> None:
    t.user("red", login=["redis"])
    for side in t.sides:
        key = f"fastapi_users_token:{side.variables['red.redis']}"
        t.ensure(f"{side.name}: the key and the id as text", redis(side, "GET", key) == side.variables["red.id"], redis(side, "GET", key))
        t.ensure(f"{side.name}: it ends after an hour", 3000 < redis(side, "TTL", key) <= 3600, redis(side, "TTL", key))
    t.call("the token", "GET", ME, bearer="<<red.redis>>")
    t.call("logout", "POST", "/auth/redis/logout", bearer="<<red.redis>>")
    for side in t.sides:
        t.ensure(f"{side.name}: the key is gone", redis(side, "EXISTS", f"fastapi_users_token:{side.variables['red.redis']}") == 0)
    t.call("after logout", "GET", ME, bearer="<<red.redis>>")
    t.call("second logout", "POST", "/auth/redis/logout", bearer="<<red.redis>>")
    for label, stored in {
        "the id": lambda i: i, "capitals": str.upper, "no hyphens": lambda i: i.replace("-", ""), "braces": lambda i: "{" + i + "}", "nonsense": lambda i: "x", "empty": lambda i: "",
        "unknown": lambda i: "00000000-0000-4000-8000-000000000000", "urn": lambda i: "urn:uuid:" + i, "blanks": lambda i: f" {i} ",
    }.items():  # fmt: skip
        for side in t.sides:
            redis(side, "SET", "fastapi_users_token:planted", stored(side.variables["red.id"]))
        t.call(f"planted: {label}", "GET", ME, bearer="planted")
    for token in ("nothing", "*", "planted ", "\u00e9", "x" * 3000):
        t.call(f"token {token[:20]!r}", "GET", ME, bearer=token)
    for side in t.sides:
        redis(side, "SET", "fastapi_users_token:planted", side.variables["red.id"])
    t.call("planted at another logout", "POST", "/auth/jwt/logout", bearer="planted")
    t.call("lives on", "GET", ME, bearer="planted")
    t.call("planted at its own logout", "POST", "/auth/redis/logout", bearer="planted")
    t.call("is gone", "GET", ME, bearer="planted")
    t.login("red", "redis", "red@redis.example.com", keep="first")
    t.login("red", "redis", "red@redis.example.com", keep="second")
    t.call("one session ends", "POST", "/auth/redis/logout", bearer="<<first>>")
    t.call("the other goes on", "GET", ME, bearer="<<second>>")
    for side in t.sides:
        redis(side, "LPUSH", "fastapi_users_token:list", "x")
