//! What Okta says about itself and its users.

use serde_json::json;

use super::{super::*, answering, known, told};
use crate::oauth::OAuthProvider as _;

#[tokio::test]
async fn okta_is_discovered() {
    let found = json!({
        "issuer": "https://dev-1.okta.com", "authorization_endpoint": "https://dev-1.okta.com/oauth2/v1/authorize",
        "token_endpoint": "https://dev-1.okta.com/oauth2/v1/token", "userinfo_endpoint": "https://dev-1.okta.com/oauth2/v1/userinfo",
        "jwks_uri": "https://dev-1.okta.com/oauth2/v1/keys", "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "private_key_jwt", "none"],
    });
    let configuration = "https://dev-1.okta.com/.well-known/openid-configuration";
    let (http, _) = answering(&[(configuration, 200, &found.to_string())]);
    let okta = Okta::discover(&http, "dev-1.okta.com")
        .await
        .expect("an organization");
    assert_eq!(
        (okta.name(), okta.base_scopes()),
        ("okta", &["openid", "email"][..])
    );
    assert_eq!(
        okta.endpoints().token,
        "https://dev-1.okta.com/oauth2/v1/token"
    );
    assert!(okta.supports_pkce() && okta.supports_nonce());
    assert_eq!(
        okta.issuer_in_answers(),
        None,
        "it does not say that it names itself"
    );
    let info = r#"{"sub": "00uid4BxXw6I6TV4m0g3", "email": "zoe@x.co", "email_verified": true}"#;
    let profile = told(
        okta.named("staff"),
        "https://dev-1.okta.com/oauth2/v1/userinfo",
        info,
    )
    .await
    .expect("a profile");
    assert_eq!(
        profile,
        known("00uid4BxXw6I6TV4m0g3", Some("zoe@x.co"), Some(true))
    );
    assert!(Okta::discover(&http, "dev-2.okta.com").await.is_err());
}

#[tokio::test]
async fn okta_names_itself_where_it_says_so() {
    let found = json!({
        "issuer": "https://dev-1.okta.com", "authorization_endpoint": "https://dev-1.okta.com/oauth2/v1/authorize",
        "token_endpoint": "https://dev-1.okta.com/oauth2/v1/token", "userinfo_endpoint": "https://dev-1.okta.com/oauth2/v1/userinfo",
        "jwks_uri": "https://dev-1.okta.com/oauth2/v1/keys", "authorization_response_iss_parameter_supported": true,
    });
    let (http, _) = answering(&[(
        "https://dev-1.okta.com/.well-known/openid-configuration",
        200,
        &found.to_string(),
    )]);
    let okta = Okta::discover(&http, "dev-1.okta.com")
        .await
        .expect("an organization");
    assert_eq!(
        okta.named("staff").issuer_in_answers(),
        Some("https://dev-1.okta.com")
    );
}
