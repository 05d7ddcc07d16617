"""What is an e-mail address, and how it is stored and found again: wire contract 9, 10, 11."""

from suite import PASSWORD, Differs

# Cases in which something is accepted or refused; the answers are compared, so none is written down here.
ADDRESSES = [
    "Jo <jo@{}>", "Jo Bloggs <jb@{}>", "<angle@{}>", "angle@{}>", "<angle2@{}", '"Doe, J" <doe@{}>', "Doe, J <doe2@{}>", "<x> <y@{}>",
    "Jo<nospace@{}>", "Jo <  blank@{}  >", "Jo <tail@{}> x", "\"Jo\" <jo2@{}>", "'Jo' <jo3@{}>", "Jos\u00e9 <jo4@{}>", "Jo <>", "Jo < >",
    "\u00e9@ex\u00e4mple.com", "\u00e9@{}", "e\u0301nfc@{}", "caps@EMAIL.EXAMPLE.COM", "Caps.Kept@{}", "a@xn--exmple-cua.com",
    "a@XN--EXMPLE-CUA.com", "a@{}.", "a@exam_ple.com", "a@123.456", "a@example.c", "a@example.123", "a@.com", "a@@b.com", "a@b@c.com",
    ".a@{}", "a.@{}", "a..b@{}", "a@example..com", "a\0@{}", "a\n@{}", "a@{}\n", "\ra@{}", "a@{}\r\n", " space@{} ", "\ttab@{}\t",
    "\u00a0nbsp@{}", "nbsp@{}\u00a0", "a b@{}", "a@exa mple.com", "\uff41full@{}", "a@\uff45xample.com", "\u202ea@{}", "a\u200b@{}",
    "\U0001f600@{}", "a@\U0001f600.com", "a@invalid", "a@example.invalid", "a@foo.local", "a@foo.onion", "a@foo.arpa", "a@test.test",
    "a@foo.localhost", "a@localhost", "a+b@{}", "o'neil@{}", "a@xn--zzzzzz.com", "", " ", "\t", "a@-a.com", "a@a-.com", "a@a--b.com",
    "a@{},b@{}", "a@{}; b@{}", "K@{}", "\u212a@{}", "\u017f@{}", "\u0130@{}", "\u0131@{}", "\u00df@{}", "a@stra\u00dfe.com", "a@STRASSE2.com",
    "a@example.example", "a@example", "a@[127.0.0.1]", "a@127.0.0.1", "a@[IPv6:::1]", '"quoted"@{}', '"quo ted"@{}', "a@{}@", "@{}", "a@",
    "@", "a", "plainaddress", "mailto:a@{}", "!#$%&'*+-/=?^_`{{|}}~@{}", "a(comment)@{}", "a@{}(comment)", "a\\b@{}", "a,b@{}", "a:b@{}",
    "a;b@{}", "a<b@{}", "a[b]@{}", "1@{}", "-@{}", "_@{}", "a@1.com", "a@1.co", "a@co", "a@a.b.c.d.e.f.example.com", "a@example.xn--p1ai",
    "a@\u043f\u0440\u0438\u043c\u0435\u0440.\u0440\u0444", "\u0444@\u043f\u0440\u0438\u043c\u0435\u0440.\u0440\u0444", "a@\u4f8b\u5b50.\u4e2d\u56fd",
    "\u4f60@{}", "a@e\u0301xample.com", "\u0301a@{}", "a@\u0301example.com", "a@ex\u00adample.com", "a\u00ad@{}", "a@exa\u200dmple.com",
    "a@example\u3002com", "a@example\uff0ecom", "a@\u2460.com", "a@xn--.com", "a@xn--a.com", "a@ab--cd.com", "a@xn--80ak6aa92e.com",
    "a@\u1e9e.com", "a@fa\u00df.de", "a@\u03c2.gr", "a@\u0661\u0662.com", "\u05d0@{}", "a@\u05d0.com", "a@1\u05d0.com", "a\x7f@{}",
    "a\x1f@{}", "a\u0085@{}", "a\ufffd@{}", "a\ue000@{}", "a\U000e0001@{}", "a\u2028@{}", "\ufeffa@{}", "a@{}\ufeff", "a@www.example.com",
    "a@sub.test", "a@test.com", "a@local.com", "a@home.arpa", "a@internal.lan", "a@corp.internal", "a@alt.alt", "a@X.CO", "A@Ab.Co",
    "INFO@{}", "Postmaster@{}", "Info+x@{}", "WWW@{}", "Admin@{}", "Root@{}", "a\uff20b.com", "a\ufe6bb.com", "Jo@<a@{}>", "a@{} <b@{}>", "Jo. Bl <a@{}>",
    '"Jo\\" x" <a@{}>', '"" <a@{}>', "\u00a0Jo\u00a0<a@{}>", "Jo\t<a@{}>", "Jo\u200b <a@{}>", "<<a@{}>>x", "< a@{} >", "<\u00a0a@{}\u00a0>", "a@\uff61com",
    "a@b\uff61com", "a@1.2.3.c", "a@xn--fa-hia.de", "a@xn--strae-oqa.com", "a@XN--P1AI", "a@foo.xn--p1ai", "a@foo.TEST", "a@foo.Local", "a@test", "a@\u017fite.com",
    "a@\u212aelvin.com", "\u1e9e@{}", "\u0344@{}", "a\u0344b@{}", "\u1100\u1161@{}", "a@\u1100\u1161.com", "a\u3000@{}", "a\u2003b@{}", "a@b\u2003.com", "\u0378@{}",
    "a@\u0378.com", "a@\u2024com", "a@x\u2024com", "a@\u248a.com", "a@a\u1fef.com", "a@-.com", "a@a.-b.com", "a@b-", "a@b.c-", "a@xn--zca.com", "a@--.com", "a@a_b.com",
    "a@\u00b7.com", "a@l\u00b7l.com", "a@\u0660.com", "a@\u06f0\u0660.ir", "a@\u0301.com", "a@ab.\u0301c", "a\u0301\u0301@{}", "\u202e@{}", "a@\u202eb.com",
    "a@\u2460\u2461.com", "a@\U0001d400.com", "a@\ufb01sh.com", "\ufb01@{}", "a@b.\u4e2d", "a@b.c\u00e9", "a@EX\u00c4MPLE.com", "\u00c4@{}", "a@.", "a@..", "a@a.b.", "a@-", "a'b\"c@{}",
]  # fmt: skip
LENGTHS = [
    ("l" * 64, "len.example.com"), ("m" * 65, "len.example.com"), ("n" * 200, "len.example.com"), ("o" * 238, "len.example.com"),
    ("p" * 239, "len.example.com"), ("q" * 300, "len.example.com"), ("\u00e9" * 100, "len.example.com"), ("\u00e9" * 119, "len.example.com"),
    ("\u00e9" * 120, "len.example.com"), ("\u00e9" * 200, "len.example.com"), ("\U0001f600" * 59, "len.example.com"),
    ("\U0001f600" * 60, "len.example.com"), ("r", "d" * 63 + ".example.com"), ("s", "d" * 64 + ".example.com"),
    ("t", ".".join(["d" * 63] * 3) + ".example"), ("u", ".".join(["d" * 60] * 4) + ".com"), ("v", ".".join(["d" * 62] * 4) + ".com"),
    ("w", "\u00e9" * 55 + ".com"), ("x", "\u00e9" * 60 + ".com"), ("y", "example." + "c" * 63), ("z", "example." + "c" * 64),
    ("b" * 2000, "len.example.com"), ("c", "d" * 3000 + ".com"), ("", "d" * 100 + ".com"), ("e" * 500, ""), ("f" * 2100, "x"),
]  # fmt: skip


