//! Id tokens that mobile applications bring from Google and Apple.

use std::time::SystemTime;

use serde_json::{Value, json};

use super::{answering, known};
use crate::{
    oauth::{
        OAuthClient, OAuthProvider, Profile, ProviderError,
        id_token::tests::Signer,
        providers::{Apple, Google},
    },
    token::unix_seconds,
};

/// A provider's issuer, the address of its keys, and what it puts before the `sub` of an account.
const GOOGLE: [&str; 3] = [
    "https://accounts.google.com",
    "https://www.googleapis.com/oauth2/v3/certs",
    "people/",
];
const APPLE: [&str; 3] = [
    "https://appleid.apple.com",
    "https://appleid.apple.com/auth/keys",
    "",
];

/// Whom a token with these claims is about.
async fn brought(
    provider: impl OAuthProvider,
    [issuer, keys, _]: [&str; 3],
    but: Value,
) -> Result<Profile, ProviderError> {
    let exp = unix_seconds(SystemTime::now()) + 600;
    let mut claims = json!({
        "iss": issuer, "aud": "mobile", "sub": "117", "exp": exp, "iat": exp - 600, "nonce": "n",
        "email": "zoe@x.co", "email_verified": true,
    });
    for (name, value) in but.as_object().expect("claims") {
        claims[name] = value.clone();
    }
    let signer = Signer::new();
    let (http, _) = answering(&[(keys, 200, &signer.key_set().to_string())]);
    let client = OAuthClient::new(provider, http, "web", "secret");
    let (token, mobile) = (signer.rsa(&claims), ["mobile".to_owned()]);
    client
        .profile_of_id_token(&token, Some("n"), &mobile, true)
        .await
}

#[tokio::test]
async fn an_id_token_that_a_client_brings_is_about_the_account_of_the_routes() {
    let of = |[_, _, before]: [&str; 3]| format!("{before}117");
    for but in [json!({}), json!({ "aud": "web" })] {
        let google = brought(Google::new(), GOOGLE, but.clone()).await;
        let expected = known(&of(GOOGLE), Some("zoe@x.co"), Some(true));
        assert_eq!(google.expect("a profile"), expected);
        let apple = brought(Apple::new(), APPLE, but).await;
        let expected = known(&of(APPLE), Some("zoe@x.co"), Some(true));
        assert_eq!(apple.expect("a profile"), expected);
    }
}

#[tokio::test]
async fn an_id_token_that_is_not_for_this_application_is_refused() {
    for but in [
        json!({ "iss": "https://evil.example" }),
        json!({ "aud": "another" }),
        json!({ "nonce": "m" }),
        json!({ "exp": 1 }),
    ] {
        let google = brought(Google::new(), GOOGLE, but.clone()).await;
        google.expect_err("another token");
        let apple = brought(Apple::new(), APPLE, but).await;
        apple.expect_err("another token");
    }
}
