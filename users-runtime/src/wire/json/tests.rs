//! The answers of Python 3.11's `json.loads`, as probed on the original.

use serde_json::json;

use super::{Json, MAX_VALUES, ReadError, read, read_at_most};

const VALUE: &str = "Expecting value";
const KEY: &str = "Expecting property name enclosed in double quotes";
const COLON: &str = "Expecting ':' delimiter";
const COMMA: &str = "Expecting ',' delimiter";
const EXTRA: &str = "Extra data";
const UNTERMINATED: &str = "Unterminated string starting at";
const CONTROL: &str = "Invalid control character at";
const ESCAPE: &str = "Invalid \\escape";
const UNICODE_ESCAPE: &str = "Invalid \\uXXXX escape";

#[track_caller]
fn fails(body: impl AsRef<[u8]>, position: usize, error: &'static str) {
    let body = body.as_ref();
    assert_eq!(
        read(body),
        Err(ReadError::Invalid { position, error }),
        "{:?}",
        String::from_utf8_lossy(body)
    );
}

/// Compares by way of the echo, as values do not print themselves.
#[track_caller]
fn reads(body: impl AsRef<[u8]>, echo: &str) {
    let body = body.as_ref();
    let value = read(body)
        .unwrap_or_else(|error| panic!("{error:?} for {:?}", String::from_utf8_lossy(body)));
    assert_eq!(serde_json::to_string(&value).unwrap(), echo);
}

#[track_caller]
fn unreadable(body: impl AsRef<[u8]>) {
    assert_eq!(read(body.as_ref()), Err(ReadError::Unreadable));
}

fn utf16(text: &str, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(unit).collect()
}

fn utf32(text: &str, unit: fn(u32) -> [u8; 4]) -> Vec<u8> {
    text.chars()
        .flat_map(|character| unit(character.into()))
        .collect()
}

#[test]
fn values_that_do_not_come() {
    for (body, position) in [
        ("", 0),
        (" ", 1),
        (" \t\n\r", 4),
        ("[", 1),
        ("[1,", 3),
        ("[1,]", 3),
        ("[,1]", 1),
        ("{\"a\":", 5),
    ] {
        fails(body, position, VALUE);
    }
    for body in [
        "nul", "tru", "-", "+1", ".5", "-Inf", "--1", "x", "\u{c}{}", "\u{a0}{}", "１",
    ] {
        fails(body, 0, VALUE);
    }
    fails("{\"a\":\n}", 6, VALUE);
    fails("{\"a\":[}", 6, VALUE);
}

