//! Writing tokens, and the keys.

use std::time::{Duration, SystemTime};

use proptest::prelude::*;

use super::{SECRET, decode, now};
use crate::token::{Claims, JwtKeys, SigningKey, TokenError, WeakSecret, random, unix_seconds};

const ACCESS: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIzZmE4NWY2NC01NzE3LTQ1NjItYjNmYy0yYzk2M2Y2NmFmYTYiLCJhdWQiOlsiZmFzdGFwaS11c2VyczphdXRoIl0sImV4cCI6MTcwMDAwMzYwMH0.vkFyNKbF0ix-zcI3Q979QifcQ47MDaQHM793Emad4JI";
const VERIFY: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIzZmE4NWY2NC01NzE3LTQ1NjItYjNmYy0yYzk2M2Y2NmFmYTYiLCJlbWFpbCI6InpvXHUwMGViQGV4YW1wbGUuY29tIiwiYXVkIjoiZmFzdGFwaS11c2Vyczp2ZXJpZnkiLCJleHAiOjE3MDAwMDM2MDB9.3TYTZYN-9L1uZVpxV_w0QAcisfW6sZwuf4TtpJCilIY";
const ID: &str = "3fa85f64-5717-4562-b3fc-2c963f66afa6";

fn keys(secret: &str) -> JwtKeys {
    JwtKeys::hs256(secret).expect("a secret")
}

#[test]
fn tokens_are_those_of_the_original() {
    let claims = Claims::new()
        .with("sub", ID)
        .with("aud", vec!["fastapi-users:auth"])
        .with("exp", 1_700_003_600);
    assert_eq!(keys(SECRET).encode(&claims).as_deref(), Ok(ACCESS));
    let claims = Claims::new()
        .with("sub", ID)
        .with("email", "zoë@example.com")
        .with("aud", "fastapi-users:verify");
    assert_eq!(
        keys(SECRET)
            .encode(&claims.with("exp", 1_700_003_600))
            .as_deref(),
        Ok(VERIFY)
    );
}

#[test]
fn tokens_of_the_original_are_read() {
    let claims = keys(SECRET)
        .decode(VERIFY, &["fastapi-users:verify"], now())
        .expect("a token");
    assert_eq!(
        (claims.text("sub"), claims.text("email")),
        (Some(ID), Some("zoë@example.com"))
    );
    assert_eq!(
        (
            claims.text("exp"),
            claims.get("exp").and_then(serde_json::Value::as_u64)
        ),
        (None, Some(1_700_003_600))
    );
    let another = keys(SECRET).decode(VERIFY, &["fastapi-users:auth"], now());
    assert_eq!(another.err(), Some(TokenError::Audience));
    let later = now() + Duration::from_hours(1);
    assert_eq!(
        keys(SECRET)
            .decode(VERIFY, &["fastapi-users:auth"], later)
            .err(),
        Some(TokenError::Expired)
    );
}

