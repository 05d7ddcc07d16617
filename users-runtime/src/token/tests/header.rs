//! The outer form and the header.

use super::{HEADER, decode, signed, token};
use crate::token::{JwtKeys, TokenError, base64url};

const CLAIMS: &str = r#"{"sub":"7","aud":"x"}"#;

fn refusal(header: &str) -> Option<TokenError> {
    decode(&token(header, CLAIMS)).err()
}

#[test]
fn only_the_keys_own_algorithm_counts() {
    assert_eq!(refusal(HEADER), None);
    assert_eq!(refusal(r#"{"alg":"HS256"}"#), None);
    assert_eq!(refusal(r#"{"typ":5,"alg":"HS256","x5c":[]}"#), None);
    assert_eq!(refusal(r#"{"alg":"none","alg":"HS256"}"#), None);
    for header in [
        r#"{"alg":"none"}"#,
        r#"{"alg":"None"}"#,
        r#"{"alg":"hs256"}"#,
        r#"{"alg":"HS512"}"#,
        r#"{"alg":"RS256"}"#,
        r#"{"alg":""}"#,
        r#"{"alg":null}"#,
        r#"{"alg":["HS256"]}"#,
        r#"{"alg":"HS256","alg":"none"}"#,
        r#"{"typ":"JWT"}"#,
        "{}",
    ] {
        assert_eq!(refusal(header), Some(TokenError::Algorithm), "{header}");
    }
}

#[test]
fn an_unsigned_token_is_refused() {
    let unsigned = format!(
        "{}.{}.",
        base64url::encode(br#"{"alg":"none"}"#),
        base64url::encode(CLAIMS.as_bytes())
    );
    assert_eq!(decode(&unsigned).err(), Some(TokenError::Algorithm));
    let emptied = format!(
        "{}.{}.",
        base64url::encode(HEADER.as_bytes()),
        base64url::encode(CLAIMS.as_bytes())
    );
    assert_eq!(decode(&emptied).err(), Some(TokenError::Signature));
    let good = token(HEADER, CLAIMS);
    let other = JwtKeys::hs256("another secret of at least 32 bytes").expect("a secret");
    assert_eq!(
        other.decode(&good, &["x"], super::now()).err(),
        Some(TokenError::Signature)
    );
    // The first bytes of the right signature are not enough.
    assert_eq!(
        decode(&good[..good.len() - 4]).err(),
        Some(TokenError::Signature)
    );
}

#[test]
fn key_ids_and_critical_extensions() {
    for member in [
        r#""kid":"""#,
        r#""kid":"a""#,
        r#""b64":true"#,
        r#""b64":0"#,
        r#""b64":null"#,
        r#""crit":["b64"],"b64":true"#,
    ] {
        assert_eq!(
            refusal(&format!(r#"{{"alg":"HS256",{member}}}"#)),
            None,
            "{member}"
        );
    }
    for member in [
        r#""kid":5"#,
        r#""kid":null"#,
        r#""b64":false"#,
        r#""b64":false,"crit":["b64"]"#,
        r#""crit":["b64"]"#,
        r#""crit":[]"#,
        r#""crit":null"#,
        r#""crit":"b64","b64":true"#,
        r#""crit":["exp"],"exp":1"#,
        r#""crit":["b64","exp"],"b64":true,"exp":1"#,
        r#""crit":[5]"#,
    ] {
        assert_eq!(
            refusal(&format!(r#"{{"alg":"HS256",{member}}}"#)),
            Some(TokenError::Header),
            "{member}"
        );
    }
}

#[test]
fn three_parts_of_url_safe_base64() {
    let (header, claims) = (
        base64url::encode(HEADER.as_bytes()),
        base64url::encode(CLAIMS.as_bytes()),
    );
    let good = signed(&format!("{header}.{claims}"));
    assert!(decode(&good).is_ok());
    assert!(
        decode(&signed(&format!("{header}.{claims}=="))).is_err(),
        "no padding is due"
    );
    let padded = signed(&format!("{header}=.{claims}"));
    assert_eq!((header.len() % 4, decode(&padded).is_ok()), (0, false));
    let longer = base64url::encode(br#"{"alg":"HS256","typ":"JWT" }"#);
    assert!(
        decode(&signed(&format!("{longer}==.{claims}"))).is_ok(),
        "padding is accepted"
    );
    assert!(
        decode(&signed(&format!("{longer}=.{claims}"))).is_err(),
        "half of it is not"
    );
    assert!(decode(&format!("{good}=")).is_ok(), "the signature's, too");

    let stray_bits = format!("{}B", &good[..good.len() - 1]);
    for bad in ["", ".", "..", "...", "a", "a.b", "a.b.c", "é.é.é"] {
        assert_eq!(decode(bad).err(), Some(TokenError::Malformed), "{bad}");
    }
    for bad in [
        stray_bits,
        format!("{good}."),
        format!("{good}.x"),
        format!(".{good}"),
        format!(" {good}"),
        format!("{good}\n"),
    ] {
        assert_eq!(decode(&bad).err(), Some(TokenError::Malformed), "{bad}");
    }
    let url_safe = base64url::encode(br#"{"aud":"x","a":"~~~???"}"#);
    let standard = url_safe.replace('-', "+").replace('_', "/");
    assert!(url_safe != standard && decode(&signed(&format!("{header}.{url_safe}"))).is_ok());
    assert_eq!(
        decode(&signed(&format!("{header}.{standard}"))).err(),
        Some(TokenError::Malformed)
    );
}
