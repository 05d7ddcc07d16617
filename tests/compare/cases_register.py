"""POST /auth/register: wire contract 4, 7, 8, 12, 13 and what concurrent requests do."""

from concurrent.futures import ThreadPoolExecutor

import client
from suite import PASSWORD, Differs

PATH = "/auth/register"
TRUTHS = ["yes", "on", "T", "t", "Y", "1", "TRUE", "True", "tRue", "true", 1, 1.0, True, None, "0", "off", "NO", "f", "n"]
TRUTHS += [0, 0.0, -0.0, False, "false", "FALSE", "oN", "Off"]
LIES = ["maybe", 2, -1, 1.5, 0.5, "", " true", "true ", "01", "1.0", "null", "None", "\u00b2", [], {}, [True], 10**30, 1e300, "tr\0ue"]
LIES += [2.0, -1.0, 1e2, 1e15, 9.2e18, 9.3e18, -1e19, 2**63 - 1, 2**63, -(2**63) - 1, "y e s", "yess"]


def run(t) -> None:
    accepted(t)
    coercions(t)
    passwords(t)
    names(t)
    types(t)
    unspeakable(t)
    race(t)


def register(t, label, email, password=PASSWORD, ours=None, **more):
    body = {"email": email, "password": password} | more
    return t.call(label, "POST", PATH, json=body, ours=ours)


def accepted(t) -> None:
    register(t, "plain", "plain@reg.example.com")
    extra = {"id": "x", "hashed_password": "x", "oauth_accounts": [1], "foo": {"bar": None}}
    register(t, "unknown fields are ignored", "unknown@reg.example.com", **extra)
    flags = {"is_superuser": True, "is_verified": "yes", "is_active": False, "first_name": "A", "last_name": "B"}
    register(t, "flags are ignored", "flags@reg.example.com", **flags)
    t.same("flags stored", t.rows("user", "is_active", "is_superuser", "is_verified", email="flags@reg.example.com"))
    nulls = {"is_superuser": None, "is_verified": None, "is_active": None, "first_name": None, "last_name": None}
    register(t, "nulls", "nulls@reg.example.com", **nulls)
    t.call("fields in another order", "POST", PATH, json={"last_name": "L", "password": PASSWORD, "email": "order@reg.example.com"})
    twice = f'{{"email":"bad","email":"twice@reg.example.com","password":1,"password":"{PASSWORD}"}}'
    t.call("the last of duplicate keys counts", "POST", PATH, body=twice, content_type="application/json")
    register(t, "taken", "plain@reg.example.com")
    register(t, "taken, in capitals", "PLAIN@reg.example.com")
    register(t, "taken, with a name", "Plain <plain@reg.example.com>")
    register(t, "taken, domain in capitals", "plain@REG.Example.com")
    register(t, "a plus is another address", "plain+1@reg.example.com")
    t.call("signed in or not does not matter", "POST", PATH, json={"email": "in@reg.example.com", "password": PASSWORD}, bearer="x")


def coercions(t) -> None:
    for value in TRUTHS + LIES:
        for flag in ("is_active", "is_superuser", "is_verified") if value in ("yes", "maybe", 2) else ("is_active",):
            register(t, f"{flag} {value!r}", "bad", **{flag: value})
    register(t, "a flag as 1e0", "one@reg.example.com", is_active=1.0, is_superuser="on", is_verified=None)


def passwords(t) -> None:
    register(t, "two characters", "short@reg.example.com", "ab")
    register(t, "two letters with accents", "short@reg.example.com", "\u00e9\u00e9")
    register(t, "two emoji", "short@reg.example.com", "\U0001f600\U0001f600")
    register(t, "empty password", "short@reg.example.com", "")
    register(t, "three characters", "three@reg.example.com", "abc")
    register(t, "three letters with accents", "three2@reg.example.com", "\u00e9\u00e9\u00e9")
    register(t, "blanks are a password", "three3@reg.example.com", "   ")
    register(t, "password with the address", "inside@reg.example.com", "my inside@reg.example.com!")
    register(t, "the address in other capitals", "inside2@reg.example.com", "my INSIDE2@reg.example.com!")
    register(t, "the normalised address counts", "Inside3@REG.example.com", "my Inside3@reg.example.com!")
    register(t, "the address as typed does not count", "Inside4@REG.example.com", "my Inside4@REG.example.com!")
    register(t, "short before taken", "plain@reg.example.com", "ab")
    register(t, "address in password before taken", "plain@reg.example.com", "plain@reg.example.com")
    register(t, "long password", "long@reg.example.com", "x" * 5000)
    register(t, "password with NUL", "nul@reg.example.com", "a\0bc")
    register(t, "password beyond the first plane", "emoji@reg.example.com", "\U0001f600" * 3)


