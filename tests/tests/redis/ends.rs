//! What ends the sessions of a user.

use redis::AsyncCommands as _;
use serde_json::json;
use users_runtime::{Compat, value::Value};
use users_tests::RedisServer;

use crate::application::{index_of, keys, log_in, start, start_usual};

#[tokio::test]
async fn a_users_sessions_are_indexed_and_end_with_a_new_password() {
    let server = RedisServer::start().await;
    let (app, user) = start_usual(&server).await;
    let other = app.user("other@example.com").await;
    let ((one, asking), (two, client)) = (
        log_in(&app, "jo@example.com").await,
        log_in(&app, "jo@example.com").await,
    );
    let (_, bystander) = log_in(&app, "other@example.com").await;
    let mut redis = server.connection().await;
    let mut indexed: Vec<String> = redis
        .zrange(index_of(&user), 0, -1)
        .await
        .expect("the index");
    indexed.sort();
    let mut both = [one.clone(), two];
    both.sort();
    assert_eq!(indexed, both);
    let left: i64 = redis.ttl(index_of(&user)).await.expect("its time");
    assert!(
        (3000..=3600).contains(&left),
        "the index goes with its last token: {left}"
    );

    assert_eq!(
        asking
            .json("PATCH", "/users/me", &json!({ "password": "a new one" }))
            .await
            .status,
        200
    );
    assert_eq!(client.get("/users/me").await.status, 401);
    assert_eq!(
        asking.get("/users/me").await.status,
        200,
        "the session that asked stays"
    );
    assert_eq!(bystander.get("/users/me").await.status, 200);
    assert_eq!(
        redis
            .zrange::<_, Vec<String>>(index_of(&user), 0, -1)
            .await
            .expect("the index"),
        [one]
    );

    app.users
        .revoke_sessions(&user, None)
        .await
        .expect("Redis is there");
    app.users
        .revoke_sessions(&user, None)
        .await
        .expect("nothing to end is no error");
    assert_eq!(asking.get("/users/me").await.status, 401);
    assert_eq!(bystander.get("/users/me").await.status, 200);
    assert_eq!(
        keys(&server).await.len(),
        2,
        "the bystander's token and index: {:?}",
        keys(&server).await
    );
    app.users
        .delete(&other, None)
        .await
        .expect("the user is there");
    assert!(keys(&server).await.is_empty());
}

#[tokio::test]
async fn a_deactivation_ends_every_session() {
    let server = RedisServer::start().await;
    let (app, user) = start_usual(&server).await;
    let (_, client) = log_in(&app, "jo@example.com").await;
    let root = app.user("root@example.com").await;
    let root = app
        .client_of(&app.set(&root, "is_superuser", Value::Bool(true)).await)
        .await;
    for active in [false, true] {
        let path = format!("/users/{}", user.id);
        assert_eq!(
            root.json("PATCH", &path, &json!({ "is_active": active }))
                .await
                .status,
            200
        );
    }
    client
        .get("/users/me")
        .await
        .assert_detail(401, "Unauthorized");
    assert!(keys(&server).await.is_empty());
}

#[tokio::test]
async fn a_token_that_was_issued_on_an_old_password_is_refused_unless_it_made_the_change() {
    let server = RedisServer::start().await;
    let app = start(&server, |strategy| strategy, Compat::Off).await;
    let before = app.user("jo@example.com").await;
    let (_, client) = log_in(&app, "jo@example.com").await;
    let backend = app.users.backend("redis").expect("the backend");
    for password in ["a new one", "another one"] {
        let change = json!({ "password": password });
        assert_eq!(client.json("PATCH", "/users/me", &change).await.status, 200);
        // As a login leaves it that was decided before the change and is stored after it.
        let late = backend.strategy().write(&before).await.expect("a token");
        let mut redis = server.connection().await;
        // An eviction, as it would be for a token whose stamp stood beside it.
        let evicted = format!("fastapi_users_token_stamp:{late}");
        redis.del::<_, ()>(&evicted).await.expect("an answer");
        let late = app.client().bearer(&late).get("/users/me").await;
        late.assert_detail(401, "Unauthorized");
        assert_eq!(client.get("/users/me").await.status, 200, "{password}");
    }
    let mut redis = server.connection().await;
    let stamps = redis.keys::<_, Vec<String>>("fastapi_users_token_stamp:*");
    let stamps = stamps.await.expect("the keys");
    assert_eq!(stamps.len(), 1, "{stamps:?}");
    let left: i64 = redis.ttl(&stamps[0]).await.expect("its time");
    assert!((3000..=3600).contains(&left), "{left}");
    assert_eq!(client.send("POST", "/auth/redis/logout").await.status, 204);
    assert_eq!(client.get("/users/me").await.status, 401);
    let stamps = redis.exists::<_, bool>(&stamps[0]).await;
    assert!(!stamps.expect("an answer"), "the logout removes it");
}
