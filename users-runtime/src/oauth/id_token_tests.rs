//! Tokens of an issuer with an RSA key and a key on P-256.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use http::{Response, StatusCode};
use jsonwebtoken::EncodingKey;
use ring::{
    rand::SystemRandom,
    signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair,
        RsaPublicKeyComponents,
    },
};
use serde_json::json;

#[path = "id_token_key_tests.rs"]
mod keys;

use super::*;
use crate::oauth::HttpError;

const ISSUER: &str = "https://login.example.com";
const CLIENT: &str = "client";
const NONCE: &str = "a nonce";

pub(in crate::oauth) fn base64(bytes: impl AsRef<[u8]>) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

pub(in crate::oauth) struct Signer {
    rsa: RsaKeyPair,
    point: EcdsaKeyPair,
}

impl Signer {
    pub(in crate::oauth) fn new() -> Self {
        let pem = EncodingKey::from_rsa_pem(include_bytes!("../token/tests/keys/rs256.pem"))
            .expect("a key");
        let random = SystemRandom::new();
        let point =
            EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).expect("a key");
        let point =
            EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, point.as_ref(), &random)
                .expect("a key");
        Self {
            rsa: RsaKeyPair::from_der(pem.as_bytes()).expect("a key"),
            point,
        }
    }

    pub(in crate::oauth) fn key_set(&self) -> Value {
        let RsaPublicKeyComponents { n, e } =
            RsaPublicKeyComponents::<Vec<u8>>::from(self.rsa.public());
        let point = self.point.public_key().as_ref();
        json!({ "keys": [
            { "kty": "RSA", "kid": "rsa", "use": "sig", "alg": "RS256", "n": base64(n), "e": base64(e) },
            { "kty": "EC", "kid": "point", "crv": "P-256", "x": base64(&point[1..33]), "y": base64(&point[33..]) },
            { "kty": "oct", "kid": "secret", "k": base64("a secret that must never verify anything") },
        ] })
    }

    /// Signs whatever the header says with the key whose algorithm it names.
    fn sign(&self, header: &Value, claims: &Value) -> String {
        let message = format!(
            "{}.{}",
            base64(header.to_string()),
            base64(claims.to_string())
        );
        let (random, bytes) = (SystemRandom::new(), message.as_bytes());
        let signature = match header["alg"].as_str() {
            Some("RS256") => {
                let mut signature = vec![0; self.rsa.public().modulus_len()];
                self.rsa
                    .sign(&RSA_PKCS1_SHA256, &random, bytes, &mut signature)
                    .expect("a signature");
                signature
            }
            Some("ES256") => self
                .point
                .sign(&random, bytes)
                .expect("a signature")
                .as_ref()
                .to_vec(),
            Some("HS256") => {
                use hmac::{Hmac, KeyInit as _, Mac as _};
                // The classic confusion: the public key as the secret.
                let secret = RsaPublicKeyComponents::<Vec<u8>>::from(self.rsa.public()).n;
                let mac = Hmac::<sha2::Sha256>::new_from_slice(&secret).expect("a secret");
                mac.chain_update(bytes).finalize().into_bytes().to_vec()
            }
            _ => Vec::new(),
        };
        format!("{message}.{}", base64(signature))
    }

    pub(in crate::oauth) fn rsa(&self, claims: &Value) -> String {
        self.sign(
            &json!({ "alg": "RS256", "kid": "rsa", "typ": "JWT" }),
            claims,
        )
    }
}

/// Valid claims, except for these.
fn claims(but: &Value) -> Value {
    let exp = unix_seconds(SystemTime::now()) + 600;
    let mut claims = json!({ "iss": ISSUER, "aud": CLIENT, "sub": "zoe", "exp": exp, "iat": exp - 600, "nonce": NONCE });
    for (name, value) in but.as_object().expect("an object") {
        match value {
            Value::Null => drop(claims.as_object_mut().expect("an object").remove(name)),
            value => claims[name] = value.clone(),
        }
    }
    claims
}

const RULES: TokenRules<'static> = TokenRules::new(ISSUER, Some("https://login.example.com/keys"));

/// Whom the id token is about.
async fn verify(
    id_tokens: &IdTokens,
    http: &dyn HttpClient,
    token: &ProviderToken,
    expected: Expectation<'_>,
) -> Result<Option<String>, ProviderError> {
    let claims = id_tokens.claims(http, token, RULES, expected).await?;
    claims.as_ref().map(subject).transpose()
}

fn provider_token(id_token: Option<&str>) -> ProviderToken {
    let answer = id_token.map_or(json!({}), |token| json!({ "id_token": token }));
    ProviderToken {
        access_token: "access".to_owned(),
        expires_at: None,
        refresh_token: None,
        answer,
    }
}

const EXPECTED: Expectation<'static> = Expectation {
    other_clients: &[],
    client_id: CLIENT,
    client_secret: "a secret that must never verify anything",
    nonce: Some(NONCE),
    id_token_required: true,
    verified_mark_wanted: true,
};

/// Publishes a key set, and counts how often it is asked for.
fn published(key_set: Value) -> (impl HttpClient, Arc<AtomicUsize>) {
    let asked = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&asked);
    let http = move |request: Request<Bytes>| {
        assert_eq!(request.uri(), &*format!("{ISSUER}/keys"));
        counted.fetch_add(1, Ordering::Relaxed);
        std::future::ready(Ok::<_, HttpError>(Response::new(Bytes::from(
            key_set.to_string(),
        ))))
    };
    (http, asked)
}

async fn verified(issuer: &Signer, token: &str) -> Result<Option<String>, String> {
    let (http, _) = published(issuer.key_set());
    let token = provider_token(Some(token));
    let verified = verify(&IdTokens::default(), &http, &token, EXPECTED).await;
    verified.map_err(|error| {
        error
            .to_string()
            .split_once(": ")
            .map_or_else(String::new, |(_, why)| why.to_owned())
    })
}

