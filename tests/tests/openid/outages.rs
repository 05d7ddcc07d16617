//! Providers that are away, or not who they should be.

use users_runtime::oauth::{NetworkClient, OpenIdConnect, ProviderError};

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
    let found = OpenIdConnect::discover(&http, "oidc", &issuer).await;
    assert!(matches!(found.err(), Some(ProviderError::Http(_))));
}

#[tokio::test]
async fn a_provider_must_have_the_name_under_which_it_was_asked() {
    let provider = Provider::start().await;
    let http = NetworkClient::new().expect("certificates");
    let same = OpenIdConnect::discover(&http, "oidc", &format!("{}/", provider.issuer)).await;
    assert!(same.is_ok(), "a slash makes no other name");
    let by_other_name = provider.issuer.replace("127.0.0.1", "localhost");
    let found = OpenIdConnect::discover(&http, "oidc", &by_other_name).await;
    assert!(matches!(
        found.err(),
        Some(ProviderError::Answer("it names another issuer"))
    ));
    let nowhere =
        OpenIdConnect::discover(&http, "oidc", &format!("{}/nowhere", provider.issuer)).await;
    assert!(matches!(nowhere.err(), Some(ProviderError::Status { status }) if status == 404));
}
