//! A login that is under way while the key of states changes.

use users_runtime::token::{JwtKeys, SigningKey};

use crate::{
    browser::Browser,
    provider::{Provider, start},
};

#[tokio::test]
async fn the_verifier_and_the_nonce_are_those_of_the_key_that_signed() {
    let provider = Provider::start().await;
    let old = SigningKey::hs256("the former secret of the tests, for HS256").expect("a secret");
    let new = SigningKey::hs256("the present secret of the tests, for HS256").expect("a secret");
    let after = JwtKeys::new(new).also_accept(&old);
    let after = start(provider.oauth().await, |builder| {
        builder.oauth_state_keys(after)
    })
    .await;
    // Both are one application to the browser and to the provider, and have one callback.
    let oauth = provider
        .oauth()
        .await
        .redirect_url(format!("{}/oidc/callback", after.url));
    let before = start(oauth, |builder| builder.oauth_state_keys(JwtKeys::new(old))).await;

    let mut browser = Browser::at(&after);
    let page = browser
        .authorize(&format!("{}/oidc/authorize", before.url))
        .await;
    assert!(
        page.contains("code_challenge=") && page.contains("nonce="),
        "{page}"
    );
    let login = browser
        .get(&browser.at_provider(&page, "jo").await)
        .await
        .ok();
    browser.present(&login);
    assert_eq!(
        browser.get("/users/me").await.ok()["email"],
        "jo@example.com"
    );
}
