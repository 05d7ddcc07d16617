//! An application with a backend whose tokens are in Redis.

use redis::AsyncCommands as _;
use users_runtime::{Backend, BearerTransport, Compat, session::RedisStrategy};
use users_tests::{App, Client, PASSWORD, RedisServer, TestHasher, User};

pub(crate) const PREFIX: &str = "fastapi_users_token:";

/// An application with the backend `redis` beside the declared ones.
pub(crate) async fn start(
    server: &RedisServer,
    change: impl FnOnce(RedisStrategy) -> RedisStrategy,
    compat: Compat,
) -> App {
    let strategy = change(RedisStrategy::connect(&server.url()).expect("a URL"));
    App::builder()
        .configure(move |builder| {
            let backend = Backend::new("redis", BearerTransport::new(), strategy);
            builder
                .compat(compat)
                .backend(backend)
                .password_hasher(TestHasher::default())
        })
        .start()
        .await
}

pub(crate) async fn start_usual(server: &RedisServer) -> (App, User) {
    let app = start(server, |strategy| strategy, Compat::Off).await;
    let user = app.user("jo@example.com").await;
    (app, user)
}

/// Logs in at the backend `redis`; the token and a client that presents it.
pub(crate) async fn log_in(app: &App, email: &str) -> (String, Client) {
    let answer = app.client().login("redis", email, PASSWORD).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let token = answer.json()["access_token"]
        .as_str()
        .expect("a token")
        .to_owned();
    let client = app.client().bearer(&token);
    (token, client)
}

pub(crate) async fn keys(server: &RedisServer) -> Vec<String> {
    let mut keys: Vec<String> = server.connection().await.keys("*").await.expect("the keys");
    keys.sort();
    keys
}

pub(crate) fn index_of(user: &User) -> String {
    format!("fastapi_users_token_user:{}", user.id)
}
