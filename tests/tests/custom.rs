//! Parts of the application's own: a transport, a strategy, a password hasher.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard},
};

use axum::{
    http::{HeaderMap, StatusCode},
    response::{IntoResponse as _, Response},
};
use serde_json::json;
use users_runtime::{
    Backend, BearerTransport, Error, PasswordHash, async_trait,
    session::{Strategy, Transport},
    value::Value,
};
use users_tests::{App, Call, Client, PASSWORD, TestHasher, User};
use uuid::Uuid;

/// The token in a header of the application's.
struct ApiKey;

impl Transport for ApiKey {
    fn read(&self, headers: &HeaderMap) -> Option<String> {
        headers
            .get("cookie")?
            .to_str()
            .ok()?
            .strip_prefix("key:")
            .map(str::to_owned)
    }

    fn login_response(&self, token: &str) -> Response {
        (StatusCode::CREATED, [("x-api-key", token)], "welcome").into_response()
    }

    fn logout_response(&self) -> Response {
        (StatusCode::OK, "goodbye").into_response()
    }
}

/// Tokens in memory: `key-1`, `key-2`, ….
#[derive(Clone, Debug, Default)]
struct InMemory(Arc<Mutex<Memory>>);

#[derive(Debug, Default)]
struct Memory {
    tokens: HashMap<String, Uuid>,
    issued: usize,
    is_down: bool,
}

impl InMemory {
    fn open(&self) -> Result<MutexGuard<'_, Memory>, Error> {
        let memory = self
            .0
            .lock()
            .expect("no test panics while it holds the lock");
        if memory.is_down {
            Err(Error::SessionStorage(
                "the storage at 10.0.0.7 is down".into(),
            ))
        } else {
            Ok(memory)
        }
    }

    fn set_down(&self, is_down: bool) {
        self.0
            .lock()
            .expect("no test panics while it holds the lock")
            .is_down = is_down;
    }
}

#[async_trait]
impl Strategy<User> for InMemory {
    async fn read(&self, token: &str) -> Result<Option<Uuid>, Error> {
        Ok(self.open()?.tokens.get(token).copied())
    }

    async fn write(&self, user: &User) -> Result<String, Error> {
        let mut memory = self.open()?;
        memory.issued += 1;
        let token = format!("key-{}", memory.issued);
        memory.tokens.insert(token.clone(), user.id);
        Ok(token)
    }

    async fn destroy(&self, token: &str, _: &User) -> Result<(), Error> {
        self.open()?.tokens.remove(token);
        Ok(())
    }

    async fn destroy_all(&self, user: &User, except: Option<&str>) -> Result<(), Error> {
        self.open()?
            .tokens
            .retain(|token, owner| *owner != user.id || Some(token.as_str()) == except);
        Ok(())
    }
}

/// An application with the backend `key` beside the declared ones, and a cheap hasher.
async fn start() -> (App, InMemory, TestHasher) {
    let (memory, hasher) = (InMemory::default(), TestHasher::default());
    let (strategy, used) = (memory.clone(), hasher.clone());
    let app = App::builder()
        .configure(move |builder| {
            builder
                .backend(Backend::new("key", ApiKey, strategy))
                .password_hasher(used)
        })
        .start()
        .await;
    (app, memory, hasher)
}

async fn log_in(app: &App, email: &str) -> Client {
    let answer = app.client().login("key", email, PASSWORD).await;
    assert_eq!(
        (answer.status, answer.text.as_str()),
        (201, "welcome"),
        "{answer:?}"
    );
    assert_eq!(
        answer.header("cache-control"),
        "no-store",
        "a token is no cache's business, however it travels"
    );
    app.client()
        .cookie(&format!("key:{}", answer.header("x-api-key")))
}

