//! Keys made by OpenSSL, for nothing but these tests; tokens made by PyJWT with them.

use std::fmt::Debug;

use super::now;
use crate::token::{Claims, InvalidKey, JwtKeys, SigningKey, TokenError, VerifyingKey};

const RSA: &str = include_str!("keys/rs256.pem");
const RSA_PKCS1: &str = include_str!("keys/rs256.pkcs1.pem");
const RSA_PUBLIC: &str = include_str!("keys/rs256.pub.pem");
const EC: &str = include_str!("keys/es256.pem");
const EC_PUBLIC: &str = include_str!("keys/es256.pub.pem");
const ED: &str = include_str!("keys/eddsa.pem");
const ED_PUBLIC: &str = include_str!("keys/eddsa.pub.pem");
const P384: &str = include_str!("keys/p384.pem");
const P384_PUBLIC: &str = include_str!("keys/p384.pub.pem");

const PAYLOAD: &str = "eyJzdWIiOiI3IiwiYXVkIjpbIngiXSwiZXhwIjo0MTAyNDQ0ODAwfQ";
const RS256: &str = "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiI3IiwiYXVkIjpbIngiXSwiZXhwIjo0MTAyNDQ0ODAwfQ.QAJ1taQXpGi2yP_WDoCecYeTl5izLLxLe7Ram32dvv4AU2_asSl8krGAIYnQXDXoAOamoboRqBllFF_9NUpPMKYcBzllRnqD_6AIaF26pLWszV8tjujvxkP5OurcLoGuIHPuLMlsMNaBim9cXl_VCTtnrLVtNkh2VSmlZI_4PWDLbeHDewYf0K_JU6_WXokGM3z4ERdWpLUiALQCQy0XsPtAkJ5njRSKwghVdwKViqLz78Zuvmm34dLNiWYENs2Tu53BDgUXV2nZ-T1nv6FmZE-okauC93EmFHtyAvaGKUAXSQFNncPxkIX8IQEfsD0X0wSWU7Yy1XiFcKxFTb4WPw";
const ES256: &str = "eyJhbGciOiJFUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiI3IiwiYXVkIjpbIngiXSwiZXhwIjo0MTAyNDQ0ODAwfQ.Uuk40x7T4uCXszjWCgl09AEMRhcU8BotwC82jpev6k0Q1oxhykYbbM2fx_tFXww3rNLdflsxJ1RuwKYZeFzmtA";
const EDDSA: &str = "eyJhbGciOiJFZERTQSIsInR5cCI6IkpXVCJ9.eyJzdWIiOiI3IiwiYXVkIjpbIngiXSwiZXhwIjo0MTAyNDQ0ODAwfQ.frFKEs-ZioKhYyaJCT0-98QxakzEaH2-i7DQZBQdhxLrcMpLfqwqWuM5zFypRdJBmnKAAdYWasX5qqqE02hzCg";

fn claims() -> Claims {
    Claims::new()
        .with("sub", "7")
        .with("aud", vec!["x"])
        .with("exp", 4_102_444_800_u64)
}

fn keys(key: Result<SigningKey, InvalidKey>) -> JwtKeys {
    JwtKeys::new(key.expect("a key"))
}

#[test]
fn tokens_of_the_original_are_read() {
    for (keys, token) in [
        (keys(SigningKey::rs256_pem(RSA)), RS256),
        (keys(SigningKey::es256_pem(EC)), ES256),
        (keys(SigningKey::eddsa_pem(ED)), EDDSA),
    ] {
        assert_eq!(keys.decode(token, &["x"], now()), Ok(claims()), "{keys:?}");
        let ours = keys.encode(&claims()).expect("a token");
        assert_eq!(
            ours.split('.').take(2).collect::<Vec<_>>(),
            token.split('.').take(2).collect::<Vec<_>>()
        );
        assert_eq!(ours.split('.').nth(1), Some(PAYLOAD));
        assert_eq!(keys.decode(&ours, &["x"], now()), Ok(claims()), "{keys:?}");
    }
}

