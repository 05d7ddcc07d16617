//! States and codes in the hands of others, or for a second time.

use users_runtime::Compat;

use crate::{
    browser::Browser,
    provider::{Middle, Provider, start},
};

#[tokio::test]
async fn a_state_belongs_to_one_browser_and_is_used_once() {
    let provider = Provider::start().await;
    let app = provider.app().await;
    let (browser, victim) = (Browser::at(&app), Browser::at(&app));
    let back = browser.there_and_back("/oidc", "mallory").await;
    victim
        .get(&back)
        .await
        .assert_detail(400, "OAUTH_INVALID_STATE");
    victim.authorize("/oidc/authorize").await;
    victim
        .get(&back)
        .await
        .assert_detail(400, "OAUTH_INVALID_STATE");
    browser
        .get(&back.replace("/oidc/", "/cookie/"))
        .await
        .assert_detail(400, "OAUTH_INVALID_STATE");
    assert!(app.hooks.events().is_empty(), "nobody got in");

    browser.get(&back).await.ok();
    browser
        .get(&back)
        .await
        .assert_detail(400, "OAUTH_INVALID_STATE");
}

#[tokio::test]
async fn the_provider_takes_a_code_once() {
    // The preset sends the secret as the original does, which no other secret survives here.
    let provider = Provider::start_with_secret("a-secret-of-unreserved-characters").await;
    // The preset lets a state be used again, as the original does; so it is the provider who refuses.
    // This provider wants PKCE, which the preset leaves out.
    let app = start(provider.oauth().await.pkce(true), |builder| {
        builder.compat(Compat::FastApiUsers15)
    })
    .await;
    let browser = Browser::at(&app);
    let back = browser.there_and_back("/oidc", "jo").await;
    browser.get(&back).await.ok();
    browser
        .get(&back)
        .await
        .assert_detail(400, "OAUTH_CODE_EXCHANGE_FAILED");
}

#[tokio::test]
async fn a_code_is_worth_nothing_in_another_browser() {
    let provider = Provider::start().await;
    let app = provider.app().await;
    let (thief, victim) = (Browser::at(&app), Browser::at(&app));
    let code_of = |url: &str| {
        url.split(['?', '&'])
            .find(|part| part.starts_with("code="))
            .expect("a code")
            .to_owned()
    };
    let stolen = code_of(&victim.there_and_back("/oidc", "jo").await);
    let back = thief.there_and_back("/oidc", "mallory").await;
    let with_stolen = back.replace(&code_of(&back), &stolen);
    thief
        .get(&with_stolen)
        .await
        .assert_detail(400, "OAUTH_CODE_EXCHANGE_FAILED");
    assert!(app.hooks.events().is_empty(), "nobody got in");
}

/// Alters the proof with which the application exchanges a code.
fn of_verifiers(alter: fn(&str) -> Option<String>) -> Middle {
    Middle::of_requests(move |request| {
        request.map(|body| {
            let pairs = form_urlencoded::parse(&body).filter_map(|(name, value)| match &*name {
                "code_verifier" => Some((name, alter(&value)?.into())),
                _ => Some((name, value)),
            });
            form_urlencoded::Serializer::new(String::new())
                .extend_pairs(pairs)
                .finish()
                .into()
        })
    })
}

#[tokio::test]
async fn the_provider_refuses_codes_without_their_proof() {
    let provider = Provider::start().await;
    let app = provider
        .app_through(of_verifiers(|verifier| Some(verifier.to_owned())))
        .await;
    Browser::at(&app).log_in("/oidc", "jo").await.ok();

    let missing: fn(&str) -> Option<String> = |_| None;
    for alter in [
        missing,
        |_| Some("x".repeat(43)),
        |verifier| Some(verifier.to_uppercase()),
    ] {
        let app = provider.app_through(of_verifiers(alter)).await;
        Browser::at(&app)
            .log_in("/oidc", "jo")
            .await
            .assert_detail(400, "OAUTH_CODE_EXCHANGE_FAILED");
        assert!(app.hooks.events().is_empty(), "somebody got in");
    }

    // And lets nobody in who comes without a challenge in the first place.
    let browser = Browser::at(&app);
    let page = browser.authorize("/oidc/authorize").await;
    let page = page
        .split('&')
        .filter(|part| !part.starts_with("code_challenge"))
        .collect::<Vec<_>>()
        .join("&");
    browser
        .get(&browser.at_provider(&page, "jo").await)
        .await
        .assert_detail(400, "invalid_request");
}