def run(t) -> None:
    for address in ADDRESSES:
        email = address.replace("{}", "email.example.com").replace("{{", "{").replace("}}", "}")
        # A short password tells whether the address was accepted without the price of a hash.
        t.call(f"address {email!r}", "POST", "/auth/register", json={"email": email, "password": "pw"})
    for local, domain in LENGTHS:
        body = {"email": f"{local}@{domain}", "password": "pw"}
        t.call(f"lengths {len(local)} of {local[:1]!r} and {len(domain)}", "POST", "/auth/register", json=body)
    name = {"email": "N" * 2000 + " <named@email.example.com>", "password": "pw"}
    t.call("a long display name", "POST", "/auth/register", json=name)
    name["email"] = "N" * 1900 + " <named@email.example.com>"
    t.call("a display name that is just short enough", "POST", "/auth/register", json=name)
    stored(t)
    found(t)
    shown(t)


def stored(t) -> None:
    """Where the form that is stored differs from what was sent."""
    for email in (
        "Jo <st1@EMAIL.example.com>", ' \t"Doe, J" <St2@email.example.com>\t ', "st3e\u0301@email.example.com", "st4@xn--exmple-cua.com",
        "st5@\uff45xample.com", "\uff41st6@email.example.com", "\U0001f600st7@email.example.com", "st8@STRA\u00dfE.com", "st9\u212a@email.example.com",
        "st10@example\u3002com", "s" * 200 + "@email.example.com", "St11+Tag@Email.Example.Com", "st12@e\u0301xample.com",
    ):  # fmt: skip
        t.call(f"stored {email[:60]!r}", "POST", "/auth/register", json={"email": email, "password": PASSWORD})