def names(t) -> None:
    for label, value in {
        "100": "x" * 100, "101": "x" * 101, "100 accents": "\u00e9" * 100, "101 accents": "\u00e9" * 101,
        "100 emoji": "\U0001f600" * 100, "101 emoji": "\U0001f600" * 101, "empty": "", "number": 1, "true": True, "list": ["x"],
        "object": {"x": 1}, "float": 1.5, "null": None, "50 pairs that combine": "e\u0301" * 50, "51 pairs": "e\u0301" * 51,
        "big number": 10**40, "tiny number": 1e-7, "large float": 1.5e22,
    }.items():  # fmt: skip
        register(t, f"first name of {label}", "bad", first_name=value)
        register(t, f"last name of {label}", "bad", last_name=value)
    register(t, "names of 100 emoji are stored", "names@reg.example.com", first_name="\U0001f600" * 100, last_name=" <b>\"'\\\u2028\x7f ")
    register(t, "both names too long", "bad", first_name="x" * 101, last_name="y" * 200)
    if t.database != "postgres":
        register(t, "name with NUL", "nul2@reg.example.com", first_name="a\0b")
    else:
        register(t, "name with NUL", "nul2@reg.example.com", first_name="a\0b", ours=Differs(500, 422))


def types(t) -> None:
    for value in (None, 1, True, [], {}, 1.5, "", " ", "plain", ["a@b.co"], {"a": "b@c.de"}):
        register(t, f"e-mail {value!r}", value)
    for value in (None, 1, True, [], {}, 1.5, ["secret word"], {"a": "secret word"}):
        register(t, f"password {value!r}", "types@reg.example.com", value)
    t.call("empty object", "POST", PATH, json={})
    t.call("only the e-mail", "POST", PATH, json={"email": "types@reg.example.com"})
    t.call("only the password", "POST", PATH, json={"password": PASSWORD})
    t.call("only a name", "POST", PATH, json={"first_name": "x"})
    wrong = {"last_name": 1, "first_name": 2, "is_verified": "x", "is_superuser": "x", "is_active": "x", "password": 1, "email": 1}
    t.call("all wrong, in the schema's order", "POST", PATH, json=wrong)
    t.call("missing and wrong together", "POST", PATH, json={"is_verified": "x", "last_name": "x" * 101})


def unspeakable(t) -> None:
    def raw(label, body, ours=None):
        t.call(label, "POST", PATH, body=body, content_type="application/json", ours=ours)

    refused = Differs(500, 422)
    raw("lone surrogate in a name", '{"email":"s1@reg.example.com","password":"correct horse","first_name":"\\ud800"}', refused)
    raw("lone surrogate in the e-mail", '{"email":"\\ud800@reg.example.com","password":"correct horse"}', refused)
    raw("lone surrogate in the password", '{"email":"s2@reg.example.com","password":"\\udfffabc"}', refused)
    raw("raw lone surrogate", b'{"email":"s3@reg.example.com","password":"a\xed\xa0\x80bc"}', refused)
    raw("lone surrogate echoed", '{"email":"\\ud800"}', refused)
    raw("lone surrogate in a key echoed", '{"\\ud800":1}', refused)
    raw("NaN echoed", '{"email":NaN,"password":"correct horse"}', refused)
    raw("NaN as a flag", '{"email":"s4@reg.example.com","password":"correct horse","is_active":NaN}', refused)
    raw("infinity not echoed", '{"email":"bad","password":"correct horse","a":-Infinity}')
    raw("infinity echoed next to a wrong field", '{"email":"bad","a":-Infinity}', refused)
    raw("infinity echoed in a missing field", '{"a":-Infinity}', refused)
    raw("a float that overflows, echoed", '{"a":1e400}', refused)
    for whole in ("NaN", "Infinity", "-Infinity", '"\\ud800"', "1e999"):
        raw(f"{whole} as the body", whole, refused)
    raw("lone surrogate ignored", '{"email":"s5@reg.example.com","password":"correct horse","x":"\\ud800"}')
    raw("NaN ignored", '{"email":"s6@reg.example.com","password":"correct horse","x":NaN,"y":[-Infinity]}')
    raw("surrogate pair", '{"email":"s7@reg.example.com","password":"\\ud83d\\ude00ab","first_name":"\\ud83d\\ude00"}')
    raw("reversed pair ignored", '{"email":"s8@reg.example.com","password":"correct horse","x":"\\ude00\\ud83d"}')


def race(t) -> None:
    """Of registrations at the same time one wins; ours tells the others so."""

    def outcome(side, emails):
        def one(email):
            body = f'{{"email":"{email}","password":"{PASSWORD}"}}'.encode()
            headers = [("Content-Type", "application/json")]
            return client.exchange(side.process.port, client.render("POST", PATH, headers, body, "x"), "POST")

        with ThreadPoolExecutor(len(emails)) as pool:
            answers = list(pool.map(one, emails))
        side.lines()
        taken = {"detail": "REGISTER_USER_ALREADY_EXISTS"}
        return sorted(answer.status for answer in answers), all(a.json() == taken for a in answers if a.status != 201)

    for label, emails in {
        "same address": ["race@reg.example.com"] * 6,
        "other capitals": ["Race2@reg.example.com", "race2@reg.example.com", "RACE2@reg.example.com", "raCe2@reg.example.com"],
    }.items():
        statuses, coded = outcome(t.sides[1], emails)
        t.ours_only(f"race, {label}: one wins", statuses == [201] + [400] * (len(emails) - 1), statuses)
        t.ours_only(f"race, {label}: the others are told", coded)
        rows = [email for (email,) in t.sides[1].database.rows("user", ["email"]) if email.lower() == emails[0].lower()]
        t.ours_only(f"race, {label}: one row", len(rows) == 1, rows)