#[test]
fn missing_keys_colons_and_commas() {
    for (body, position) in [
        ("{", 1),
        ("{ ", 2),
        ("{,}", 1),
        ("{a:1}", 1),
        ("{'a':1}", 1),
        ("{\n\"a\"\n:\n1,\n}", 11),
    ] {
        fails(body, position, KEY);
    }
    for body in [
        r#"{"a":1,"#,
        r#"{"a":1,}"#,
        r#"{"a":1,,}"#,
        r#"{"a":1,1:2}"#,
    ] {
        fails(body, 7, KEY);
    }
    for (body, position) in [(r#"{"a""#, 4), (r#"{"a" 1}"#, 5), (r#"{ "a" "#, 6)] {
        fails(body, position, COLON);
    }
    let commas = [
        (r#"{"a":1"#, 6),
        (r#"{"a":1 "b":2}"#, 7),
        ("[1 2]", 3),
        ("[1", 2),
        ("[1 ", 3),
        (r#"{"a":01}"#, 6),
        (r#"{"a":1.}"#, 6),
    ];
    for (body, position) in commas {
        fails(body, position, COMMA);
    }
}

#[test]
fn text_behind_the_value() {
    for (body, position) in [
        ("{}x", 2),
        ("{} {}", 3),
        ("[]]", 2),
        ("{}}", 2),
        ("1 2", 2),
        (r#""a" "b""#, 4),
        ("nullx", 4),
        ("-01", 2),
    ] {
        fails(body, position, EXTRA);
    }
    for body in ["01", "1.", "1e", "1E", "1e+", "0x1", "1.e5"] {
        fails(body, 1, EXTRA);
    }
}

#[test]
fn broken_strings() {
    for (body, position) in [
        ("\"", 0),
        ("\"abc", 0),
        ("\"abc\\", 0),
        ("{\"a\":\"abc", 5),
        ("{\"a\":\"\\", 5),
        ("{\"a", 1),
    ] {
        fails(body, position, UNTERMINATED);
    }
    for control in '\0'..' ' {
        fails(format!("{{\"a\":\"é{control}\"}}"), 7, CONTROL);
    }
    fails(r#"{"a":"\x"}"#, 6, ESCAPE);
    for tail in [
        r#"\u12"}"#,
        r#"\u12g4"}"#,
        r#"\u"}"#,
        r"\ud800",
        r"\u",
        r#"\u+123""#,
        r#"\ué123""#,
    ] {
        fails(format!("{{\"a\":\"{tail}"), 7, UNICODE_ESCAPE);
    }
    fails(r#""\ud83d\ude0""#, 8, UNICODE_ESCAPE);
    fails(r#""\ud83d\ude00"#, 8, UNICODE_ESCAPE);
    fails(r#""\ud83d\x""#, 7, ESCAPE);
}

#[test]
fn positions_count_code_points() {
    for body in ["{\"é\":}", "{\"😀\":}", "\u{feff}{\"€\":}"] {
        fails(body, 5, VALUE);
    }
    fails(b"[\"\xed\xa0\x80\",", 5, VALUE);
    fails("\u{feff}{", 1, KEY);
    fails("\u{feff}\u{feff}{}", 0, VALUE);
    fails(utf16("\u{feff}[\"😀\"", u16::to_le_bytes), 4, COMMA);
}

#[test]
fn strings() {
    reads(
        r#""\"\\\/\b\f\n\r\t\u00e9\u00E9""#,
        "\"\\\"\\\\/\\b\\f\\n\\r\\téé\"",
    );
    reads(r#""a\ud83d\ude00b\uffff""#, "\"a😀b\u{ffff}\"");
    reads("\"\u{7f}\u{2028}\"", "\"\u{7f}\u{2028}\"");
}

#[test]
fn lone_surrogates() {
    let escaped = [
        r#""\ud800""#,
        r#""a\ude00b""#,
        r#""\ude00\ud83d""#,
        r#""\ud83d\u0041""#,
        r#""\ud83d\ud83d\ude00""#,
    ];
    for body in escaped.map(str::as_bytes).into_iter().chain([
        b"\"\xed\xa0\x80\"".as_slice(),
        b"\"\xed\xa0\xbd\xed\xb8\x80\"",
        b"\"\\ud83d\xed\xb8\x80\"",
        b"\"\0\0\xd8\"\0",
        b"\0\0\0\"\0\0\xd8\x3d\0\0\xde\0\0\0\0\"",
    ]) {
        assert!(read(body) == Ok(Json::Surrogates), "{body:?}");
    }
    reads(r#"{"a":1,"\ud800":2,"b":"\ud800"}"#, r#"{"a":1,"b":null}"#);
    reads(utf16("\"😀\"", u16::to_be_bytes), "\"😀\"");
}

#[test]
fn numbers() {
    for (body, value) in [
        ("0", 0),
        ("-0", 0),
        ("-12", -12),
        ("9223372036854775807", i64::MAX),
        ("-9223372036854775808", i64::MIN),
    ] {
        assert!(read(body.as_bytes()) == Ok(Json::Int(value)), "{body}");
    }
    for body in [
        "9223372036854775808",
        "-9223372036854775809",
        "123456789012345678901234567890",
    ] {
        assert!(
            read(body.as_bytes()) == Ok(Json::BigInt(body.to_owned())),
            "{body}"
        );
        reads(format!("[{body}]"), &format!("[{body}]"));
    }
    let floats = [
        ("1.5", 1.5),
        ("1E-2", 0.01),
        ("1e400", f64::INFINITY),
        ("-1e400", f64::NEG_INFINITY),
        ("Infinity", f64::INFINITY),
    ];
    for (body, value) in floats {
        assert!(read(body.as_bytes()) == Ok(Json::Float(value)), "{body}");
    }
    assert!(matches!(read(b"-0.0"), Ok(Json::Float(zero)) if zero.is_sign_negative()));
    assert!(matches!(read(b"NaN"), Ok(Json::Float(value)) if value.is_nan()));
    reads("[NaN,-Infinity,1e999,1.25]", "[null,null,null,1.25]");
}

#[test]
fn integers_have_a_most_of_digits() {
    let longest = "7".repeat(4300);
    reads(&longest, &longest);
    reads(format!("-{longest}"), &format!("-{longest}"));
    unreadable(format!("{longest}7"));
    unreadable(format!("[{longest}7 x"));
    assert!(read(format!("{longest}7.0").as_bytes()) == Ok(Json::Float(f64::INFINITY)));
}

#[test]
fn nesting_has_an_end() {
    fails("[".repeat(950), 950, VALUE);
    reads(
        "[".repeat(960) + &"]".repeat(960),
        &("[".repeat(960) + &"]".repeat(960)),
    );
    unreadable("[".repeat(961));
    unreadable("[".repeat(980) + "x");
    unreadable("{\"a\":".repeat(1_000_000));
    fails("[".repeat(100) + "x" + &"[".repeat(1000), 100, VALUE);
    reads(
        format!("[{}[]]", "[],".repeat(2000)),
        &format!("[{}[]]", "[],".repeat(2000)),
    );
}

#[test]
fn values_have_a_most() {
    let list = |count: usize| format!("[{}0]", "0,".repeat(count - 2));
    reads(list(MAX_VALUES), &list(MAX_VALUES));
    unreadable(list(MAX_VALUES + 1));
    // Containers count, and so do the values of keys that come again.
    unreadable(format!("[{}[]]", "[[]],".repeat(MAX_VALUES / 2)));
    unreadable(format!("{{{}\"a\":0}}", "\"a\":0,".repeat(MAX_VALUES)));
    for body in ["[0,[1]]", "{\"a\":0,\"b\":{}}"] {
        let (all, fewer) = (body.matches(['0', '1', '{', '[']).count(), 2);
        assert!(read_at_most(body.as_bytes(), all).is_ok(), "{body}");
        assert_eq!(
            read_at_most(body.as_bytes(), fewer),
            Err(ReadError::Unreadable),
            "{body}"
        );
    }
}

#[test]
fn values_are_small() {
    assert!(size_of::<Json>() <= 32, "{}", size_of::<Json>());
}

#[test]
fn encodings() {
    let body = "{\"é\":\"😀\"}";
    let marked = format!("\u{feff}{body}");
    for text in [body, &marked] {
        reads(text, body);
        reads(utf16(text, u16::to_be_bytes), body);
        reads(utf16(text, u16::to_le_bytes), body);
        reads(utf32(text, u32::to_be_bytes), body);
        reads(utf32(text, u32::to_le_bytes), body);
    }
    reads(b"\x001", "1");
    reads(b"1\x00", "1");
    fails(b"1\x00\x00", 1, EXTRA);
}

#[test]
fn bytes_that_do_not_decode() {
    for body in [
        b"\"\xff\"".as_slice(),
        b"\"\xc3",
        b"\"\xed\xa0",
        b"{\"a\":x\xed\xa0\"",
        b"\xff\xfe1",
        b"\xff\xfe\0\x001",
        b"\0\0\0[\0\x11\0\0",
        b"x\xf4\x90\x80\x80",
    ] {
        unreadable(body);
    }
}

#[test]
fn objects() {
    let value = read(br#" { "a" : 1 , "b" : [ true , null ] , "\u0061" : 3 } "#).unwrap();
    assert_eq!(
        serde_json::to_string(&value).unwrap(),
        r#"{"a":3,"b":[true,null]}"#
    );
    assert!(value.get("a") == Some(&Json::Int(3)));
    assert!(value.get("c").is_none());
    assert!(Json::Text("a".to_owned()).get("a").is_none());
}

#[test]
fn debug_shows_no_contents() {
    let value = read(br#"{"password":"secret","n":[1]}"#).unwrap();
    assert_eq!(format!("{value:?}"), "Object");
    assert_eq!(format!("{:?}", value.get("password")), "Some(Text)");
    assert_eq!(format!("{:#?}", Json::BigInt("1".to_owned())), "BigInt");
}

#[test]
fn from_serde_json() {
    let value = Json::from(json!({"a": [null, true, -1, 1.5, u64::MAX, "x"]}));
    assert_eq!(
        serde_json::to_string(&value).unwrap(),
        r#"{"a":[null,true,-1,1.5,18446744073709551615,"x"]}"#
    );
    assert!(
        matches!(value.get("a"), Some(Json::List(items)) if items.get(4) == Some(&Json::BigInt(u64::MAX.to_string())))
    );
}
