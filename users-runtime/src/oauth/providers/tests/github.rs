//! What GitHub says of a public address.

use serde_json::json;

use super::{answering, known, provider_token};
use crate::oauth::{OAuthClient, Profile, ProviderError, providers::GitHub};

/// The profile of a user with the public address `zoe@x.co`, with this answer to the question for all addresses.
async fn public(status: u16, addresses: &str, strict: bool) -> Result<Profile, ProviderError> {
    let user = r#"{"id": 583231, "email": "zoe@x.co"}"#;
    let (http, _) = answering(&[
        ("https://api.github.com/user", 200, user),
        ("https://api.github.com/user/emails", status, addresses),
    ]);
    let client = OAuthClient::new(GitHub::new(), http, "id", "secret");
    let token = provider_token(json!({}));
    client.profile(&token, None, strict).await
}

#[tokio::test]
async fn a_public_address_is_looked_up_in_the_list() {
    let list = |email: &str, verified: bool| {
        let other = json!({ "email": "other@x.co", "primary": true, "verified": !verified });
        json!([other, { "email": email, "primary": false, "verified": verified }]).to_string()
    };
    for (status, addresses, verified) in [
        (200, list("zoe@x.co", true), Some(true)),
        (200, list("Zoe@X.co", true), Some(true)),
        (200, list("zoe@x.co", false), Some(false)),
        (200, list("zoe@y.co", true), None),
        (200, "[]".to_owned(), None),
        (200, "{}".to_owned(), None),
        // The scope was not granted.
        (403, "{}".to_owned(), None),
        (404, "{}".to_owned(), None),
    ] {
        let profile = public(status, &addresses, true).await.expect("a profile");
        assert_eq!(profile, known("583231", Some("zoe@x.co"), verified));
        let profile = public(status, &addresses, false).await.expect("a profile");
        assert_eq!(
            profile,
            known("583231", Some("zoe@x.co"), None),
            "the preset does not ask"
        );
    }
    public(500, "{}", true).await.expect_err("no answer");
    public(500, "{}", false)
        .await
        .expect("the preset does not ask");
}
