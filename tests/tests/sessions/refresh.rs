//! Refresh tokens in bodies.

use std::time::Duration;

use serde_json::json;
use tokio::task::JoinSet;
use users_tests::Client;

use crate::app::{App, REFRESHED, me, refresh, sessions, text};

const GRACE: Duration = Duration::from_secs(30);
const SECOND: Duration = Duration::from_secs(1);

#[tokio::test]
async fn a_login_gives_both_tokens_and_a_refresh_gives_new_ones() {
    let app = App::start().await;
    app.user("jo@example.com").await;
    for backend in REFRESHED {
        let login = app.login(backend, "jo@example.com").await;
        let body = login.json();
        assert_eq!(body["token_type"], "bearer");
        assert_eq!(body["expires_in"], 600);
        assert_eq!(body.as_object().map(serde_json::Map::len), Some(4));
        assert_eq!(login.header("cache-control"), "no-store");
        let refreshed = refresh(&app.client(), backend, &text(&login, "refresh_token")).await;
        assert_eq!(refreshed.status, 200, "{}", refreshed.text);
        assert_ne!(
            text(&login, "refresh_token"),
            text(&refreshed, "refresh_token")
        );
        assert_eq!(refreshed.json()["expires_in"], 600);
        assert_eq!(me(&app.presenting(&refreshed)).await, 200);
        assert_eq!(
            sessions(&app.presenting(&refreshed)).await.len(),
            1 + REFRESHED
                .iter()
                .position(|name| *name == backend)
                .unwrap_or(0)
        );
    }
}

#[tokio::test]
async fn an_access_token_is_good_for_ten_minutes_and_the_refresh_token_for_longer() {
    let app = App::start().await;
    app.user("jo@example.com").await;
    for backend in REFRESHED {
        let login = app.login(backend, "jo@example.com").await;
        let client = app.presenting(&login);
        app.clock.forward(Duration::from_secs(599));
        assert_eq!(me(&client).await, 200, "{backend}");
        app.clock.forward(Duration::from_secs(2));
        assert_eq!(me(&client).await, 401, "{backend}");
        let refreshed = refresh(&app.client(), backend, &text(&login, "refresh_token")).await;
        assert_eq!(me(&app.presenting(&refreshed)).await, 200, "{backend}");
    }
}

#[tokio::test]
async fn a_bad_token_is_400_and_no_body_422() {
    let app = App::start().await;
    app.user("jo@example.com").await;
    let foreign = text(&app.login("api", "jo@example.com").await, "refresh_token");
    for backend in REFRESHED {
        let login = app.login(backend, "jo@example.com").await;
        let other = if backend == "api" {
            text(
                &app.login("opaque", "jo@example.com").await,
                "refresh_token",
            )
        } else {
            foreign.clone()
        };
        let long = "A".repeat(10_000);
        for bad in ["", "nonsense", &other, &text(&login, "access_token"), &long] {
            refresh(&app.client(), backend, bad)
                .await
                .assert_detail(400, "REFRESH_BAD_TOKEN");
        }
        let path = format!("/auth/{backend}/refresh");
        assert_eq!(app.client().send("POST", &path).await.status, 422);
        assert_eq!(app.client().post(&path, &json!({})).await.status, 422);
        assert_eq!(
            app.client()
                .post(&path, &json!({ "refresh_token": 1 }))
                .await
                .status,
            422
        );
        let access = app.client().bearer(&text(&login, "refresh_token"));
        assert_eq!(me(&access).await, 401, "a refresh token is no access token");
    }
}

#[tokio::test]
async fn twenty_tabs_that_refresh_at_once_get_one_token() {
    let app = App::start().await;
    app.user("jo@example.com").await;
    for backend in REFRESHED {
        let token = text(&app.login(backend, "jo@example.com").await, "refresh_token");
        let mut tabs = JoinSet::new();
        for _ in 0..20 {
            let (client, token) = (app.client(), token.clone());
            tabs.spawn(async move { refresh(&client, backend, &token).await });
        }
        let answers = tabs.join_all().await;
        let first = text(&answers[0], "refresh_token");
        for answer in &answers {
            assert_eq!(text(answer, "refresh_token"), first);
            assert_eq!(me(&app.presenting(answer)).await, 200);
        }
        let next = refresh(&app.client(), backend, &first).await;
        assert_eq!(next.status, 200);
        assert_ne!(text(&next, "refresh_token"), first);
    }
}

#[tokio::test]
async fn a_client_that_lost_the_answer_comes_back_however_late() {
    let app = App::start().await;
    app.user("jo@example.com").await;
    let token = text(&app.login("api", "jo@example.com").await, "refresh_token");
    let lost = refresh(&app.client(), "api", &token).await;
    app.clock.forward(Duration::from_hours(24 * 10));
    let again = refresh(&app.client(), "api", &token).await;
    assert_eq!(text(&again, "refresh_token"), text(&lost, "refresh_token"));
}

