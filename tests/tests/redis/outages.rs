//! What happens while Redis is away.

use serde_json::json;
use users_tests::{Answer, PASSWORD, RedisServer};

use crate::application::{log_in, start_usual};

#[track_caller]
fn assert_unavailable(answer: &Answer) {
    answer.assert_detail(503, "Service Unavailable");
    assert_eq!(answer.header("retry-after"), "1");
}

#[tokio::test]
async fn the_request_after_a_restart_of_redis_works() {
    let mut server = RedisServer::start().await;
    let (app, _) = start_usual(&server).await;
    let (_, client) = log_in(&app, "jo@example.com").await;
    for round in 0..3 {
        server.stop();
        server.start_again().await;
        assert_eq!(
            client.get("/users/me").await.status,
            200,
            "read, round {round}"
        );
        server.stop();
        server.start_again().await;
        let (_, second) = log_in(&app, "jo@example.com").await;
        server.stop();
        server.start_again().await;
        assert_eq!(
            second.send("POST", "/auth/redis/logout").await.status,
            204,
            "logout, round {round}"
        );
    }
}

#[tokio::test]
async fn while_redis_is_away_only_requests_that_need_it_are_refused() {
    let mut server = RedisServer::start().await;
    let (app, user) = start_usual(&server).await;
    let ((_, client), jwt) = (
        log_in(&app, "jo@example.com").await,
        app.client_of(&user).await,
    );
    server.stop();
    for _ in 0..2 {
        assert_unavailable(&client.get("/users/me").await);
        assert_unavailable(&client.send("POST", "/auth/redis/logout").await);
        assert_unavailable(
            &app.client()
                .login("redis", "jo@example.com", PASSWORD)
                .await,
        );
    }
    app.client()
        .login("redis", "jo@example.com", "wrong")
        .await
        .assert_detail(400, "LOGIN_BAD_CREDENTIALS");
    assert_eq!(jwt.get("/users/me").await.status, 200);
    assert_eq!(
        app.client()
            .login("jwt", "jo@example.com", PASSWORD)
            .await
            .status,
        200
    );
    assert_eq!(
        app.client()
            .login("db", "jo@example.com", PASSWORD)
            .await
            .status,
        200
    );
    let body = json!({ "email": "new@example.com", "password": PASSWORD });
    assert_eq!(app.client().post("/auth/register", &body).await.status, 201);
    app.client()
        .get("/users/me")
        .await
        .assert_detail(401, "Unauthorized");
    // Only the stamp ends sessions that cannot be ended: a new password does, a deletion or a deactivation does not.
    let change = json!({ "password": "a new one" });
    let changed = jwt.json("PATCH", "/users/me", &change).await;
    assert_eq!(changed.status, 200, "{changed:?}");
    let login = app.client().login("jwt", "jo@example.com", PASSWORD).await;
    login.assert_detail(400, "LOGIN_BAD_CREDENTIALS");
    app.users
        .delete(&user, None)
        .await
        .expect_err("Redis is away");
    assert!(app.users.find(&user.id).await.expect("a store").is_some());

    server.start_again().await;
    let late = client.get("/users/me").await;
    late.assert_detail(401, "Unauthorized");
    let anyone = app.client();
    let login = anyone.login("redis", "jo@example.com", "a new one").await;
    assert_eq!(login.status, 200);
}

#[tokio::test]
async fn a_redis_that_hangs_is_away_and_stops_nobody_else() {
    let server = RedisServer::start().await;
    let (app, user) = start_usual(&server).await;
    let ((_, client), jwt) = (
        log_in(&app, "jo@example.com").await,
        app.client_of(&user).await,
    );
    server.signal("STOP");
    let hanging = {
        let client = client.clone();
        tokio::spawn(async move { client.get("/users/me").await })
    };
    assert_eq!(jwt.get("/users/me").await.status, 200);
    // It hangs still: only its own users' answers depend on it, and they come.
    assert_unavailable(&hanging.await.expect("no panic"));
    server.signal("CONT");
    assert_eq!(client.get("/users/me").await.status, 200);
}

#[tokio::test]
async fn an_application_starts_before_its_redis() {
    let mut server = RedisServer::start().await;
    server.stop();
    let (app, _) = start_usual(&server).await;
    assert_unavailable(
        &app.client()
            .login("redis", "jo@example.com", PASSWORD)
            .await,
    );
    server.start_again().await;
    let (_, client) = log_in(&app, "jo@example.com").await;
    assert_eq!(client.get("/users/me").await.status, 200);
}
