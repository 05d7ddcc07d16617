//! Sessions in Redis, with the index of a user's tokens, without it, and without Redis.

use users_runtime::{Backend, BearerTransport, session::RedisStrategy};
use users_tests::{App, PASSWORD, RedisServer};

use crate::program::{Said, run_here};

async fn start(server: &RedisServer, change: fn(RedisStrategy) -> RedisStrategy) -> App {
    let strategy = change(RedisStrategy::connect(&server.url()).expect("a URL"));
    let backend = Backend::new("redis", BearerTransport::new(), strategy);
    let app = App::builder()
        .configure(move |builder| builder.backend(backend))
        .start()
        .await;
    app.user("jo@example.com").await;
    app
}

async fn revoke(app: &App) -> Said {
    run_here(&app.users, &["revoke-sessions", "jo@example.com"], "").await
}

#[tokio::test]
async fn sessions_in_redis_end_where_they_are_indexed() {
    let server = RedisServer::start().await;
    let app = start(&server, |strategy| strategy).await;
    let token = app
        .client()
        .login("redis", "jo@example.com", PASSWORD)
        .await
        .json()["access_token"]
        .clone();
    let jo = app.client().bearer(token.as_str().expect("a token"));
    assert_eq!(jo.get("/users/me").await.status, 200);
    revoke(&app).await.assert_done("redis: ended");
    assert_eq!(jo.get("/users/me").await.status, 401);

    let said = revoke(&start(&server, RedisStrategy::without_index).await).await;
    said.assert_done(
        "redis: its sessions cannot be ended and last until they expire; `deactivate` stops them",
    );
}

#[tokio::test]
async fn an_outage_of_redis_keeps_no_other_session_alive() {
    let mut server = RedisServer::start().await;
    let app = start(&server, |strategy| strategy).await;
    let token = app
        .client()
        .login("db", "jo@example.com", PASSWORD)
        .await
        .json()["access_token"]
        .clone();
    let jo = app.client().bearer(token.as_str().expect("a token"));
    assert_eq!(jo.get("/users/me").await.status, 200);
    server.stop();
    let said = revoke(&app).await;
    assert!(
        said.status == 1 && said.err.starts_with("error[SESSION_STORAGE_UNAVAILABLE]: "),
        "{said:?}"
    );
    assert!(
        said.out.contains("db: ended\n") && said.out.ends_with("redis: not ended\n"),
        "{said:?}"
    );
    server.start_again().await;
    assert_eq!(jo.get("/users/me").await.status, 401);
}
