//! Who gets in.

use serde_json::json;
use users_runtime::value::Value;
use users_tests::{App, Event};

use crate::{
    browser::Browser,
    provider::{Provider, start},
};

#[tokio::test]
async fn a_new_user_is_registered_and_logged_in_again() {
    let provider = Provider::start().await;
    let app = provider.app().await;
    let mut browser = Browser::at(&app);
    browser.present(&browser.log_in("/oidc", "jo").await.ok());
    let me = browser.get("/users/me").await.ok();
    assert_eq!(
        (&me["email"], &me["is_verified"]),
        (&json!("jo@example.com"), &json!(false))
    );
    let accounts =
        json!([{ "oauth_name": "oidc", "account_id": "jo", "account_email": "jo@example.com" }]);
    assert_eq!(browser.get("/accounts").await.ok(), accounts);

    // The same browser, whom the provider still knows, and another one.
    browser.present(&browser.log_in("/oidc", "not asked").await.ok());
    assert_eq!(browser.get("/users/me").await.ok(), me);
    let mut other = Browser::at(&app);
    other.present(&other.log_in("/oidc", "jo").await.ok());
    assert_eq!(other.get("/users/me").await.ok(), me);

    let id = me["id"].as_str().expect("an id").parse().expect("a UUID");
    let logged_in = || Event::LoggedIn(id);
    assert_eq!(
        app.hooks.events(),
        [Event::Registered(id), logged_in(), logged_in(), logged_in()]
    );
    let user = app
        .users
        .find(&id)
        .await
        .expect("a store")
        .expect("the user");
    let account = app
        .users
        .oauth_accounts(&user)
        .await
        .expect("a store")
        .remove(0);
    assert!(
        account.expires_at.is_some() && !account.access_token.is_empty(),
        "the provider's token is kept"
    );
}

#[tokio::test]
async fn a_cookie_backend_sends_the_browser_on_to_the_front_end() {
    let provider = Provider::start().await;
    let front_end = "https://app.example.com/welcome";
    let app = start(provider.oauth().await.front_end(front_end), |builder| {
        builder
    })
    .await;
    let browser = Browser::at(&app);
    let page = browser
        .authorize(&format!("/cookie/authorize?next={front_end}"))
        .await;
    let answer = browser.get(&browser.at_provider(&page, "jo").await).await;
    assert_eq!(
        (answer.status, answer.location.as_deref()),
        (303, Some(front_end)),
        "{answer:?}"
    );
    assert_eq!(
        browser.get("/users/me").await.ok()["email"],
        "jo@example.com",
        "the cookie is there"
    );

    let page = browser
        .authorize(&format!("/oidc/authorize?next={front_end}"))
        .await;
    let answer = browser.get(&browser.at_provider(&page, "jo").await).await;
    let fragment = answer.location.expect("a redirect");
    assert!(
        fragment.starts_with(&format!("{front_end}#access_token=")),
        "{fragment}"
    );
}

#[tokio::test]
async fn a_user_links_an_account_and_logs_in_with_it() {
    let provider = Provider::start().await;
    let app = provider.app().await;
    let user = app.user("somebody@example.com").await;
    app.set(&user, "is_verified", Value::Bool(true)).await;
    let mut browser = Browser::at(&app);
    browser.present(
        &app.client()
            .login("jwt", "somebody@example.com", users_tests::PASSWORD)
            .await
            .json(),
    );
    let linked = browser.log_in("/link", "jo").await.ok();
    assert_eq!(linked["email"], "somebody@example.com");

    let mut other = Browser::at(&app);
    other.present(&other.log_in("/oidc", "jo").await.ok());
    assert_eq!(other.get("/users/me").await.ok()["id"], json!(user.id));
    assert!(
        app.users
            .find_by_email("jo@example.com")
            .await
            .expect("a store")
            .is_none(),
        "nobody else was registered"
    );

    // Another user cannot take the account over.
    let al = app.user("al@example.com").await;
    app.set(&al, "is_verified", Value::Bool(true)).await;
    let mut al = Browser::at(&app);
    al.present(
        &app.client()
            .login("jwt", "al@example.com", users_tests::PASSWORD)
            .await
            .json(),
    );
    al.log_in("/link", "jo")
        .await
        .assert_detail(400, "OAUTH_ACCOUNT_ALREADY_LINKED");
}

#[tokio::test]
async fn an_address_is_proof_only_where_the_provider_proved_it() {
    let provider = Provider::start().await;
    let app = provider.app().await;
    app.user("jo@example.com").await;
    Browser::at(&app)
        .log_in("/oidc", "jo")
        .await
        .assert_detail(400, "OAUTH_USER_ALREADY_EXISTS");

    let app = start(provider.oauth().await.associate_by_email(true), |builder| {
        builder
    })
    .await;
    let user = app.user("jo@example.com").await;
    Browser::at(&app)
        .log_in("/oidc", "jo:unverified")
        .await
        .assert_detail(400, "OAUTH_USER_ALREADY_EXISTS");
    let mut browser = Browser::at(&app);
    browser.present(&browser.log_in("/oidc", "jo").await.ok());
    assert_eq!(browser.get("/users/me").await.ok()["id"], json!(user.id));
}

#[tokio::test]
async fn whoever_has_no_address_or_is_inactive_or_cancels_stays_outside() {
    let provider = Provider::start().await;
    let app = provider.app().await;
    Browser::at(&app)
        .log_in("/oidc", "jo:nomail")
        .await
        .assert_detail(400, "OAUTH_NOT_AVAILABLE_EMAIL");
    let browser = Browser::at(&app);
    let page = browser.authorize("/oidc/authorize?scopes=openid").await;
    let back = browser.at_provider(&page, "jo").await;
    browser
        .get(&back)
        .await
        .assert_detail(400, "OAUTH_NOT_AVAILABLE_EMAIL");
    Browser::at(&app)
        .log_in("/oidc", "")
        .await
        .assert_detail(400, "access_denied");
    assert!(
        app.hooks.events().is_empty() && user(&app).await.is_none(),
        "nobody was registered"
    );

    Browser::at(&app).log_in("/oidc", "jo").await.ok();
    app.set(
        &user(&app).await.expect("the user"),
        "is_active",
        Value::Bool(false),
    )
    .await;
    Browser::at(&app)
        .log_in("/oidc", "jo")
        .await
        .assert_detail(400, "LOGIN_BAD_CREDENTIALS");
}

async fn user(app: &App) -> Option<users_tests::User> {
    app.users
        .find_by_email("jo@example.com")
        .await
        .expect("a store")
}
