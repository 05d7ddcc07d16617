//! How long a session lasts, how many there are, and what becomes of expired rows.

use std::time::Duration;

use users_runtime::session::SessionOptions;

use crate::app::{App, BEARERS, me, refresh, sessions, text};

const DAY: Duration = Duration::from_hours(24);

#[tokio::test]
async fn a_session_that_is_not_used_ends_after_fourteen_days_and_any_after_thirty() {
    let app = App::start().await;
    app.user("jo@example.com").await;
    let idle = app.logged_in("plain", "jo@example.com").await;
    let used = app.logged_in("web", "jo@example.com").await;
    let mut token = text(&app.login("api", "jo@example.com").await, "refresh_token");
    for _ in 0..2 {
        app.clock.forward(13 * DAY);
        assert_eq!(me(&used).await, 200);
        let refreshed = refresh(&app.client(), "api", &token).await;
        assert_eq!(refreshed.status, 200);
        token = text(&refreshed, "refresh_token");
    }
    assert_eq!(me(&idle).await, 401);
    app.clock.forward(4 * DAY + Duration::from_secs(1));
    assert_eq!(me(&used).await, 401);
    refresh(&app.client(), "api", &token)
        .await
        .assert_detail(400, "REFRESH_BAD_TOKEN");
}

#[tokio::test]
async fn a_use_is_written_once_in_five_minutes() {
    let app = App::start().await;
    app.user("jo@example.com").await;
    for backend in ["web", "plain"] {
        let client = app.logged_in(backend, "jo@example.com").await;
        let last_used = async || {
            let listed = sessions(&client).await;
            let current = listed
                .into_iter()
                .find(|session| session["is_current"] == true);
            current.expect("a session")["last_used_at"].clone()
        };
        let begun = last_used().await;
        app.clock.forward(Duration::from_mins(4));
        assert_eq!(last_used().await, begun, "{backend}");
        app.clock.forward(Duration::from_mins(2));
        let moved = last_used().await;
        assert_ne!(moved, begun, "{backend}");
        app.clock.forward(Duration::from_mins(4));
        assert_eq!(last_used().await, moved, "{backend}");
    }
}

#[tokio::test]
async fn the_oldest_session_ends_where_there_are_too_many() {
    let app = App::configured(|builder| builder.sessions(SessionOptions::new().most(3))).await;
    app.user("jo@example.com").await;
    for backend in BEARERS {
        let mut clients = Vec::new();
        for _ in 0..5 {
            app.clock.forward(Duration::from_secs(1));
            clients.push(app.logged_in(backend, "jo@example.com").await);
        }
        for (position, client) in clients.iter().enumerate() {
            let expected = if position < 2 { 401 } else { 200 };
            assert_eq!(me(client).await, expected, "{backend} {position}");
        }
    }
}

#[tokio::test]
async fn expired_rows_go_with_the_next_logins() {
    let app = App::start().await;
    app.user("jo@example.com").await;
    for _ in 0..5 {
        app.login("plain", "jo@example.com").await;
    }
    let rows = async || {
        sqlx::query_scalar::<_, i64>("SELECT count(*) FROM auth_session")
            .fetch_one(app.store.pool())
            .await
            .expect("a count")
    };
    assert_eq!(rows().await, 5);
    app.clock.forward(31 * DAY);
    app.login("plain", "jo@example.com").await;
    assert_eq!(rows().await, 1);
}
