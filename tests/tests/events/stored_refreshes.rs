//! Stored events of refresh tokens.

use std::time::Duration;

use serde_json::json;
use users_tests::PASSWORD;

use crate::stored_app::{App, events, names};

const OWN: &str = "/users/me/events";

/// Logs in; the refresh token and the session's id.
async fn refreshable(app: &App, email: &str) -> (String, String) {
    let answer = app.client.login("api", email, PASSWORD).await;
    let body = answer.json();
    let token = body["refresh_token"].as_str().expect("a token").to_owned();
    let access = body["access_token"].as_str().expect("a token");
    let list = app.client.bearer(access).get("/users/me/sessions").await;
    let id = list.json()[0]["id"].as_str().expect("an id").to_owned();
    (token, id)
}

async fn refresh(app: &App, token: &str) -> Result<String, u16> {
    let body = json!({ "refresh_token": token });
    let answer = app.client.post("/auth/api/refresh", &body).await;
    match answer.status {
        200 => Ok(answer.json()["refresh_token"]
            .as_str()
            .expect("a token")
            .to_owned()),
        status => Err(status),
    }
}

#[tokio::test]
async fn a_logout_by_the_refresh_token_is_one_event_of_its_user() {
    let app = App::start().await;
    let jo = app.user("jo@example.com", false).await;
    let (token, id) = refreshable(&app, "jo@example.com").await;
    let body = json!({ "refresh_token": token });
    for status in [204, 401] {
        let logout = app.client.post("/auth/api/logout", &body).await;
        assert_eq!(logout.status, status, "{logout:?}");
    }
    // With both tokens of one session.
    let login = app
        .client
        .login("api", "jo@example.com", PASSWORD)
        .await
        .json();
    let client = app
        .client
        .bearer(login["access_token"].as_str().expect("a token"));
    let body = json!({ "refresh_token": login["refresh_token"] });
    let logout = client.post("/auth/api/logout", &body).await;
    assert_eq!(logout.status, 204, "{logout:?}");
    let client = app.client.bearer(&app.login("jo@example.com").await);
    let own = events(&client, OWN).await;
    let logouts: Vec<_> = own
        .iter()
        .filter(|event| event["name"] == "logout")
        .collect();
    assert_eq!(logouts.len(), 2, "{own:?}");
    let by_refresh_token = logouts[1];
    assert_eq!(by_refresh_token["actor"], json!(format!("user:{}", jo.id)));
    assert_eq!(by_refresh_token["session"], json!(id));
    assert_eq!(by_refresh_token["ip"], "127.0.0.1");
    assert_eq!(by_refresh_token["details"], json!({ "backend": "api" }));
}

#[tokio::test]
async fn former_refresh_tokens_are_events_within_the_grace_period_and_after_it() {
    let app = App::start().await;
    let jo = app.user("jo@example.com", false).await;
    let (first, id) = refreshable(&app, "jo@example.com").await;
    let client = app.client_of(&jo).await;
    let second = refresh(&app, &first).await.expect("a successor");
    assert!(events(&client, OWN).await.is_empty(), "the usual case");
    // The successor was not used yet, and then it was.
    assert_eq!(refresh(&app, &first).await, Ok(second.clone()));
    refresh(&app, &second).await.expect("a successor");
    for _ in 0..20 {
        assert_eq!(refresh(&app, &first).await, Ok(second.clone()));
    }
    let own = events(&client, OWN).await;
    assert_eq!(names(&own), ["refresh.replayed"], "once a minute");
    assert_eq!(own[0]["details"], json!({ "backend": "api" }));
    assert_eq!(own[0]["session"], json!(id));
    assert_eq!(own[0]["actor"], "client");
    assert_eq!(own[0]["ip"], "127.0.0.1");
    app.clock.forward(Duration::from_secs(31));
    assert_eq!(refresh(&app, &first).await, Err(400));
    let own = events(&client, OWN).await;
    assert_eq!(own[0]["name"], "refresh.reused");
    assert_eq!(own[0]["details"], json!({ "backend": "api", "ended": id }));
    assert_eq!(
        (&own[0]["session"], &own[0]["ip"]),
        (&json!(id), &json!("127.0.0.1"))
    );
}
