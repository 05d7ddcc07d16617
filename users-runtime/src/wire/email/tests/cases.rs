//! Addresses with what the original makes of them, taken from a run of Pydantic 2.14 and email-validator 2.3.

/// Addresses that pass, and what is stored.
pub(super) const ACCEPTED: &[(&str, &str)] = &[
    ("x@x.co", "x@x.co"),
    ("Jo <jo@email.example.com>", "jo@email.example.com"),
    ("Jo<a@b.co>", "a@b.co"),
    ("<a@b.co>", "a@b.co"),
    ("José Bloggs <a@b.co>", "a@b.co"),
    ("\"Doe, J\" <a@b.co>", "a@b.co"),
    ("\"a\" <x@y.zz> \"b\" <a@b.co>", "a@b.co"),
    ("Jo <  a@b.co  >", "a@b.co"),
    (" \u{9} a@b.co\u{a0}", "a@b.co"),
    ("\u{1f}a@b.co\u{1c}", "a@b.co"),
    ("é@exämple.com", "é@exämple.com"),
    ("e\u{301}@email.example.com", "é@email.example.com"),
    ("caps@EMAIL.EXAMPLE.COM", "caps@email.example.com"),
    ("Caps.Kept@b.co", "Caps.Kept@b.co"),
    ("INFO@b.co", "info@b.co"),
    ("PostMaster@b.co", "postmaster@b.co"),
    ("info.x@b.co", "info.x@b.co"),
    ("mar\u{212a}eting@b.co", "marKeting@b.co"),
    ("A@xn--exmple-cua.com", "A@exämple.com"),
    ("a@XN--EXMPLE-CUA.com", "a@exämple.com"),
    ("a@example.c", "a@example.c"),
    ("ａfull@b.co", "ａfull@b.co"),
    ("a@ｅxample.com", "a@example.com"),
    ("a@example。com", "a@example.com"),
    ("a@example．com", "a@example.com"),
    ("a@example\u{ff61}com", "a@example.com"),
    ("a@①.com", "a@1.com"),
    ("😀@b.co", "😀@b.co"),
    ("�@b.co", "�@b.co"),
    ("a+b@b.co", "a+b@b.co"),
    ("o'neil@b.co", "o'neil@b.co"),
    ("!#$%&'*+-/=?^_`{|}~@b.co", "!#$%&'*+-/=?^_`{|}~@b.co"),
    ("-@b.co", "-@b.co"),
    ("a@a--b.com", "a@a--b.com"),
    ("a@1.com", "a@1.com"),
    ("a@example.xn--p1ai", "a@example.рф"),
    ("a@пример.рф", "a@пример.рф"),
    ("a@例子.中国", "a@例子.中国"),
    ("a@xn--80ak6aa92e.com", "a@аррӏе.com"),
    ("a@straße.com", "a@straße.com"),
    ("a@ẞ.com", "a@ß.com"),
    ("a@ς.gr", "a@ς.gr"),
    ("א@b.co", "א@b.co"),
    ("a@א.com", "a@א.com"),
    ("a@א1.com", "a@א1.com"),
    ("K@b.co", "K@b.co"),
    ("ſ@b.co", "ſ@b.co"),
    ("İ@b.co", "İ@b.co"),
    ("a@example.example", "a@example.example"),
    ("a@corp.internal", "a@corp.internal"),
    ("a@local.com", "a@local.com"),
    ("a@l·l.com", "a@l·l.com"),
    ("a@͵α.com", "a@͵α.com"),
    ("a@א׳.com", "a@א׳.com"),
    ("a@カ・ナ.com", "a@カ・ナ.com"),
    ("a@ꭰꭱ.com", "a@ᎠᎡ.com"),
    ("a@々〇.com", "a@々〇.com"),
    ("a@Ω.com", "a@ω.com"),
];

