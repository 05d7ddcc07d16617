//! The JSON inside.

use proptest::prelude::*;

use super::{HEADER, decode, refusal, token};
use crate::{
    token::{TokenError, claims::object},
    wire::json::Json,
};

#[test]
fn python_reads_every_unicode_encoding() {
    let text = r#"{"aud":"x","sub":"é😀"}"#;
    let utf16 =
        |bytes: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(bytes).collect::<Vec<u8>>();
    let utf32 = |bytes: fn(u32) -> [u8; 4]| {
        text.chars()
            .flat_map(|char| bytes(char.into()))
            .collect::<Vec<u8>>()
    };
    for bytes in [
        text.as_bytes().to_vec(),
        ["\u{feff}", text].concat().into_bytes(),
        utf16(u16::to_le_bytes),
        utf16(u16::to_be_bytes),
        [vec![0xff, 0xfe], utf16(u16::to_le_bytes)].concat(),
        [vec![0xfe, 0xff], utf16(u16::to_be_bytes)].concat(),
        utf32(u32::to_le_bytes),
        utf32(u32::to_be_bytes),
        [vec![0xff, 0xfe, 0, 0], utf32(u32::to_le_bytes)].concat(),
        [vec![0, 0, 0xfe, 0xff], utf32(u32::to_be_bytes)].concat(),
    ] {
        assert_eq!(
            decode(&token(HEADER, &bytes)).expect("a token").text("sub"),
            Some("é😀"),
            "{bytes:?}"
        );
        let cut = &bytes[..bytes.len() - 1];
        assert_eq!(refusal(cut), Some(TokenError::Malformed), "{bytes:?}");
    }
}

#[test]
fn what_python_reads() {
    let deep = format!("{}{}", "[".repeat(800), "]".repeat(800));
    let (long, many) = ("9".repeat(4300), format!("[{}1]", "1,".repeat(1000)));
    for value in [
        "NaN",
        "Infinity",
        "-Infinity",
        "1e999",
        "-0",
        "-0.0e-5",
        "1E+2",
        "\"\u{7f}\"",
        r#""\ud800""#,
        r#""\udc00\ud800""#,
        r#""\/\b\f\n\r\t""#,
        "[ ]",
        "{ }",
        "[1 , 2]",
        "{\"a\" : 1 , \"a\" : 2}",
        " \t\r\n1 \t\r\n",
        &deep,
        &long,
        &many,
    ] {
        assert_eq!(
            refusal(format!(r#"{{"aud":"x","a":{value}}}"#)),
            None,
            "{value}"
        );
    }
    assert_eq!(
        refusal(b"{\"aud\":\"x\",\"a\":\"\xed\xa0\x80\"}"),
        None,
        "a surrogate in UTF-8"
    );
    assert_eq!(refusal(" \n{\"aud\":\"x\"} \t"), None);
}

#[test]
fn what_python_refuses() {
    let deep = format!("{}{}", "[".repeat(2000), "]".repeat(2000));
    let long = "9".repeat(4301);
    for value in [
        "",
        "01",
        "+1",
        "1.",
        ".5",
        "1e",
        "1e+",
        "-",
        "--1",
        "1_0",
        "0x1",
        "nan",
        "-NaN",
        "infinity",
        "tru",
        "truefalse",
        "Null",
        "'a'",
        "\"a",
        r#""\x""#,
        r#""\u00""#,
        r#""\u00zz""#,
        r#""\u+123""#,
        r#""\"#,
        "\"\n\"",
        "\"\0\"",
        "[1,]",
        "[,1]",
        "[1 2]",
        "[",
        "{\"a\"}",
        "{\"a\":}",
        "{a:1}",
        "{\"a\":1,}",
        "{1:1}",
        "1}",
        "\u{a0}1",
        "\u{b}1",
        "/*a*/1",
        &deep,
        &long,
    ] {
        assert_eq!(
            refusal(format!(r#"{{"aud":"x","a":{value}}}"#)),
            Some(TokenError::Malformed),
            "{value}"
        );
    }
}

#[test]
fn what_is_no_object_is_refused() {
    for payload in [
        "",
        "[]",
        "null",
        "1",
        "\"x\"",
        "{\"aud\":\"x\"}x",
        "{\"aud\":\"x\"}\0",
        "\u{feff}\u{feff}{}",
        "{\"aud\":\"x\"}\u{a0}",
    ] {
        assert_eq!(refusal(payload), Some(TokenError::Malformed), "{payload}");
    }
    for payload in [
        &b"{\"a\":\"\xff\"}"[..],
        b"{\"a\":\"\xc0\x80\"}",
        b"{\"a\":\"\xf4\x90\x80\x80\"}",
        b"\xed\xa0",
        b"\0",
        b"\0\0",
        b"{\0",
        b"\xff\xfe\0",
    ] {
        assert_eq!(refusal(payload), Some(TokenError::Malformed), "{payload:?}");
    }
}

#[test]
fn lone_surrogates_are_a_text_without_content() {
    let claims = decode(&token(
        HEADER,
        r#"{"aud":"x","a":"\ud83d\ude00","b":"x\ud83d","sub":"\ud800"}"#,
    ))
    .expect("a token");
    assert_eq!(
        (claims.text("a"), claims.text("b"), claims.text("sub")),
        (Some("😀"), Some("\u{fffd}"), Some("\u{fffd}"))
    );
}

#[test]
fn numbers_that_json_cannot_express_are_null() {
    let payload = r#"{"aud":"x","a":NaN,"b":1e999,"c":18446744073709551616,"d":[-5,{"e":2.5}],"f":18446744073709551615}"#;
    let claims = decode(&token(HEADER, payload)).expect("a token");
    for (name, shown) in [
        ("a", "null"),
        ("b", "null"),
        ("c", "1.8446744073709552e+19"),
        ("d", r#"[-5,{"e":2.5}]"#),
        ("f", "18446744073709551615"),
    ] {
        assert_eq!(
            claims.get(name).map(ToString::to_string).as_deref(),
            Some(shown),
            "{name}"
        );
    }
}

#[test]
fn the_number_of_members_has_the_limit_of_every_json() {
    for (count, is_read) in [(9_000, true), (200_000, false)] {
        let members: Vec<String> = (0..count)
            .map(|number| format!(r#""{number}":0"#))
            .collect();
        let header = format!(r#"{{"alg":"HS256",{}}}"#, members.join(","));
        let read = decode(&token(header, r#"{"aud":"x"}"#));
        assert_eq!(read.is_ok(), is_read, "{count}");
    }
}

proptest! {
    #[test]
    fn reading_never_panics(bytes: Vec<u8>) {
        let _ = object(&bytes);
    }

    #[test]
    fn reading_what_looks_like_json_never_panics(text in r#"\{("(\\u[0-9a-fD]{0,4}|[a\\"é])*"[:,]?|[0-9eE.+-]{1,4}|[\[\]{},: ]|NaN|true){0,30}\}?"#) {
        let _ = object(text.as_bytes());
    }

    #[test]
    fn what_serde_writes_is_read(texts: std::collections::BTreeMap<String, String>, int: i64, float: f64) {
        let json = serde_json::json!({ "texts": texts, "int": int, "float": float });
        let members = object(json.to_string().as_bytes()).expect("an object");
        prop_assert_eq!(members.get("int"), Some(&Json::Int(int)));
        let read = members.get("texts").expect("an object");
        for (name, text) in &texts {
            prop_assert_eq!(read.get(name), Some(&Json::Text(text.clone())));
        }
    }
}
