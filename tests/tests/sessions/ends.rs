//! What ends sessions and the tokens that rest on them.

use std::time::Duration;

use serde_json::json;
use users_runtime::{
    UserModel as _,
    store::{ColumnValue, UserStore as _},
    value::Value,
};
use users_tests::PASSWORD;

use crate::app::{App, KEPT, REFRESHED, User, me, refresh, text};

const NEW: &str = "another-good-password-9";

#[tokio::test]
async fn a_new_password_ends_all_but_the_session_that_set_it() {
    let app = App::start().await;
    for backend in KEPT {
        let email = format!("{backend}@example.com");
        app.user(&email).await;
        let mut others = Vec::new();
        for other in KEPT.into_iter().chain(["jwt", "db"]) {
            others.push((other, app.logged_in(other, &email).await));
        }
        let own = app.logged_in(backend, &email).await;
        let changed = own
            .json("PATCH", "/users/me", &json!({ "password": NEW }))
            .await;
        assert_eq!(changed.status, 200, "{}", changed.text);
        assert_eq!(me(&own).await, 200, "{backend}");
        for (other, client) in &others {
            assert_eq!(me(client).await, 401, "{other} after a change by {backend}");
        }
    }
}

#[tokio::test]
async fn a_refreshed_session_goes_on_after_its_own_new_password_and_another_one_does_not() {
    let app = App::start().await;
    for backend in REFRESHED {
        let email = format!("{backend}@example.com");
        app.user(&email).await;
        let (own, other) = (
            app.login(backend, &email).await,
            app.login(backend, &email).await,
        );
        let client = app.presenting(&own);
        client
            .json("PATCH", "/users/me", &json!({ "password": NEW }))
            .await;
        let refreshed = refresh(&app.client(), backend, &text(&own, "refresh_token")).await;
        assert_eq!(refreshed.status, 200, "{}", refreshed.text);
        assert_eq!(me(&app.presenting(&refreshed)).await, 200);
        refresh(&app.client(), backend, &text(&other, "refresh_token"))
            .await
            .assert_detail(400, "REFRESH_BAD_TOKEN");
    }
}

/// Changes a column as another process would, without a word to the strategies.
async fn set(app: &App, user: &User, field: &str, value: Value) {
    let column = User::COLUMNS
        .iter()
        .position(|column| column.field == field);
    let column = column.expect("a column");
    let change = vec![ColumnValue { column, value }];
    app.store
        .update(&user.id, change, None)
        .await
        .expect("the user");
}

#[tokio::test]
async fn a_session_on_former_credentials_is_dead_even_where_its_row_is_left() {
    let app = App::start().await;
    let user = app.user("jo@example.com").await;
    let mut clients = Vec::new();
    for backend in KEPT {
        clients.push((backend, app.login(backend, "jo@example.com").await));
    }
    let hash = app
        .users
        .passwords()
        .hash(NEW.into())
        .await
        .expect("a hash");
    set(
        &app,
        &user,
        "hashed_password",
        Value::Text(hash.expose().to_owned()),
    )
    .await;
    for (backend, login) in &clients {
        assert_eq!(me(&app.presenting(login)).await, 401, "{backend}");
        if REFRESHED.contains(backend) {
            let answer = refresh(&app.client(), backend, &text(login, "refresh_token")).await;
            answer.assert_detail(400, "REFRESH_BAD_TOKEN");
        }
    }
}

#[tokio::test]
async fn an_inactive_user_refreshes_nothing() {
    let app = App::start().await;
    let user = app.user("jo@example.com").await;
    for backend in REFRESHED {
        set(&app, &user, "is_active", Value::Bool(true)).await;
        let login = app.login(backend, "jo@example.com").await;
        set(&app, &user, "is_active", Value::Bool(false)).await;
        let token = text(&login, "refresh_token");
        refresh(&app.client(), backend, &token)
            .await
            .assert_detail(400, "REFRESH_BAD_TOKEN");
        assert_eq!(me(&app.presenting(&login)).await, 401, "{backend}");
    }
}

#[tokio::test]
async fn a_deleted_users_sessions_are_gone() {
    let app = App::start().await;
    let user = app.user("jo@example.com").await;
    let mut logins = Vec::new();
    for backend in KEPT {
        logins.push((backend, app.login(backend, "jo@example.com").await));
    }
    app.users.delete(&user, None).await.expect("a deletion");
    for (backend, login) in &logins {
        assert_eq!(me(&app.presenting(login)).await, 401, "{backend}");
        if REFRESHED.contains(backend) {
            let answer = refresh(&app.client(), backend, &text(login, "refresh_token")).await;
            answer.assert_detail(400, "REFRESH_BAD_TOKEN");
        }
    }
    let rows = sqlx::query_scalar::<_, i64>("SELECT count(*) FROM auth_session");
    assert_eq!(rows.fetch_one(app.store.pool()).await.expect("a count"), 0);
}

#[tokio::test]
async fn a_reset_ends_every_session() {
    let app = App::start().await;
    let user = app.user("jo@example.com").await;
    let mut clients = Vec::new();
    for backend in KEPT {
        clients.push((backend, app.logged_in(backend, "jo@example.com").await));
    }
    app.users
        .revoke_sessions(&user, None)
        .await
        .expect("an end");
    for (backend, client) in &clients {
        assert_eq!(me(client).await, 401, "{backend}");
    }
    app.clock.forward(Duration::from_secs(1));
    assert_eq!(
        app.client()
            .login("web", "jo@example.com", PASSWORD)
            .await
            .status,
        204
    );
}