/// Addresses that are refused, and the reason; behind a sentence that quotes the Python package idna only its start.
pub(super) const REFUSED: &[(&str, &str)] = &[
    ("", "An email address must have an @-sign."),
    ("\u{9}", "An email address must have an @-sign."),
    ("a", "An email address must have an @-sign."),
    ("@", "There must be something before the @-sign."),
    ("a@", "There must be something after the @-sign."),
    ("@b.co", "There must be something before the @-sign."),
    ("Jo <>", "An email address must have an @-sign."),
    (
        "a＠b.co",
        "The email address has the \"full-width\" at-sign (@) character instead of a regular at-sign.",
    ),
    (
        "a\u{fe6b}b.co",
        "The email address has the \"small commercial at\" character instead of a regular at-sign.",
    ),
    (
        "<a@b.co",
        "An open angle bracket at the start of the email address has to be followed by a close angle bracket at the end.",
    ),
    (
        "a@b.co>",
        "The part after the @-sign contains invalid characters: '>'.",
    ),
    (
        "a<b@c.co",
        "An open angle bracket at the start of the email address has to be followed by a close angle bracket at the end.",
    ),
    (
        "Doe, J <a@b.co>",
        "The display name contains invalid characters when not quoted: ','.",
    ),
    (
        "<x> <y@b.co>",
        "The display name contains invalid characters when not quoted: '>'.",
    ),
    (
        "Jo <a@b.co> x",
        "There can't be anything after the email address.",
    ),
    (
        "J(o <a@b.co",
        "The display name contains invalid characters when not quoted: '('.",
    ),
    (
        "<Jo <a@b.co>>",
        "A display name and angle brackets around the email address are not permitted here.",
    ),
    (
        "\"\" <a@b.co>",
        "A display name and angle brackets around the email address are not permitted here.",
    ),
    (
        "\"\u{202e} <a@b.co",
        "An email address must have an @-sign.",
    ),
    (
        "a\u{a}@b.co",
        "Carriage return and line feed characters are not allowed",
    ),
    (
        "a@b.co\u{d}",
        "Carriage return and line feed characters are not allowed",
    ),
    (".a@b.co", "An email address cannot start with a period."),
    (
        "a.@b.co",
        "An email address cannot have a period immediately before the @-sign.",
    ),
    (
        "a..b@b.co",
        "An email address cannot have two periods in a row.",
    ),
    (
        "a b@b.co",
        "The email address contains invalid characters before the @-sign: SPACE.",
    ),
    (
        "a\u{0}@b.co",
        "The email address contains invalid characters before the @-sign: U+0000.",
    ),
    (
        "a\u{7f}@b.co",
        "The email address contains invalid characters before the @-sign: U+007F.",
    ),
    (
        "a\u{85}@b.co",
        "The email address contains unsafe characters: U+0085.",
    ),
    (
        "a(comment)@b.co",
        "The email address contains invalid characters before the @-sign: '(', ')'.",
    ),
    (
        "a\\b@b.co",
        "The email address contains invalid characters before the @-sign: \"\\\".",
    ),
    (
        "a'<b@b.co",
        "An open angle bracket at the start of the email address has to be followed by a close angle bracket at the end.",
    ),
    ("a:'\"b@b.co", "An email address must have an @-sign."),
    (
        "mailto:a@b.co",
        "The email address contains invalid characters before the @-sign: ':'.",
    ),
    (
        "\u{202e}a@b.co",
        "The email address contains unsafe characters: RIGHT-TO-LEFT OVERRIDE.",
    ),
    (
        "a\u{200b}@b.co",
        "The email address contains unsafe characters: ZERO WIDTH SPACE.",
    ),
    (
        "a\u{ad}@b.co",
        "The email address contains unsafe characters: SOFT HYPHEN.",
    ),
    (
        "\u{301}a@b.co",
        "The email address contains unsafe characters: COMBINING ACUTE ACCENT.",
    ),
    (
        "a\u{e000}@b.co",
        "The email address contains unsafe characters: U+E000.",
    ),
    (
        "a\u{e0001}@b.co",
        "The email address contains unsafe characters: LANGUAGE TAG.",
    ),
    (
        "a\u{2028}@b.co",
        "The email address contains unsafe characters: LINE SEPARATOR.",
    ),
    (
        "a\u{2003}b@b.co",
        "The email address contains unsafe characters: EM SPACE.",
    ),
    (
        "a\u{37e}b@b.co",
        "After Unicode normalization: The email address contains invalid characters before the @-sign: ';'.",
    ),
    (
        "\"a\"@b.co",
        "Quoting the part before the @-sign is not allowed here.",
    ),
    (
        "\"a b\"@b.co",
        "Quoting the part before the @-sign is not allowed here.",
    ),
    (
        "\"a\"b@b.co",
        "Extra character(s) found after close quote: 'b'",
    ),
    (
        "\"a\u{9}b\"@b.co",
        "The email address contains invalid characters in quotes before the @-sign: U+0009.",
    ),
    (
        "\"a\\\"@b.co\"@b.co",
        "Quoting the part before the @-sign is not allowed here.",
    ),
    (
        "a@b@c.co",
        "The part after the @-sign contains invalid characters: '@'.",
    ),
    (
        "a@exam_ple.com",
        "The part after the @-sign contains invalid characters: '_'.",
    ),
    (
        "a@exa mple.com",
        "The part after the @-sign contains invalid characters: SPACE.",
    ),
    (
        "a@b.co,c@d.co",
        "The part after the @-sign contains invalid characters: ',', '@'.",
    ),
    (
        "a@\u{301}b.co",
        "The email address contains unsafe characters: COMBINING ACUTE ACCENT.",
    ),
    (
        "a@b\u{ad}c.co",
        "The email address contains unsafe characters: SOFT HYPHEN.",
    ),
    (
        "a@a⒈com",
        "The part after the @-sign contains invalid characters: '⒈'.",
    ),
    (
        "a@a\u{2024}com",
        "The part after the @-sign contains invalid characters: '\u{2024}'.",
    ),
    (
        "a@a\u{1fef}.com",
        "The part after the @-sign contains invalid characters after Unicode normalization: '`'.",
    ),
    (
        "a@ﷺ.com",
        "The part after the @-sign contains invalid characters after Unicode normalization: SPACE.",
    ),
    (
        "a@.com",
        "An email address cannot have a period immediately after the @-sign.",
    ),
    ("a@b.co.", "An email address cannot end with a period."),
    (
        "a@b..co",
        "An email address cannot have two periods in a row.",
    ),
    (
        "a@-a.com",
        "An email address cannot have a hyphen immediately after the @-sign.",
    ),
    (
        "a@a-.com",
        "An email address cannot have a period and a hyphen next to each other.",
    ),
    ("a@a.com-", "An email address cannot end with a hyphen."),
    (
        "a@ab--cd.com",
        "An email address cannot have two letters followed by two dashes immediately after the @-sign or after a period, except Punycode.",
    ),
    (
        "a@xn--.com",
        "An email address cannot have a period and a hyphen next to each other.",
    ),
    (
        "a@xn--a-.com",
        "An email address cannot have a period and a hyphen next to each other.",
    ),
    (
        "a@xn--zzzzzz.com",
        "The part after the @-sign is not valid IDNA (",
    ),
    (
        "a@xn--a.com",
        "The part after the @-sign is not valid IDNA (",
    ),
    (
        "a@xn--a-ecp.ru",
        "The part after the @-sign is not valid IDNA (",
    ),
    ("a@😀.com", "The part after the @-sign is invalid ("),
    (
        "a@xn--e28h.com",
        "The part after the @-sign is not valid IDNA (",
    ),
    ("a@١٢.com", "The part after the @-sign is invalid ("),
    ("a@1א.com", "The part after the @-sign is invalid ("),
    ("a@lיא.com", "The part after the @-sign is invalid ("),
    ("a@l·a.com", "The part after the @-sign is invalid ("),
    ("a@a・b.com", "The part after the @-sign is invalid ("),
    ("a@א١۱.com", "The part after the @-sign is invalid ("),
    ("a@ـ.com", "The part after the @-sign is invalid ("),
    (
        "a@co",
        "The part after the @-sign is not valid. It should have a period.",
    ),
    (
        "a@localhost",
        "The part after the @-sign is not valid. It should have a period.",
    ),
    (
        "a@123.456",
        "The part after the @-sign is not valid. It is not within a valid top-level domain.",
    ),
    (
        "a@example.c0",
        "The part after the @-sign is not valid. It is not within a valid top-level domain.",
    ),
    (
        "a@foo.local",
        "The part after the @-sign is a special-use or reserved name that cannot be used with email.",
    ),
    (
        "a@test.TEST",
        "The part after the @-sign is a special-use or reserved name that cannot be used with email.",
    ),
    (
        "a@home.arpa",
        "The part after the @-sign is a special-use or reserved name that cannot be used with email.",
    ),
    (
        "a@x.onion",
        "The part after the @-sign is a special-use or reserved name that cannot be used with email.",
    ),
    (
        "a@x.localhost",
        "The part after the @-sign is a special-use or reserved name that cannot be used with email.",
    ),
    (
        "a@x.invalid",
        "The part after the @-sign is a special-use or reserved name that cannot be used with email.",
    ),
    (
        "a@[127.0.0.1]",
        "A bracketed IP address after the @-sign is not allowed here.",
    ),
    (
        "a@[1.2.3]",
        "The address in brackets after the @-sign is not valid: It is not an IPv4 address (Expected 4 octets in '1.2.3') or is missing an address literal tag.",
    ),
    (
        "a@[1.2.3.256]",
        "The address in brackets after the @-sign is not valid: It is not an IPv4 address (Octet 256 (> 255) not permitted in '1.2.3.256') or is missing an address literal tag.",
    ),
    (
        "a@[01.2.3.4]",
        "The address in brackets after the @-sign is not valid: It is not an IPv4 address (Leading zeros are not permitted in '01' in '01.2.3.4') or is missing an address literal tag.",
    ),
    (
        "a@[1..2.3]",
        "The address in brackets after the @-sign is not valid: It is not an IPv4 address (Empty octet not permitted in '1..2.3') or is missing an address literal tag.",
    ),
    (
        "a@[IPv6:::1]",
        "A bracketed IP address after the @-sign is not allowed here.",
    ),
    (
        "a@[IPv6:1:2]",
        "The IPv6 address in brackets after the @-sign is not valid (At least 3 parts expected in '1:2').",
    ),
    (
        "a@[IPv6:1::2::3]",
        "The IPv6 address in brackets after the @-sign is not valid (At most one '::' permitted in '1::2::3').",
    ),
    (
        "a@[IPv6:g::]",
        "The IPv6 address in brackets after the @-sign is not valid (Only hex digits permitted in 'g' in 'g::').",
    ),
    (
        "a@[IPv6::1:2:3:4:5:6:7]",
        "The IPv6 address in brackets after the @-sign is not valid (Leading ':' only permitted as part of '::' in ':1:2:3:4:5:6:7').",
    ),
    (
        "a@[IPv6:1:2:3:4:5:6:7:]",
        "The IPv6 address in brackets after the @-sign is not valid (Trailing ':' only permitted as part of '::' in '1:2:3:4:5:6:7:').",
    ),
    (
        "a@[IPv6:1:2:3:4:5:6:7:8:9]",
        "The IPv6 address in brackets after the @-sign is not valid (Exactly 8 parts expected without '::' in '1:2:3:4:5:6:7:8:9').",
    ),
    (
        "a@[IPv6:::ffff:1.2.3]",
        "The IPv6 address in brackets after the @-sign is not valid (Expected 4 octets in '1.2.3' in '::ffff:1.2.3').",
    ),
    (
        "a@[abc]",
        "The part after the @-sign in brackets is not an IPv4 address and has no address literal tag.",
    ),
    (
        "a@[x:y]",
        "The part after the @-sign contains an invalid address literal tag in brackets.",
    ),
    (
        "a@[x y:z]",
        "The part after the @-sign contains invalid characters in brackets: SPACE.",
    ),
];