#[tokio::test]
async fn good_tokens_name_their_subject() {
    let issuer = Signer::new();
    let headers = [
        json!({ "alg": "RS256", "kid": "rsa" }),
        json!({ "alg": "ES256", "kid": "point" }),
        // Without a key's id every key is tried.
        json!({ "alg": "RS256" }),
        json!({ "alg": "ES256" }),
    ];
    for header in headers {
        let token = issuer.sign(&header, &claims(&json!({})));
        assert_eq!(
            verified(&issuer, &token).await,
            Ok(Some("zoe".to_owned())),
            "{header}"
        );
    }
}

#[tokio::test]
async fn claims_for_this_client_are_accepted() {
    let issuer = Signer::new();
    let now = unix_seconds(SystemTime::now());
    let good = [
        json!({ "aud": [CLIENT] }),
        json!({ "aud": [CLIENT, "another"], "azp": CLIENT }),
        json!({ "azp": CLIENT }),
        // Within the leeway.
        json!({ "exp": now - 30 }),
        json!({ "exp": 4_102_444_800.5 }),
    ];
    for but in good {
        assert_eq!(
            verified(&issuer, &issuer.rsa(&claims(&but))).await,
            Ok(Some("zoe".to_owned())),
            "{but}"
        );
    }
}

#[tokio::test]
async fn other_claims_are_refused() {
    let issuer = Signer::new();
    let now = unix_seconds(SystemTime::now());
    let bad = [
        (
            json!({ "iss": "https://login.example.com/" }),
            "its id token is another issuer's",
        ),
        (json!({ "iss": null }), "its id token is another issuer's"),
        (
            json!({ "aud": "another" }),
            "its id token is for another client",
        ),
        (json!({ "aud": null }), "its id token is for another client"),
        (json!({ "aud": [] }), "its id token is for another client"),
        (
            json!({ "aud": ["another"] }),
            "its id token is for another client",
        ),
        (
            json!({ "aud": [CLIENT, "another"] }),
            "its id token is for another client",
        ),
        (
            json!({ "aud": [CLIENT, "another"], "azp": "another" }),
            "its id token is for another client",
        ),
        (
            json!({ "azp": "another" }),
            "its id token is for another client",
        ),
        (json!({ "exp": now - 61 }), "its id token has expired"),
        (json!({ "exp": null }), "its id token has expired"),
        (json!({ "exp": "4102444800" }), "its id token has expired"),
        (
            json!({ "nonce": "another nonce" }),
            "its id token is of another flow",
        ),
        (json!({ "nonce": null }), "its id token is of another flow"),
        (json!({ "sub": null }), "its id token names no user"),
        (json!({ "sub": 7 }), "its id token names no user"),
    ];
    for (but, why) in bad {
        assert_eq!(
            verified(&issuer, &issuer.rsa(&claims(&but))).await,
            Err(why.to_owned()),
            "{but}"
        );
    }
}

#[tokio::test]
async fn no_nonce_is_asked_for_where_none_was_sent() {
    let issuer = Signer::new();
    let (http, _) = published(issuer.key_set());
    let token = provider_token(Some(&issuer.rsa(&claims(&json!({ "nonce": null })))));
    let expected = Expectation {
        nonce: None,
        ..EXPECTED
    };
    assert_eq!(
        verify(&IdTokens::default(), &http, &token, expected)
            .await
            .expect("a subject")
            .as_deref(),
        Some("zoe")
    );
}

#[tokio::test]
async fn a_missing_token_is_refused_where_one_is_required() {
    let issuer = Signer::new();
    let (http, asked) = published(issuer.key_set());
    let lax = Expectation {
        id_token_required: false,
        ..EXPECTED
    };
    let none = provider_token(None);
    verify(&IdTokens::default(), &http, &none, EXPECTED)
        .await
        .expect_err("no token");
    assert_eq!(
        verify(&IdTokens::default(), &http, &none, lax)
            .await
            .expect("nothing"),
        None
    );
    let keyless = TokenRules::new(ISSUER, None);
    let id_tokens = IdTokens::default();
    let good = provider_token(Some(&issuer.rsa(&claims(&json!({})))));
    id_tokens
        .claims(&http, &good, keyless, EXPECTED)
        .await
        .expect_err("no keys");
    assert_eq!(
        id_tokens
            .claims(&http, &good, keyless, lax)
            .await
            .expect("nothing"),
        None
    );
    assert_eq!(asked.load(Ordering::Relaxed), 0);
}

#[test]
fn what_tls_brought_is_judged_but_for_issuer_and_signature() {
    let issuer = Signer::new();
    let header = json!({ "alg": "HS256", "typ": "JWT" });
    let judged = |but: Value| {
        brought_by_tls(
            &provider_token(Some(&issuer.sign(&header, &claims(&but)))),
            EXPECTED,
        )
        .ok()
    };
    assert_eq!(
        judged(json!({ "iss": "https://another.example" })),
        Some(Some("zoe".to_owned()))
    );
    for but in [
        json!({ "aud": "another" }),
        json!({ "exp": 7 }),
        json!({ "nonce": "another" }),
        json!({ "sub": null }),
    ] {
        assert_eq!(judged(but.clone()), None, "{but}");
    }
    brought_by_tls(&provider_token(Some("no token")), EXPECTED).expect_err("no token");
    brought_by_tls(&provider_token(None), EXPECTED).expect_err("nothing");
    let lax = Expectation {
        id_token_required: false,
        ..EXPECTED
    };
    assert_eq!(
        brought_by_tls(&provider_token(None), lax).expect("nothing"),
        None
    );
}
