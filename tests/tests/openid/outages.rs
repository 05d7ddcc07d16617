//! Providers that are away, or not who they should be.

use users_runtime::oauth::{NetworkClient, OAuthProvider as _, OpenIdConnect, ProviderError};

use crate::{browser::Browser, provider::Provider};

#[tokio::test]
async fn a_provider_that_is_away_is_a_bad_gateway() {
    let provider = Provider::start().await;
    let app = provider.app().await;
    let (browser, later) = (Browser::at(&app), Browser::at(&app));
    browser.log_in("/oidc", "al").await.ok();
    let back = later.there_and_back("/oidc", "jo").await;
    let issuer = provider.issuer.clone();
    provider.kill().await;
    later
        .get(&back)
        .await
        .assert_detail(502, "OAUTH_PROVIDER_UNAVAILABLE");
    later.authorize("/oidc/authorize").await;
    assert!(
        app.users
            .find_by_email("jo@example.com")
            .await
            .expect("a store")
            .is_none(),
        "nobody got in"
    );

    let http = NetworkClient::new().expect("certificates");
    let late = OpenIdConnect::discover(&http, "oidc", &issuer)
        .await
        .expect("an application starts without it");
    let unknown = late.prepare(&http, true).await;
    assert!(matches!(unknown, Err(ProviderError::Http(_))));
}

#[tokio::test]
async fn a_provider_must_have_the_name_under_which_it_was_asked() {
    let provider = Provider::start().await;
    let http = NetworkClient::new().expect("certificates");
    let discover = async |address: &str| {
        let found = OpenIdConnect::discover(&http, "oidc", address).await;
        found.expect("a description")
    };
    let same = discover(&format!("{}/", provider.issuer)).await;
    same.check(true).expect("a slash makes no other name");
    let whole = format!("{}/.well-known/openid-configuration", provider.issuer);
    discover(&whole).await.check(true).expect("the same");
    let other_name = provider.issuer.replace("127.0.0.1", "localhost");
    let found = discover(&other_name).await;
    assert!(matches!(
        found.check(true),
        Err(ProviderError::Configuration(_))
    ));
    found.check(false).expect("the original compares no names");
    let named = found.issuer(&provider.issuer);
    named.check(true).expect("the name that was configured");
    let nowhere =
        OpenIdConnect::discover(&http, "oidc", &format!("{}/nowhere", provider.issuer)).await;
    assert!(matches!(nowhere.err(), Some(ProviderError::Status { status }) if status == 404));
}
