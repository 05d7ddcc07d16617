//! Addresses that somebody registered before their owner came with an account.

use serde_json::json;
use users_runtime::{Compat, Value};
use users_tests::{App, PASSWORD};

use crate::provider::{Flow, account, code, logged_in, oauth, routes, start};

#[tokio::test]
async fn an_address_that_is_taken_is_not_linked_unless_it_is_said() {
    let (oauth, _) = oauth("forge");
    let app = start(oauth).await;
    app.user("jo@example.com").await;
    for email in ["jo@example.com", "JO@EXAMPLE.COM"] {
        let answer = Flow::start(&app.client(), "/forge").await.back(&account("1", email)).await;
        answer.assert_detail(400, "OAUTH_USER_ALREADY_EXISTS");
    }
}

#[tokio::test]
async fn who_registered_an_address_in_advance_loses_it_to_its_owner() {
    let (oauth, _) = oauth("forge");
    let app = start(oauth.associate_by_email(true)).await;
    let user = app.user("jo@example.com").await;
    let session = app.client().login("db", "jo@example.com", PASSWORD).await;
    let hijacker = logged_in(&app, &session);
    let answer = Flow::start(&app.client(), "/forge").await.back(&account("1", "Jo@Example.com")).await;
    assert_eq!(logged_in(&app, &answer).get("/users/me").await.json()["id"], json!(user.id));
    assert_eq!(hijacker.get("/users/me").await.status, 401, "the session goes on");
    app.client().login("db", "jo@example.com", PASSWORD).await.assert_detail(400, "LOGIN_BAD_CREDENTIALS");
}

#[tokio::test]
async fn who_has_proven_the_address_keeps_the_password() {
    let (oauth, _) = oauth("forge");
    let app = start(oauth.associate_by_email(true)).await;
    let user = app.user("jo@example.com").await;
    app.set(&user, "is_verified", Value::Bool(true)).await;
    let session = logged_in(&app, &app.client().login("db", "jo@example.com", PASSWORD).await);
    assert_eq!(Flow::start(&app.client(), "/forge").await.back(&account("1", "jo@example.com")).await.status, 200);
    assert_eq!(session.get("/users/me").await.status, 200);
    assert_eq!(app.client().login("db", "jo@example.com", PASSWORD).await.status, 200);
}

#[tokio::test]
async fn an_address_that_the_provider_has_not_verified_proves_nothing() {
    let (oauth, _) = oauth("forge");
    let app = start(oauth.associate_by_email(true).is_verified_by_default(true)).await;
    app.user("jo@example.com").await;
    let unverified = |id: &str, email: &str| code(&json!({ "id": id, "email": email, "verified": false }));
    let answer = Flow::start(&app.client(), "/forge").await.back(&unverified("1", "jo@example.com")).await;
    answer.assert_detail(400, "OAUTH_USER_ALREADY_EXISTS");
    for (code, verified) in [(unverified("2", "new@example.com"), false), (account("3", "other@example.com"), true)] {
        let answer = Flow::start(&app.client(), "/forge").await.back(&code).await;
        assert_eq!(logged_in(&app, &answer).get("/users/me").await.json()["is_verified"], json!(verified));
    }
}

#[tokio::test]
async fn the_preset_links_as_the_original_does() {
    let (oauth, _) = oauth("forge");
    let app = App::builder().configure(|builder| builder.compat(Compat::FastApiUsers15));
    let oauth = oauth.associate_by_email(true);
    let app = app.routes(move |users| routes(users, &oauth)).start().await;
    app.user("jo@example.com").await;
    assert_eq!(Flow::start(&app.client(), "/forge").await.back(&account("1", "jo@example.com")).await.status, 200);
    assert_eq!(app.client().login("jwt", "jo@example.com", PASSWORD).await.status, 200, "the password stays");
}