#[test]
fn deterministic_signatures_are_those_of_the_original() {
    assert_eq!(
        keys(SigningKey::rs256_pem(RSA))
            .encode(&claims())
            .as_deref(),
        Ok(RS256)
    );
    assert_eq!(
        keys(SigningKey::rs256_pem(RSA_PKCS1))
            .encode(&claims())
            .as_deref(),
        Ok(RS256)
    );
    assert_eq!(
        keys(SigningKey::eddsa_pem(ED)).encode(&claims()).as_deref(),
        Ok(EDDSA)
    );
}

#[test]
fn public_keys_verify_their_own_algorithm_only() {
    let publics = [
        (VerifyingKey::rs256_pem(RSA_PUBLIC).expect("a key"), RS256),
        (VerifyingKey::es256_pem(EC_PUBLIC).expect("a key"), ES256),
        (VerifyingKey::eddsa_pem(ED_PUBLIC).expect("a key"), EDDSA),
    ];
    for (public, token) in &publics {
        let one = JwtKeys::hs256(super::SECRET)
            .expect("a secret")
            .also_accept(public.clone());
        for (_, other) in &publics {
            let refused = (other != token).then_some(TokenError::Algorithm);
            assert_eq!(
                one.decode(other, &["x"], now()).err(),
                refused,
                "{public:?}"
            );
        }
        let (message, _) = token.rsplit_once('.').expect("a signature");
        for bad in [
            format!("{message}."),
            format!("{message}.AAAA"),
            format!("{}A", &token[..token.len() - 1]),
            token.replace(PAYLOAD, "e30"),
        ] {
            if bad != *token {
                assert!(one.decode(&bad, &["x"], now()).is_err(), "{bad}");
            }
        }
    }
}

#[test]
fn other_keys_are_errors_that_show_nothing() {
    fn refused<T: Debug>(result: Result<T, InvalidKey>) {
        let error = result.expect_err("a wrong key");
        let (shown, debug) = (error.to_string(), format!("{error:?}"));
        assert!(
            shown.starts_with("this is not a key for ") && !debug.contains("BEGIN"),
            "{debug}"
        );
    }
    for key in ["", "x", EC, ED, P384, RSA_PUBLIC] {
        refused(SigningKey::rs256_pem(key));
    }
    for key in ["", "x", RSA, ED, P384, EC_PUBLIC] {
        refused(SigningKey::es256_pem(key));
    }
    for key in ["", "x", RSA, EC, P384, ED_PUBLIC] {
        refused(SigningKey::eddsa_pem(key));
    }
    for key in ["", "x", EC_PUBLIC, ED_PUBLIC, P384_PUBLIC] {
        refused(VerifyingKey::rs256_pem(key));
    }
    for key in ["", "x", RSA_PUBLIC, ED_PUBLIC, P384_PUBLIC] {
        refused(VerifyingKey::es256_pem(key));
    }
    for key in ["", "x", RSA_PUBLIC, EC_PUBLIC, P384_PUBLIC] {
        refused(VerifyingKey::eddsa_pem(key));
    }
}

#[test]
fn debug_and_macs() {
    let keys = keys(SigningKey::eddsa_pem(ED))
        .also_accept(VerifyingKey::rs256_pem(RSA_PUBLIC).expect("a key"));
    assert_eq!(
        format!("{keys:?}"),
        "JwtKeys { signing: SigningKey(EdDSA), accepted: [VerifyingKey(EdDSA), VerifyingKey(RS256)], .. }"
    );
    assert!(keys.is_mac(b"message", &keys.mac(b"message")));
    assert!(!keys.is_mac(b"message", &keys.mac(b"massage")));
}

#[test]
fn the_macs_of_a_former_pair_need_its_private_key() {
    let former = keys(SigningKey::es256_pem(EC));
    let mac = former.mac(b"message");
    let with_private =
        keys(SigningKey::eddsa_pem(ED)).also_accept(&SigningKey::es256_pem(EC).expect("a key"));
    assert!(with_private.is_mac(b"message", &mac) && !with_private.is_mac(b"massage", &mac));
    let with_public = keys(SigningKey::eddsa_pem(ED))
        .also_accept(VerifyingKey::es256_pem(EC_PUBLIC).expect("a key"));
    assert!(!with_public.is_mac(b"message", &mac));
}
