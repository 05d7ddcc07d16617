//! Keys as providers publish them, and signatures of every algorithm.

use ring::{
    rand::SystemRandom,
    signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair,
        EcdsaSigningAlgorithm, Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256, RSA_PKCS1_SHA384,
        RSA_PKCS1_SHA512, RSA_PSS_SHA256, RSA_PSS_SHA384, RSA_PSS_SHA512, RsaEncoding, RsaKeyPair,
    },
};
use serde_json::json;

use super::*;

fn base64(bytes: impl AsRef<[u8]>) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

/// A token whose header names this algorithm, signed in this way.
fn signed(algorithm: &str, sign: impl FnOnce(&[u8]) -> Vec<u8>) -> String {
    let header = base64(json!({ "alg": algorithm }).to_string());
    let message = format!("{header}.{}", base64("{}"));
    let signature = base64(sign(message.as_bytes()));
    format!("{message}.{signature}")
}

/// Whether the key verifies the token.
fn verifies(key: &Value, token: &str) -> bool {
    let signed = Signed::parse(token).expect("a token");
    signed.is_by_published(&json!({ "keys": [key] }), |_| true)
}

fn rsa() -> RsaKeyPair {
    let pem = include_bytes!("../token/tests/keys/rs256.pem");
    let pem = jsonwebtoken::EncodingKey::from_rsa_pem(pem).expect("a key");
    RsaKeyPair::from_der(pem.as_bytes()).expect("a key")
}

fn rsa_signed(key: &RsaKeyPair, algorithm: &str, encoding: &'static dyn RsaEncoding) -> String {
    signed(algorithm, |message| {
        let mut signature = vec![0; key.public().modulus_len()];
        key.sign(encoding, &SystemRandom::new(), message, &mut signature)
            .expect("a signature");
        signature
    })
}

/// The numbers of the public key.
fn numbers(key: &RsaKeyPair) -> (Vec<u8>, Vec<u8>) {
    let RsaPublicKeyComponents { n, e } = RsaPublicKeyComponents::from(key.public());
    (n, e)
}

#[test]
fn numbers_may_begin_with_zeros() {
    let key = rsa();
    let token = rsa_signed(&key, "RS256", &RSA_PKCS1_SHA256);
    let (n, e) = numbers(&key);
    for zeros in 0..3 {
        let zeros = vec![0; zeros];
        let [n, e] = [n.as_slice(), &e].map(|number| base64([zeros.as_slice(), number].concat()));
        let key = json!({ "kty": "RSA", "n": n, "e": e });
        assert!(verifies(&key, &token), "{key}");
    }
    let key = json!({ "kty": "RSA", "n": base64([0; 256]), "e": base64([0]) });
    assert!(!verifies(&key, &token));
}

#[test]
fn every_algorithm_of_rsa_verifies() {
    let key = rsa();
    let (n, e) = numbers(&key);
    let public = json!({ "kty": "RSA", "n": base64(n), "e": base64(e) });
    let encodings: [(&str, &'static dyn RsaEncoding); 6] = [
        ("RS256", &RSA_PKCS1_SHA256),
        ("RS384", &RSA_PKCS1_SHA384),
        ("RS512", &RSA_PKCS1_SHA512),
        ("PS256", &RSA_PSS_SHA256),
        ("PS384", &RSA_PSS_SHA384),
        ("PS512", &RSA_PSS_SHA512),
    ];
    for (number, (algorithm, encoding)) in encodings.into_iter().enumerate() {
        let token = rsa_signed(&key, algorithm, encoding);
        assert!(verifies(&public, &token), "{algorithm}");
        let (_, another) = encodings[(number + 1) % encodings.len()];
        let token = rsa_signed(&key, algorithm, another);
        assert!(!verifies(&public, &token), "{algorithm}");
    }
}

/// A key pair on a curve whose public point fits.
fn point(algorithm: &'static EcdsaSigningAlgorithm, fits: impl Fn(&[u8]) -> bool) -> EcdsaKeyPair {
    let random = SystemRandom::new();
    loop {
        let pair = EcdsaKeyPair::generate_pkcs8(algorithm, &random).expect("a key");
        let pair = EcdsaKeyPair::from_pkcs8(algorithm, pair.as_ref(), &random).expect("a key");
        if fits(pair.public_key().as_ref()) {
            return pair;
        }
    }
}

fn point_signed(pair: &EcdsaKeyPair, algorithm: &str) -> String {
    signed(algorithm, |message| {
        let signature = pair.sign(&SystemRandom::new(), message);
        signature.expect("a signature").as_ref().to_vec()
    })
}

#[test]
fn coordinates_may_lack_their_zeros_or_have_more() {
    // One in 256 keys has such a coordinate.
    let pair = point(&ECDSA_P256_SHA256_FIXED_SIGNING, |point| point[1] == 0);
    let token = point_signed(&pair, "ES256");
    let point = pair.public_key().as_ref();
    let (x, y) = (&point[1..33], &point[33..]);
    for x in [x.to_vec(), x[1..].to_vec(), [&[0, 0][..], x].concat()] {
        let key = json!({ "kty": "EC", "crv": "P-256", "x": base64(x), "y": base64(y) });
        assert!(verifies(&key, &token), "{key}");
    }
    let long = base64([&[1][..], x].concat());
    let key = json!({ "kty": "EC", "crv": "P-256", "x": long, "y": base64(y) });
    assert!(!verifies(&key, &token));
}

#[test]
fn the_other_curves_verify() {
    let pair = point(&ECDSA_P384_SHA384_FIXED_SIGNING, |_| true);
    let token = point_signed(&pair, "ES384");
    let point = pair.public_key().as_ref();
    let (x, y) = (base64(&point[1..49]), base64(&point[49..]));
    let key = json!({ "kty": "EC", "crv": "P-384", "x": x, "y": y });
    assert!(verifies(&key, &token));

    let pair = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).expect("a key");
    let pair = Ed25519KeyPair::from_pkcs8(pair.as_ref()).expect("a key");
    let key = json!({ "kty": "OKP", "crv": "Ed25519", "x": base64(pair.public_key()) });
    for name in ["EdDSA", "Ed25519"] {
        let token = signed(name, |message| pair.sign(message).as_ref().to_vec());
        assert!(verifies(&key, &token), "{name}");
        let mut named = key.clone();
        named["alg"] = json!("EdDSA");
        assert!(verifies(&named, &token), "{name}");
    }
}

#[test]
fn a_key_for_something_else_verifies_nothing() {
    let pair = rsa();
    let token = rsa_signed(&pair, "RS256", &RSA_PKCS1_SHA256);
    let (n, e) = numbers(&pair);
    let key = json!({ "kty": "RSA", "n": base64(n), "e": base64(e) });
    for (name, value, is_for_it) in [
        ("key_ops", json!(["verify"]), true),
        ("key_ops", json!(["verify", "sign"]), true),
        ("key_ops", json!(["encrypt"]), false),
        ("key_ops", json!([]), false),
        ("use", json!("sig"), true),
        ("use", json!("enc"), false),
        ("alg", json!("RS256"), true),
        ("alg", json!("RS384"), false),
        ("alg", json!("RSA-OAEP"), false),
    ] {
        let mut key = key.clone();
        key[name] = value;
        assert_eq!(verifies(&key, &token), is_for_it, "{key}");
    }
}
