//! The reader of access tokens of the usual form, against the reader of all forms.

use std::time::Duration;

use proptest::prelude::*;

use super::{HEADER, SECRET, now, token};
use crate::token::{Buffer, Claims, JwtKeys, SigningKey, TokenError};

/// What both readers say of a token.
type Verdict = Result<[Option<String>; 5], TokenError>;

fn keys() -> JwtKeys {
    let former = SigningKey::hs256("a former secret of at least 32 bytes").expect("a secret");
    JwtKeys::hs256(SECRET)
        .expect("a secret")
        .also_accept(&former)
}

fn plain(token: &str) -> Option<Verdict> {
    let mut buffer = Buffer::new();
    let read = keys().decode_plain(token, &mut buffer, |audience| audience == "x", now())?;
    Some(read.map(|claims| {
        let text = |text: Option<&str>| text.map(str::to_owned);
        [
            text(claims.subject),
            text(claims.version),
            text(claims.session),
            text(claims.epoch),
            claims.expires.map(|expires| expires.to_string()),
        ]
    }))
}

fn any(token: &str) -> Verdict {
    let claims = keys().decode(token, &["x"], now())?;
    let text = |name| claims.text(name).map(str::to_owned);
    let expires = claims.get("exp").map(ToString::to_string);
    Ok([
        text("sub"),
        text("ver"),
        text("sid"),
        text("epoch"),
        expires,
    ])
}

/// The verdict of the fast reader, which must be that of the other.
fn checked(token: &str) -> Option<Verdict> {
    let verdict = plain(token);
    if let Some(verdict) = &verdict {
        assert_eq!(*verdict, any(token), "{token}");
    }
    verdict
}

#[test]
fn a_token_that_is_issued_has_the_usual_form() {
    let claims = Claims::new()
        .with("sub", "7")
        .with("aud", vec!["x"])
        .with("exp", 1_700_000_001)
        .with("ver", "AAAAAAAAAAA");
    let token = keys().encode(&claims).expect("a token");
    let verdict = checked(&token).expect("the usual form").expect("valid");
    let text = |text: &str| Some(text.to_owned());
    assert_eq!(
        verdict,
        [
            text("7"),
            text("AAAAAAAAAAA"),
            None,
            None,
            text("1700000001")
        ]
    );
    let former = JwtKeys::hs256("a former secret of at least 32 bytes").expect("a secret");
    let token = former.encode(&claims).expect("a token");
    assert!(checked(&token).expect("the usual form").is_ok());
    let other = JwtKeys::hs256("another secret of at least 32 bytes").expect("a secret");
    let token = other.encode(&claims).expect("a token");
    assert_eq!(checked(&token), Some(Err(TokenError::Signature)));
    let token = keys().encode(&claims.expiring(Some(Duration::ZERO)));
    let expired = token.expect("a token");
    assert!(
        checked(&expired).expect("the usual form").is_ok(),
        "now() is long ago"
    );
}

#[test]
fn every_other_form_is_left_to_the_other_reader() {
    for payload in [
        r#"{"aud":"x","jti":"1"}"#,
        r#"{"aud":"x","nbf":1}"#,
        r#"{"aud":"x","sub":null}"#,
        r#"{"aud":"x","sub":7}"#,
        r#"{"aud":"x","sub":"\u0037"}"#,
        r#"{"aud":"x","sub":"7","sub":"8"}"#,
        r#"{"aud":"y","aud":"x"}"#,
        r#"{"aud":"x","exp":1700000001.0}"#,
        r#"{"aud":"x","exp":-0}"#,
        r#"{"aud":"x","exp":true}"#,
        r#"{"aud":["a","b","c","d","x"]}"#,
        r#"{"aud":null}"#,
        r#"{"aud":"x"}}"#,
        "[]",
    ] {
        assert_eq!(plain(&token(HEADER, payload)), None, "{payload}");
    }
    for header in [r#"{"alg":"HS256"}"#, r#"{"typ":"JWT","alg":"HS256"}"#] {
        assert_eq!(plain(&token(header, r#"{"aud":"x"}"#)), None, "{header}");
    }
    let long = format!(r#"{{"aud":"x","sub":"{}"}}"#, "7".repeat(600));
    assert_eq!(plain(&token(HEADER, long)), None);
}

fn member() -> impl Strategy<Value = String> {
    let name = prop::sample::select(vec![
        "sub",
        "aud",
        "exp",
        "iat",
        "nbf",
        "jti",
        "ver",
        "sid",
        "aud",
        "aud",
        "other",
        "s\\u0075b",
    ]);
    let value = prop::sample::select(vec![
        "\"7\"",
        "\"x\"",
        "\"y\"",
        "\"\"",
        "\"é\"",
        "\"\\n\"",
        "[\"x\"]",
        "[\"y\",\"x\"]",
        "[\"y\"]",
        "[]",
        "[\"\"]",
        "[1,\"x\"]",
        "[\"a\",\"b\",\"c\",\"x\"]",
        "null",
        "true",
        "0",
        "-0",
        "-1",
        "1699999999",
        "1700000000",
        "1700000001",
        "1700000001.5",
        "1e99",
        "18446744073709551615",
        "18446744073709551616",
        "NaN",
        "{}",
        "\"\\ud800\"",
    ]);
    (name, value).prop_map(|(name, value)| format!("\"{name}\":{value}"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn both_readers_agree(members in prop::collection::vec(member(), 0..5), blank in prop::sample::select(vec!["", " ", "\n", "\u{a0}"])) {
        let payload = format!("{blank}{{{}}}{blank}", members.join(&format!(",{blank}")));
        checked(&token(HEADER, payload));
    }

    #[test]
    fn both_readers_agree_on_broken_tokens(at in 0_usize..140, with in "[A-Za-z0-9=._-]{0,2}") {
        let good = token(HEADER, r#"{"sub":"7","aud":["x"],"exp":1700000001,"ver":"AAAAAAAAAAA"}"#);
        let at = at.min(good.len());
        let (start, end) = good.split_at(at);
        checked(&format!("{start}{with}{}", end.get(with.len()..).unwrap_or_default()));
    }
}