/// A login, and two refreshes, each by the token before it.
async fn three_tokens(app: &App, backend: &'static str) -> [String; 3] {
    let first = text(&app.login(backend, "jo@example.com").await, "refresh_token");
    let second = text(
        &refresh(&app.client(), backend, &first).await,
        "refresh_token",
    );
    let third = text(
        &refresh(&app.client(), backend, &second).await,
        "refresh_token",
    );
    [first, second, third]
}

#[tokio::test]
async fn a_former_token_gets_its_successor_for_thirty_seconds_and_a_replay_does_not_extend_them() {
    let app = App::start().await;
    app.user("jo@example.com").await;
    for backend in REFRESHED {
        let [first, second, third] = three_tokens(&app, backend).await;
        for _ in 0..3 {
            app.clock.forward(GRACE / 4);
            let replayed = refresh(&app.client(), backend, &first).await;
            assert_eq!(text(&replayed, "refresh_token"), second, "{backend}");
        }
        app.clock.forward(GRACE / 4 + SECOND);
        refresh(&app.client(), backend, &first)
            .await
            .assert_detail(400, "REFRESH_BAD_TOKEN");
        refresh(&app.client(), backend, &third)
            .await
            .assert_detail(400, "REFRESH_BAD_TOKEN");
    }
}

#[tokio::test]
async fn reuse_ends_the_session_and_its_access_tokens_and_no_other() {
    let app = App::start().await;
    app.user("jo@example.com").await;
    for backend in REFRESHED {
        let other = app.logged_in(backend, "jo@example.com").await;
        let [first, _, third] = three_tokens(&app, backend).await;
        let last = refresh(&app.client(), backend, &third).await;
        let client = app.presenting(&last);
        assert_eq!(me(&client).await, 200);
        // Older than the one before the last: at once.
        refresh(&app.client(), backend, &first)
            .await
            .assert_detail(400, "REFRESH_BAD_TOKEN");
        assert_eq!(me(&client).await, 401, "{backend}");
        let latest = text(&last, "refresh_token");
        refresh(&app.client(), backend, &latest)
            .await
            .assert_detail(400, "REFRESH_BAD_TOKEN");
        assert_eq!(me(&other).await, 200, "{backend}");
    }
}

#[tokio::test]
async fn two_processes_agree_and_a_restart_forgets_nothing() {
    let app = App::start().await;
    app.user("jo@example.com").await;
    let token = text(&app.login("api", "jo@example.com").await, "refresh_token");
    let (first, app) = app.again().await;
    let second = app.client();
    let mut both = JoinSet::new();
    for client in [first.clone(), second.clone(), first.clone(), second.clone()] {
        let token = token.clone();
        both.spawn(async move { refresh(&client, "api", &token).await });
    }
    let answers = both.join_all().await;
    let successor = text(&answers[0], "refresh_token");
    assert!(
        answers
            .iter()
            .all(|answer| text(answer, "refresh_token") == successor)
    );
    let access = text(&answers[0], "access_token");
    for process in [&first, &second] {
        assert_eq!(me(&process.bearer(&access)).await, 200);
    }
    assert_eq!(sessions(&second.bearer(&access)).await.len(), 1);
}

#[tokio::test]
async fn a_logout_takes_the_refresh_token_as_well_as_the_access_token() {
    let app = App::start().await;
    app.user("jo@example.com").await;
    for backend in REFRESHED {
        let path = format!("/auth/{backend}/logout");
        let by_access = app.login(backend, "jo@example.com").await;
        assert_eq!(
            app.presenting(&by_access).send("POST", &path).await.status,
            204
        );
        ended(&app.client(), backend, &by_access).await;
        let by_refresh = app.login(backend, "jo@example.com").await;
        app.clock.forward(Duration::from_mins(11));
        let body = json!({ "refresh_token": text(&by_refresh, "refresh_token") });
        assert_eq!(
            app.client().post(&path, &body).await.status,
            204,
            "{backend}"
        );
        ended(&app.client(), backend, &by_refresh).await;
        app.client()
            .post(&path, &body)
            .await
            .assert_detail(401, "Unauthorized");
        app.client()
            .send("POST", &path)
            .await
            .assert_detail(401, "Unauthorized");
    }
}

async fn ended(client: &Client, backend: &str, login: &users_tests::Answer) {
    let token = text(login, "refresh_token");
    refresh(client, backend, &token)
        .await
        .assert_detail(400, "REFRESH_BAD_TOKEN");
    assert_eq!(me(&client.bearer(&text(login, "access_token"))).await, 401);
}
