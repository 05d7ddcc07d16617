//! Deletions, sessions that end, and what operators reach.

use serde_json::json;
use users_runtime::store::UserSearch;
use users_tests::{App, Event, PASSWORD};

use crate::superuser;

#[tokio::test]
async fn a_superuser_deletes_a_user_with_their_sessions() {
    let app = App::start().await;
    let user = app.user("jo@example.com").await;
    let token = app
        .client()
        .login("db", "jo@example.com", PASSWORD)
        .await
        .json();
    let client = app
        .client()
        .bearer(token["access_token"].as_str().expect("a token"));
    let (_, root) = superuser(&app).await;
    let path = format!("/users/{}", user.id);
    client
        .send("DELETE", &path)
        .await
        .assert_detail(403, "Forbidden");
    client
        .send("DELETE", "/users/me")
        .await
        .assert_detail(403, "Forbidden");
    root.send("DELETE", "/users/me")
        .await
        .assert_detail(404, "Not Found");
    let answer = root.send("DELETE", &path).await;
    assert_eq!(
        (
            answer.status,
            answer.text.as_str(),
            answer.header("content-type")
        ),
        (204, "", "")
    );
    root.send("DELETE", &path)
        .await
        .assert_detail(404, "Not Found");
    client
        .get("/users/me")
        .await
        .assert_detail(401, "Unauthorized");
    let tokens: i64 = sqlx::query_scalar("SELECT count(*) FROM accesstoken")
        .fetch_one(app.store.pool())
        .await
        .expect("a number");
    assert_eq!(tokens, 0);
    let events = app.hooks.events();
    assert!(
        events.ends_with(&[Event::BeforeDelete(user.id), Event::Deleted(user.id)]),
        "{events:?}"
    );
}

#[tokio::test]
async fn a_new_password_ends_the_other_sessions_and_a_deactivation_all() {
    let app = App::start().await;
    let user = app.user("jo@example.com").await;
    let mut sessions = Vec::new();
    for _ in 0..2 {
        let token = app
            .client()
            .login("db", "jo@example.com", PASSWORD)
            .await
            .json();
        sessions.push(
            app.client()
                .bearer(token["access_token"].as_str().expect("a token")),
        );
    }
    assert_eq!(
        sessions[0]
            .json("PATCH", "/users/me", &json!({ "password": "a new one" }))
            .await
            .status,
        200
    );
    assert_eq!(
        sessions[0].get("/users/me").await.status,
        200,
        "the session that asked stays"
    );
    assert_eq!(sessions[1].get("/users/me").await.status, 401);
    let (_, root) = superuser(&app).await;
    let path = format!("/users/{}", user.id);
    assert_eq!(
        root.json("PATCH", &path, &json!({ "is_active": false }))
            .await
            .status,
        200
    );
    assert_eq!(
        root.json("PATCH", &path, &json!({ "is_active": true }))
            .await
            .status,
        200
    );
    assert_eq!(sessions[0].get("/users/me").await.status, 401);
}

#[tokio::test]
async fn with_the_preset_sessions_go_on_and_the_own_address_is_taken() {
    let app = App::start_compatible().await;
    let user = app.user("jo@example.com").await;
    let token = app
        .client()
        .login("db", "jo@example.com", PASSWORD)
        .await
        .json();
    let session = app
        .client()
        .bearer(token["access_token"].as_str().expect("a token"));
    let client = app.client_of(&user).await;
    assert_eq!(
        client
            .json("PATCH", "/users/me", &json!({ "password": "a new one" }))
            .await
            .status,
        200
    );
    assert_eq!(session.get("/users/me").await.status, 200);
    let answer = client
        .json("PATCH", "/users/me", &json!({ "email": "JO@example.com" }))
        .await;
    answer.assert_detail(400, "UPDATE_USER_EMAIL_ALREADY_EXISTS");
}

#[tokio::test]
async fn operators_reach_the_stores_answers_through_the_system() {
    let app = App::start().await;
    superuser(&app).await;
    app.user("jo@example.com").await;
    let administration = app
        .users
        .administration()
        .expect("the store answers operators");
    let found = administration
        .search(&UserSearch::new().is_superuser(true))
        .await
        .expect("an answer");
    assert_eq!(
        found
            .iter()
            .map(|user| user.email.as_str())
            .collect::<Vec<_>>(),
        ["root@example.com"]
    );
    assert_eq!(
        administration
            .count(&UserSearch::new())
            .await
            .expect("an answer"),
        2
    );
    let codes = administration.doctor().await.expect("an answer");
    assert!(
        codes
            .iter()
            .any(|finding| finding.code() == "unverified_superusers"),
        "{codes:?}"
    );
    assert_eq!(administration.pending().await.expect("an answer"), "");
    assert!(administration.schema().starts_with("CREATE TABLE"));
}
