//! In which order a new password is stored and the other sessions end, and what a failure of either leaves.

use serde_json::json;
use users_runtime::{
    Backend, BearerTransport, Error, async_trait,
    session::Strategy,
    store::UserStore as _,
    value::{Presence, Value},
};
use users_tests::{App, Client, Event, PASSWORD, TestHasher, User, UserUpdate};

const NEW: &str = "a new one";

/// A strategy whose sessions cannot be ended, because its storage is away.
struct Away {
    is_stamped: bool,
}

#[async_trait]
impl Strategy<User> for Away {
    async fn read(&self, _: &str) -> Result<Option<uuid::Uuid>, Error> {
        Ok(None)
    }

    fn is_stamped(&self) -> bool {
        self.is_stamped
    }

    async fn write(&self, _: &User) -> Result<String, Error> {
        Ok("token".to_owned())
    }

    async fn destroy(&self, _: &str, _: &User) -> Result<(), Error> {
        Ok(())
    }

    async fn destroy_all(&self, _: &User, _: Option<&str>) -> Result<(), Error> {
        Err(Error::SessionStorage("away".into()))
    }
}

async fn start(is_stamped: bool) -> App {
    let away = Away { is_stamped };
    let backend = Backend::new("away", BearerTransport::new(), away);
    App::builder()
        .configure(|builder| {
            builder
                .backend(backend)
                .password_hasher(TestHasher::default())
        })
        .start()
        .await
}

async fn log_in(app: &App, password: &str) -> Client {
    let client = app.client();
    let answer = client.login("db", "jo@example.com", password).await;
    let token = answer.json()["access_token"].clone();
    client.bearer(token.as_str().expect("a token"))
}

/// Sends a reset with the token of a letter.
async fn reset(app: &App) -> u16 {
    let body = json!({ "email": "jo@example.com" });
    app.client().post("/auth/forgot-password", &body).await;
    let token = loop {
        if let Some(Event::ForgotPassword(_, token)) = app.hooks.events().pop() {
            break token;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    };
    let body = json!({ "token": token, "password": NEW });
    let answer = app.client().post("/auth/reset-password", &body).await;
    answer.status
}

#[tokio::test]
async fn a_new_password_that_the_store_refuses_ends_no_session() {
    let app = App::builder()
        .configure(|builder| builder.password_hasher(TestHasher::default()))
        .start()
        .await;
    // A rule of the application's database, of which the request cannot know.
    sqlx::query(r#"CREATE UNIQUE INDEX names ON "user" (first_name)"#)
        .execute(app.store.pool())
        .await
        .expect("an index");
    let other = app.user("al@example.com").await;
    app.set(&other, "first_name", Value::Text("Al".into()))
        .await;
    app.user("jo@example.com").await;
    let (asks, stays) = (log_in(&app, PASSWORD).await, log_in(&app, PASSWORD).await);
    let change = json!({ "password": NEW, "first_name": "Al" });
    let refused = asks.json("PATCH", "/users/me", &change).await;
    assert!(refused.status >= 400, "{refused:?}");
    for session in [asks, stays] {
        assert_eq!(session.get("/users/me").await.status, 200);
    }
}

#[tokio::test]
async fn a_new_password_is_stored_although_stamped_sessions_cannot_be_ended() {
    let app = start(true).await;
    let user = app.user("jo@example.com").await;
    let (asks, ends) = (log_in(&app, PASSWORD).await, log_in(&app, PASSWORD).await);
    let change = json!({ "password": NEW });
    let changed = asks.json("PATCH", "/users/me", &change).await;
    assert_eq!(changed.status, 200, "{changed:?}");
    assert_eq!(asks.get("/users/me").await.status, 200);
    assert_eq!(ends.get("/users/me").await.status, 401);
    for is_verified in [false, true] {
        app.set(&user, "is_verified", Value::Bool(is_verified))
            .await;
        let old = Value::Text(TestHasher::hash_of(PASSWORD));
        app.set(&user, "hashed_password", old).await;
        let ends = log_in(&app, PASSWORD).await;
        assert_eq!(reset(&app).await, 200, "{is_verified}");
        assert_eq!(ends.get("/users/me").await.status, 401);
        log_in(&app, NEW).await;
    }
}

#[tokio::test]
async fn a_new_password_is_not_stored_where_sessions_without_a_stamp_cannot_be_ended() {
    let app = start(false).await;
    let user = app.user("jo@example.com").await;
    for is_verified in [false, true] {
        app.set(&user, "is_verified", Value::Bool(is_verified))
            .await;
        let asks = log_in(&app, PASSWORD).await;
        let change = json!({ "password": NEW });
        let refused = asks.json("PATCH", "/users/me", &change).await;
        assert_eq!(refused.status, 503, "{refused:?}");
        assert_eq!(reset(&app).await, 503);
        log_in(&app, PASSWORD).await;
    }
}

#[tokio::test]
async fn a_user_is_not_deactivated_where_their_sessions_cannot_be_ended() {
    let app = start(true).await;
    let user = app.user("jo@example.com").await;
    let update = UserUpdate {
        password: Presence::Absent,
        email: Presence::Absent,
        is_active: Presence::Present(false),
        is_superuser: Presence::Absent,
        is_verified: Presence::Absent,
        first_name: Presence::Absent,
        note: Presence::Absent,
    };
    let refused = app.users.update(&user, update, None, None).await;
    refused.expect_err("a deactivation changes no stamp");
    let stored = app.store.find(&user.id).await.expect("a store");
    assert!(stored.expect("the user").is_active);
}