#[tokio::test]
async fn a_transport_and_a_strategy_of_ones_own_log_in_and_out() {
    let (app, _, _) = start().await;
    let user = app.user("jo@example.com").await;
    let client = log_in(&app, "jo@example.com").await;
    assert_eq!(client.get("/users/me").await.json()["id"], json!(user.id));
    app.client()
        .cookie("key:key-2")
        .get("/users/me")
        .await
        .assert_detail(401, "Unauthorized");
    let answer = client.send("POST", "/auth/key/logout").await;
    assert_eq!((answer.status, answer.text.as_str()), (200, "goodbye"));
    client
        .get("/users/me")
        .await
        .assert_detail(401, "Unauthorized");
    client
        .send("POST", "/auth/key/logout")
        .await
        .assert_detail(401, "Unauthorized");
}

#[tokio::test]
async fn the_parts_of_a_declared_backend_can_be_replaced() {
    let memory = InMemory::default();
    let strategy = memory.clone();
    let app = App::builder()
        .configure(|builder| builder.transport("db", ApiKey).strategy("db", strategy))
        .start()
        .await;
    app.user("jo@example.com").await;
    let answer = app.client().login("db", "jo@example.com", PASSWORD).await;
    assert_eq!((answer.status, answer.header("x-api-key")), (201, "key-1"));
    assert_eq!(
        app.client()
            .cookie("key:key-1")
            .get("/users/me")
            .await
            .status,
        200
    );
    assert_eq!(
        app.client().bearer("key-1").get("/users/me").await.status,
        401,
        "it is the other transport's now"
    );
    assert_eq!(memory.open().expect("it is up").tokens.len(), 1);
}

#[tokio::test]
async fn sessions_of_ones_own_strategy_end_like_the_others() {
    let (app, _, _) = start().await;
    let user = app.user("jo@example.com").await;
    let (one, other) = (
        log_in(&app, "jo@example.com").await,
        log_in(&app, "jo@example.com").await,
    );
    let answer = one
        .json("PATCH", "/users/me", &json!({ "password": "a new one" }))
        .await;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(
        (
            one.get("/users/me").await.status,
            other.get("/users/me").await.status
        ),
        (200, 401)
    );
    let root = app.user("root@example.com").await;
    let root = app
        .client_of(&app.set(&root, "is_superuser", Value::Bool(true)).await)
        .await;
    let path = format!("/users/{}", user.id);
    for active in [false, true] {
        assert_eq!(
            root.json("PATCH", &path, &json!({ "is_active": active }))
                .await
                .status,
            200
        );
    }
    assert_eq!(one.get("/users/me").await.status, 401);
}

#[tokio::test]
async fn a_token_of_somebody_who_is_gone_opens_nothing() {
    let (app, memory, _) = start().await;
    memory
        .open()
        .expect("it is up")
        .tokens
        .insert("key-0".to_owned(), Uuid::new_v4());
    app.client()
        .cookie("key:key-0")
        .get("/users/me")
        .await
        .assert_detail(401, "Unauthorized");
    let user = app.user("jo@example.com").await;
    let client = log_in(&app, "jo@example.com").await;
    app.users
        .delete(&user, None)
        .await
        .expect("the user is there");
    client
        .get("/users/me")
        .await
        .assert_detail(401, "Unauthorized");
    assert_eq!(
        memory
            .open()
            .expect("it is up")
            .tokens
            .values()
            .filter(|owner| **owner == user.id)
            .count(),
        0
    );
}

#[tokio::test]
async fn a_storage_that_is_down_is_503_for_those_who_need_it() {
    let (app, memory, _) = start().await;
    let user = app.user("jo@example.com").await;
    let (client, jwt) = (
        log_in(&app, "jo@example.com").await,
        app.client_of(&user).await,
    );
    memory.set_down(true);
    let answers = [
        client.get("/users/me").await,
        client.send("POST", "/auth/key/logout").await,
        app.client().login("key", "jo@example.com", PASSWORD).await,
    ];
    for answer in answers {
        answer.assert_detail(503, "Service Unavailable");
        assert_eq!(answer.header("retry-after"), "1");
        assert_eq!(
            (answer.header("x-api-key"), answer.header("set-cookie")),
            ("", "")
        );
    }
    assert_eq!(
        app.client()
            .login("key", "jo@example.com", "wrong")
            .await
            .status,
        400,
        "nothing is stored for this one"
    );
    assert_eq!(jwt.get("/users/me").await.status, 200);
    app.client()
        .get("/users/me")
        .await
        .assert_detail(401, "Unauthorized");
    memory.set_down(false);
    assert_eq!(client.get("/users/me").await.status, 200);
}