def found(t) -> None:
    """Lookups compare with the database's `lower()`."""

    def register(label, email):
        return t.call(label, "POST", "/auth/register", json={"email": email, "password": PASSWORD})

    register("with a diaeresis", "zo\u00eb@email.example.com")
    register("in capitals: another user on SQLite only", "ZO\u00cb@email.example.com")
    register("the same in ASCII capitals", "ZO\u00eb@email.example.com")
    register("Kelvin sign", "\u212aelvin@email.example.com")
    register("k is not the Kelvin sign on SQLite", "kelvin@email.example.com")
    register("a domain's capitals", "zo\u00eb@EMAIL.example.com")
    t.user("mixed", email="Mixed.Case@email.example.com")
    for username in (
        "Mixed.Case@email.example.com", "mixed.case@email.example.com", "MIXED.CASE@EMAIL.EXAMPLE.COM", " mixed.case@email.example.com",
        "mixed.case@email.example.com ", "Mixed <mixed.case@email.example.com>", "zo\u00eb@email.example.com", "ZO\u00eb@email.example.com",
        "zoe\u0308@email.example.com", "%", "_ixed.case@email.example.com", "mixed.case@%", "' OR 1=1 --", "", "x" * 5000,
    ):  # fmt: skip
        form = {"username": username, "password": PASSWORD}
        # The collations of MySQL and MariaDB do not see a blank at the end, so the original does not either.
        padded = t.database == "mysql" and username.endswith(" ")
        ours = Differs(200, 400, {"detail": "LOGIN_BAD_CREDENTIALS"}, []) if padded else None
        t.call(f"login as {username[:60]!r}", "POST", "/auth/jwt/login", form=form, ours=ours)
    for email in ("MIXED.case@email.example.com", "Mixed <mixed.case@email.example.com>", " mixed.case@email.example.com"):
        t.call(f"forgot {email!r}", "POST", "/auth/forgot-password", json={"email": email})
        t.call(f"verify {email!r}", "POST", "/auth/request-verify-token", json={"email": email})


def shown(t) -> None:
    """What is stored is validated again when it is shown."""
    t.user("odd", login=["jwt"])
    t.user("shouting", login=["jwt"], email="shouting@email.example.com")
    t.change("user", {"email": "shouting@email.example.com"}, email="SHOUTING@EMAIL.EXAMPLE.COM")
    t.call("a stored domain in capitals", "GET", "/users/me", bearer="<<shouting.jwt>>")
    t.call("a greeting shows it as stored", "GET", "/authenticated-route", bearer="<<shouting.jwt>>")
    t.change("user", {"email": "<<odd.email>>"}, email="no address")
    t.call("a stored text that is no address", "GET", "/users/me", bearer="<<odd.jwt>>", ours=Differs(500, 200))
    t.call("a greeting does not mind", "GET", "/authenticated-route", bearer="<<odd.jwt>>")
