//! Apple: its id tokens, the client's secret, the relay.

use std::time::SystemTime;

use axum::body::Body;
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use http::{Request, StatusCode, header};
use jsonwebtoken::DecodingKey;
use serde_json::{Value, json};
use tower::ServiceExt as _;

use super::{super::Apple, answering, known, provider_token};
use crate::{
    oauth::{OAuthClient, Profile, ProviderError},
    token::{Claims, JwtKeys, SigningKey, VerifyingKey},
};

const PEM: &str = include_str!("../../../token/tests/keys/es256.pem");
const PUBLIC: &str = include_str!("../../../token/tests/keys/es256.pub.pem");

fn key() -> SigningKey {
    SigningKey::es256_pem(PEM).expect("a key")
}

async fn profile(claims: Claims) -> Result<Profile, ProviderError> {
    let public = DecodingKey::from_ec_pem(PUBLIC.as_bytes()).expect("a key");
    let [x, y] = [1..33, 33..65].map(|part| {
        BASE64_URL_SAFE_NO_PAD.encode(&public.try_get_as_bytes().expect("a point")[part])
    });
    let keys = json!({ "keys": [{ "kty": "EC", "crv": "P-256", "kid": "1", "use": "sig", "alg": "ES256", "x": x, "y": y }] });
    let token = JwtKeys::new(key())
        .encode_with_key_id("1", &claims)
        .expect("a token");
    let (http, _) = answering(&[(
        "https://appleid.apple.com/auth/keys",
        200,
        &keys.to_string(),
    )]);
    let client = OAuthClient::new(Apple::new(), http, "com.example.login", "secret");
    client
        .profile(
            &provider_token(json!({ "id_token": token })),
            Some("n"),
            false,
        )
        .await
}

fn claims() -> Claims {
    let claims = Claims::new()
        .with("iss", "https://appleid.apple.com")
        .with("aud", "com.example.login")
        .with("nonce", "n");
    claims
        .with("exp", 4_102_444_800_u64)
        .with("sub", "001999.1f0e")
        .with("nonce_supported", true)
}

#[tokio::test]
async fn id_tokens_tell_who_the_user_is() {
    let with = |email: &str, verified: Value| {
        claims()
            .with("email", email)
            .with("email_verified", verified)
    };
    for (claims, expected) in [
        (
            with("zoe@x.co", json!("true")),
            known("001999.1f0e", Some("zoe@x.co"), Some(true)),
        ),
        (
            with("7x@privaterelay.appleid.com", json!(true)),
            known(
                "001999.1f0e",
                Some("7x@privaterelay.appleid.com"),
                Some(true),
            ),
        ),
        (
            with("zoe@x.co", json!("false")),
            known("001999.1f0e", Some("zoe@x.co"), Some(false)),
        ),
        (claims(), known("001999.1f0e", None, None)),
    ] {
        assert_eq!(profile(claims).await.expect("a profile"), expected);
    }
    for bad in [
        claims().with("iss", "https://evil.example"),
        claims().with("aud", "another"),
        claims().with("nonce", "m"),
    ] {
        profile(bad).await.expect_err("another token");
    }
}

#[tokio::test]
async fn an_id_token_is_always_required() {
    let client = OAuthClient::new(
        Apple::new(),
        answering(&[]).0,
        "com.example.login",
        "secret",
    );
    client
        .profile(&provider_token(json!({})), None, false)
        .await
        .expect_err("no id token");
}

#[test]
fn the_clients_secret_is_a_token() {
    let secret = Apple::client_secret(key(), "KEYID12345", "TEAMID1234", "com.example.login")
        .expect("a secret");
    let header = BASE64_URL_SAFE_NO_PAD
        .decode(secret.split('.').next().expect("a header"))
        .expect("base64");
    assert_eq!(header, br#"{"alg":"ES256","kid":"KEYID12345","typ":"JWT"}"#);
    let keys = JwtKeys::new(key()).also_accept(VerifyingKey::es256_pem(PUBLIC).expect("a key"));
    let claims = keys
        .decode(&secret, &["https://appleid.apple.com"], SystemTime::now())
        .expect("claims");
    assert_eq!(
        (claims.text("iss"), claims.text("sub")),
        (Some("TEAMID1234"), Some("com.example.login"))
    );
    let seconds = |name: &str| claims.get(name).and_then(Value::as_u64).expect("seconds");
    assert!(seconds("exp").abs_diff(seconds("iat") + 180 * 86_400) <= 1);
}

#[tokio::test]
async fn what_apple_posts_goes_on_to_the_callback() {
    let relay = axum::Router::<()>::new().route(
        "/relay",
        Apple::relay("/auth/apple/callback").expect("a path"),
    );
    let posted = |body: &'static str| {
        let request = Request::post("/relay")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        relay
            .clone()
            .oneshot(request.body(Body::from(body)).expect("a request"))
    };
    for (body, location) in [
        (
            "state=a.b%2Bc&code=c%26d&id_token=x&user=%7B%7D",
            "/auth/apple/callback?state=a.b%2Bc&code=c%26d",
        ),
        (
            "error=user_cancelled_authorize&state=S",
            "/auth/apple/callback?error=user_cancelled_authorize&state=S",
        ),
        (
            "code=%0D%0ASet-Cookie%3A+a",
            "/auth/apple/callback?code=%0D%0ASet-Cookie%3A+a",
        ),
        ("", "/auth/apple/callback?"),
    ] {
        let answer = posted(body).await.expect("an answer");
        assert_eq!(
            (
                answer.status(),
                answer.headers()[header::LOCATION].as_bytes()
            ),
            (StatusCode::SEE_OTHER, location.as_bytes())
        );
        assert_eq!(answer.headers()[header::CACHE_CONTROL], "no-store");
    }
    assert!(Apple::relay::<()>("/a\r\nb").is_err());
}