#[tokio::test]
async fn a_hasher_of_ones_own_hashes_and_upgrades() {
    let (app, _, hasher) = start().await;
    let body = json!({ "email": "jo@example.com", "password": PASSWORD });
    let id = app.client().post("/auth/register", &body).await.json()["id"].clone();
    assert_eq!(hasher.take_calls(), [Call::Hash]);
    let stored = async || app.stored("jo@example.com").await;
    assert_eq!(
        stored().await.hashed_password,
        PasswordHash::new(TestHasher::hash_of(PASSWORD))
    );
    assert_eq!(
        app.client()
            .login("jwt", "jo@example.com", PASSWORD)
            .await
            .status,
        200
    );
    assert_eq!(
        app.client()
            .login("jwt", "jo@example.com", "wrong")
            .await
            .status,
        400
    );
    assert_eq!(hasher.take_calls(), [Call::Verify, Call::Verify]);

    app.set(
        &stored().await,
        "hashed_password",
        Value::Text(format!("$old${PASSWORD}")),
    )
    .await;
    assert_eq!(
        app.client()
            .login("jwt", "jo@example.com", "wrong")
            .await
            .status,
        400
    );
    assert_eq!(
        app.client()
            .login("jwt", "jo@example.com", PASSWORD)
            .await
            .status,
        200
    );
    assert_eq!(
        hasher.take_calls(),
        [Call::Verify, Call::Verify, Call::Hash]
    );
    assert_eq!(
        stored().await.hashed_password,
        PasswordHash::new(TestHasher::hash_of(PASSWORD))
    );
    assert_eq!(json!(stored().await.id), id);
}

#[tokio::test]
async fn a_hasher_that_fails_or_panics_is_500_and_the_server_goes_on() {
    let (app, _, _) = start().await;
    for password in ["no memory", "panic"] {
        for _ in 0..3 {
            let answer = app
                .client()
                .post(
                    "/auth/register",
                    &json!({ "email": "jo@example.com", "password": password }),
                )
                .await;
            assert_eq!(
                (answer.status, answer.text.as_str()),
                (500, "Internal Server Error"),
                "{password}"
            );
        }
    }
    assert!(
        app.users
            .find_by_email("jo@example.com")
            .await
            .expect("an answer")
            .is_none(),
        "nobody without a password"
    );
    let body = json!({ "email": "jo@example.com", "password": PASSWORD });
    assert_eq!(app.client().post("/auth/register", &body).await.status, 201);
}

#[tokio::test]
async fn a_token_that_no_header_can_carry_is_500_without_it() {
    struct Odd;

    #[async_trait]
    impl Strategy<User> for Odd {
        async fn read(&self, _: &str) -> Result<Option<Uuid>, Error> {
            Ok(None)
        }

        async fn write(&self, _: &User) -> Result<String, Error> {
            Ok("secret €\r\nset-cookie: a=b".to_owned())
        }

        async fn destroy(&self, _: &str, _: &User) -> Result<(), Error> {
            Ok(())
        }
    }

    let added = Backend::new("odd", BearerTransport::new(), Odd);
    let app = App::builder()
        .configure(|builder| builder.strategy("cookie", Odd).backend(added))
        .start()
        .await;
    app.user("jo@example.com").await;
    let answer = app
        .client()
        .login("cookie", "jo@example.com", PASSWORD)
        .await;
    assert_eq!(
        (
            answer.status,
            answer.text.as_str(),
            answer.header("set-cookie")
        ),
        (500, "Internal Server Error", "")
    );
    let answer = app.client().login("odd", "jo@example.com", PASSWORD).await;
    assert_eq!(
        answer.json()["access_token"],
        "secret €\r\nset-cookie: a=b",
        "JSON carries any text"
    );
    assert_eq!(answer.header("set-cookie"), "");
}
