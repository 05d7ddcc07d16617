//! Logins, refreshes and changes that wait for one another.

use std::time::Duration;

use serde_json::json;
use tokio::task::JoinSet;
use users_runtime::{
    UserModel as _,
    session::Login,
    store::{ColumnValue, UserStore as _},
    value::Value,
};
use users_tests::{Answer, PASSWORD, TestHasher};

use crate::app::{App, KEPT, REFRESHED, User, me, refresh, text};

const NEW: &str = "another-good-password-9";

/// Stores another password as a second process would.
async fn change_password(app: &App, user: &User, password: &str) {
    let is_hash = |column: &users_runtime::value::Column| column.field == "hashed_password";
    let column = User::COLUMNS.iter().position(is_hash).expect("a column");
    let value = Value::Text(TestHasher::hash_of(password));
    let change = vec![ColumnValue { column, value }];
    app.store
        .update(&user.id, change, None)
        .await
        .expect("the user");
}

/// Starts a request that is in the middle of a hash when this returns.
async fn waiting(
    app: &App,
    request: impl Future<Output = Answer> + Send + 'static,
) -> JoinSet<Answer> {
    app.hasher.take_calls();
    app.hasher.hold();
    let mut requests = JoinSet::new();
    requests.spawn(request);
    while app.hasher.take_calls().is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    requests
}

async fn finished(app: &App, mut requests: JoinSet<Answer>) -> Answer {
    app.hasher.release();
    requests
        .join_next()
        .await
        .expect("a request")
        .expect("an answer")
}

async fn rows(app: &App) -> i64 {
    let count = sqlx::query_scalar("SELECT count(*) FROM auth_session");
    count.fetch_one(app.store.pool()).await.expect("a count")
}

#[tokio::test]
async fn a_login_by_a_password_that_was_changed_leaves_no_session() {
    let app = App::start().await;
    let user = app.user("jo@example.com").await;
    for backend in KEPT {
        change_password(&app, &user, PASSWORD).await;
        let client = app.client();
        let login = async move { client.login(backend, "jo@example.com", PASSWORD).await };
        let login = waiting(&app, login).await;
        change_password(&app, &user, NEW).await;
        finished(&app, login)
            .await
            .assert_detail(400, "LOGIN_BAD_CREDENTIALS");
        assert_eq!(rows(&app).await, 0, "{backend}");
    }
}

/// A process that dies between the session and the second look leaves such a session, and so does a transaction that holds the
/// change open for as long as the login takes.
#[tokio::test]
async fn a_session_that_began_on_an_old_password_is_dead_at_birth() {
    let app = App::start().await;
    let before = app.user("jo@example.com").await;
    change_password(&app, &before, NEW).await;
    for backend in KEPT {
        let strategy = app.users.backend(backend).expect("a backend").strategy();
        let issued = strategy
            .issue(&before, &Login::new("password"))
            .await
            .expect("tokens");
        let client = match backend {
            "web" | "app" => app
                .client()
                .cookie(&format!("fastapiusersauth={}", issued.access)),
            _ => app.client().bearer(&issued.access),
        };
        client
            .get("/users/me")
            .await
            .assert_detail(401, "Unauthorized");
        if let Some(token) = issued.refresh.filter(|_| REFRESHED.contains(&backend)) {
            refresh(&app.client(), backend, &token)
                .await
                .assert_detail(400, "REFRESH_BAD_TOKEN");
        }
    }
}

#[tokio::test]
async fn a_change_by_a_session_that_ended_in_the_meantime_is_not_carried_out() {
    let app = App::start().await;
    let user = app.user("jo@example.com").await;
    for backend in KEPT {
        let client = app.logged_in(backend, "jo@example.com").await;
        let change = async move {
            client
                .json("PATCH", "/users/me", &json!({ "password": NEW }))
                .await
        };
        let change = waiting(&app, change).await;
        app.users
            .revoke_sessions(&user, None)
            .await
            .expect("an end");
        finished(&app, change)
            .await
            .assert_detail(401, "Unauthorized");
        assert_eq!(
            me(&app.logged_in(backend, "jo@example.com").await).await,
            200,
            "{backend}"
        );
    }
}

#[tokio::test]
async fn no_refresh_beside_a_new_password_goes_on_after_it() {
    for backend in REFRESHED {
        let app = App::start().await;
        let user = app.user("jo@example.com").await;
        let mut clients = JoinSet::new();
        for _ in 0..10 {
            let mut token = text(&app.login(backend, "jo@example.com").await, "refresh_token");
            let client = app.client();
            clients.spawn(async move {
                loop {
                    let answer = refresh(&client, backend, &token).await;
                    if answer.status != 200 {
                        answer.assert_detail(400, "REFRESH_BAD_TOKEN");
                        return token;
                    }
                    token = text(&answer, "refresh_token");
                }
            });
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
        change_password(&app, &user, NEW).await;
        for token in clients.join_all().await {
            refresh(&app.client(), backend, &token)
                .await
                .assert_detail(400, "REFRESH_BAD_TOKEN");
        }
    }
}
