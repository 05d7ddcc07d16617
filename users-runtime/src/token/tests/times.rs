//! Times, audiences and the types of claims.

use super::refusal;
use crate::token::TokenError::{self, Audience, Claim, Expired, Malformed, NotYetValid};

fn with(claim: &str, value: &str) -> Option<TokenError> {
    refusal(format!(r#"{{"aud":"x","{claim}":{value}}}"#))
}

#[test]
fn there_is_no_leeway() {
    for (value, refused) in [
        ("1700000001", None),
        ("1700000000", Some(Expired)),
        ("1700000000.9", Some(Expired)),
        ("1700000001.0", None),
        ("0", Some(Expired)),
        ("-1", Some(Expired)),
        ("-0", Some(Expired)),
        ("true", Some(Expired)),
    ] {
        assert_eq!(with("exp", value), refused, "{value}");
    }
    for claim in ["nbf", "iat"] {
        for (value, refused) in [
            ("1700000000", None),
            ("1700000001", Some(NotYetValid)),
            ("1700000000.9", None),
            ("-5", None),
            ("true", None),
            ("99999999999999999999999", Some(NotYetValid)),
        ] {
            assert_eq!(with(claim, value), refused, "{claim} {value}");
        }
    }
    assert_eq!(
        refusal(r#"{"aud":"x"}"#),
        None,
        "without exp a token is good for ever"
    );
}

#[test]
fn times_may_be_large_and_texts() {
    let (long, longer) = (
        format!("\"{:0>4300}\"", "9999999999"),
        format!("\"{:0>4301}\"", "9999999999"),
    );
    for value in [
        "9223372036854775808",
        "18446744073709551616",
        "1e300",
        "1700000001.5",
        r#""1700000001""#,
        r#"" 1700000001\t\n\u000b\f\r""#,
        r#""+1700000001""#,
        r#""1_700_000_001""#,
        r#""\u20091700000001\u3000""#,
        r#""\u00851700000001\u00a0""#,
        r#""00001700000001""#,
        long.as_str(),
    ] {
        assert_eq!(with("exp", value), None, "{value}");
        assert_eq!(with("nbf", value), Some(NotYetValid), "{value}");
    }
    assert_eq!(with("exp", r#""-1700000001""#), Some(Expired));
    for value in [
        "null",
        "[]",
        "{}",
        "NaN",
        "Infinity",
        "-Infinity",
        "1e999",
        r#""""#,
        r#"" ""#,
        r#""x""#,
        r#""1e30""#,
        r#""1.5""#,
        r#""1__0""#,
        r#""_1""#,
        r#""1_""#,
        r#""+-1""#,
        r#""+ 1""#,
        r#""1 1""#,
        r#""0x9""#,
        r#""\u001c1700000001""#,
        longer.as_str(),
    ] {
        assert_eq!(with("exp", value), Some(Malformed), "{value}");
        assert_eq!(with("nbf", value), Some(Malformed), "{value}");
        assert_eq!(with("iat", value), Some(Claim("iat")), "{value}");
    }
}

#[test]
fn the_audience_is_a_text_or_a_list_of_texts() {
    for aud in [r#""x""#, r#"["x"]"#, r#"["y","x"]"#, r#"["","x"]"#] {
        assert_eq!(refusal(format!(r#"{{"aud":{aud}}}"#)), None, "{aud}");
    }
    for aud in [
        "null",
        r#""""#,
        "[]",
        "{}",
        r#"{"x":1}"#,
        r#""y""#,
        r#"["y"]"#,
        r#"["x",1]"#,
        "5",
        "0",
        "true",
        r#""xx""#,
        r#""X""#,
        r#"[["x"]]"#,
    ] {
        assert_eq!(
            refusal(format!(r#"{{"aud":{aud}}}"#)),
            Some(Audience),
            "{aud}"
        );
    }
    assert_eq!(refusal("{}"), Some(Audience));
    assert_eq!(refusal(r#"{"aud":"x","aud":"y"}"#), Some(Audience));
    assert_eq!(refusal(r#"{"aud":"y","aud":"x"}"#), None);
}

#[test]
fn sub_and_jti_are_texts() {
    for claim in ["sub", "jti"] {
        assert_eq!(with(claim, r#""""#), None);
        for value in ["5", "null", "true", "[]"] {
            assert_eq!(with(claim, value), Some(Claim(claim)), "{claim} {value}");
        }
    }
    assert_eq!(with("iss", "5"), None);
}

#[test]
fn the_first_reason_counts() {
    assert_eq!(
        refusal(r#"{"exp":1,"nbf":9999999999,"iat":9999999999}"#),
        Some(NotYetValid)
    );
    assert_eq!(refusal(r#"{"exp":1,"aud":"y","sub":5}"#), Some(Expired));
    assert_eq!(refusal(r#"{"aud":"y","sub":5}"#), Some(Audience));
}