#[test]
fn a_claim_keeps_its_place_when_it_is_replaced() {
    let claims = Claims::new()
        .with("sub", "1")
        .with("aud", "x")
        .with("sub", "2");
    assert_eq!(
        claims.members().map(|(name, _)| name).collect::<Vec<_>>(),
        ["sub", "aud"]
    );
    assert_eq!(claims.text("sub"), Some("2"));
    assert_eq!(format!("{claims:?}"), r#"Claims{"sub", "aud"}"#);
}

#[test]
fn a_lifetime_counts_from_now_in_whole_seconds() {
    let before = unix_seconds(SystemTime::now());
    let claims = Claims::new().expiring(Some(Duration::from_mins(1)));
    let exp = claims
        .get("exp")
        .and_then(serde_json::Value::as_u64)
        .expect("exp");
    assert!((before + 60..=before + 62).contains(&exp), "{exp}");
    assert_eq!(Claims::new().expiring(None), Claims::new());
    assert_eq!(Claims::new().expiring(Some(Duration::MAX)), Claims::new());
}

#[test]
fn former_keys_are_accepted_but_do_not_sign() {
    let (old, new) = (
        "the secret until last month, 32 bytes",
        "the secret from now on, with 32 bytes",
    );
    let claims = Claims::new().with("aud", "x");
    let old_token = keys(old).encode(&claims).expect("a token");
    let new_token = keys(new).encode(&claims).expect("a token");
    assert_eq!(
        keys(new).decode(&old_token, &["x"], now()).err(),
        Some(TokenError::Signature)
    );
    let both = keys(new).also_accept(&SigningKey::hs256(old).expect("a secret"));
    assert_eq!(both.encode(&claims).as_ref(), Ok(&new_token));
    assert!(
        both.decode(&old_token, &["x"], now()).is_ok()
            && both.decode(&new_token, &["x"], now()).is_ok()
    );

    let (old_mac, new_mac) = (keys(old).mac(b"message"), both.mac(b"message"));
    assert_ne!(old_mac, new_mac);
    assert!(both.is_mac(b"message", &old_mac) && both.is_mac(b"message", &new_mac));
    assert!(
        !keys(new).is_mac(b"message", &old_mac)
            && !both.is_mac(b"massage", &new_mac)
            && !both.is_mac(b"message", b"")
    );
    assert_ne!(
        keys(old).mac(b"a.b").as_slice(),
        SigningKey::hs256(old)
            .expect("a secret")
            .sign(b"a.b")
            .expect("signed")
    );
}

#[test]
fn short_secrets_need_a_constructor_of_their_own() {
    assert_eq!(SigningKey::hs256("").err(), Some(WeakSecret::Empty));
    assert_eq!(
        SigningKey::hs256_of_any_length("").err(),
        Some(WeakSecret::Empty)
    );
    assert_eq!(
        SigningKey::hs256("s".repeat(31)).err(),
        Some(WeakSecret::Short { bytes: 31 })
    );
    assert!(
        SigningKey::hs256("é".repeat(16)).is_ok(),
        "bytes count, not characters"
    );
    assert!(SigningKey::hs256_of_any_length("SECRET").is_ok());
    assert!(SigningKey::hs256([0; 32]).is_ok());
}

#[test]
fn public_keys_are_no_secrets() {
    let pem = include_str!("keys/es256.pub.pem");
    for key in [
        pem,
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIO",
        "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTI",
        r#"{"kty":"oct","k":"c2VjcmV0"}"#,
    ] {
        assert_eq!(
            SigningKey::hs256_of_any_length(key).err(),
            Some(WeakSecret::Key),
            "{key}"
        );
    }
    assert!(SigningKey::hs256(r#"{"this":"is a JSON object, but no key"}"#).is_ok());
}

#[test]
fn debug_shows_no_secret() {
    let shown = format!("{:?}", keys(SECRET));
    assert_eq!(
        shown,
        "JwtKeys { signing: SigningKey(HS256), accepted: [VerifyingKey(HS256)], .. }"
    );
}

#[test]
fn random_tokens_are_43_url_safe_characters() {
    let tokens: std::collections::HashSet<String> = (0..100).map(|_| random()).collect();
    assert_eq!(tokens.len(), 100);
    for token in tokens {
        assert_eq!(token.len(), 43);
        assert!(
            token
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)),
            "{token}"
        );
    }
}

proptest! {
    #[test]
    fn decoding_never_panics(token: String) {
        prop_assert!(decode(&token).is_err());
    }

    #[test]
    fn decoding_what_looks_like_a_token_never_panics(token in "[A-Za-z0-9_-]{0,20}={0,3}\\.[A-Za-z0-9_-]{0,20}\\.[A-Za-z0-9_-]{0,20}") {
        prop_assert!(decode(&token).is_err());
    }

    #[test]
    fn decoding_inverts_encoding(sub: String, other: String, number: i64) {
        let claims = Claims::new().with("sub", sub).with("aud", vec!["x"]).with("other", other).with("number", number);
        let token = keys(SECRET).encode(&claims).expect("a token");
        prop_assert_eq!(decode(&token), Ok(claims));
    }

    #[test]
    fn every_changed_character_counts(at in 0..ACCESS.len(), new in "[A-Za-z0-9_=.-]") {
        let mut changed = ACCESS.to_owned();
        changed.replace_range(at..=at, &new);
        prop_assume!(changed != ACCESS);
        prop_assert!(keys(SECRET).decode(&changed, &["fastapi-users:auth"], now()).is_err());
    }
}
