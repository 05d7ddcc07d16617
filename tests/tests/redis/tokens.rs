//! Tokens as keys in Redis.

use std::time::Duration;

use redis::AsyncCommands as _;
use serde_json::json;
use users_runtime::{Compat, session::RedisStrategy};
use users_tests::{RedisServer, User};

use crate::application::{PREFIX, index_of, keys, log_in, start, start_usual};

#[tokio::test]
async fn a_token_is_a_key_with_the_users_id_and_the_lifetime() {
    let server = RedisServer::start().await;
    let (app, user) = start_usual(&server).await;
    let (token, client) = log_in(&app, "jo@example.com").await;
    assert_eq!(token.len(), 43);
    let mut redis = server.connection().await;
    let key = format!("{PREFIX}{token}");
    assert_eq!(
        redis.get::<_, String>(&key).await.expect("the value"),
        user.id.hyphenated().to_string()
    );
    let left: i64 = redis.ttl(&key).await.expect("its time");
    assert!((3000..=3600).contains(&left), "{left}");
    assert_eq!(client.get("/users/me").await.json()["id"], json!(user.id));

    assert_eq!(client.send("POST", "/auth/redis/logout").await.status, 204);
    assert!(
        keys(&server).await.is_empty(),
        "neither token nor index stay: {:?}",
        keys(&server).await
    );
    client
        .get("/users/me")
        .await
        .assert_detail(401, "Unauthorized");
    client
        .send("POST", "/auth/redis/logout")
        .await
        .assert_detail(401, "Unauthorized");
}

#[tokio::test]
async fn a_token_that_the_original_wrote_is_read() {
    let server = RedisServer::start().await;
    let (app, user) = start_usual(&server).await;
    let mut redis = server.connection().await;
    for (token, value, status) in [
        ("hyphenated", user.id.hyphenated().to_string(), 200),
        ("nonsense", "nonsense".to_owned(), 401),
        ("nobody", uuid::Uuid::new_v4().to_string(), 401),
    ] {
        let _: () = redis
            .set_ex(format!("{PREFIX}{token}"), value, 60)
            .await
            .expect("a key");
        assert_eq!(
            app.client().bearer(token).get("/users/me").await.status,
            status,
            "{token}"
        );
    }
    let _: () = redis
        .set(format!("{PREFIX}bytes"), &[0xff, 0xfe][..])
        .await
        .expect("a key");
    app.client()
        .bearer("bytes")
        .get("/users/me")
        .await
        .assert_detail(401, "Unauthorized");
}

#[tokio::test]
async fn with_the_preset_there_are_the_originals_keys_alone() {
    let server = RedisServer::start().await;
    let app = start(
        &server,
        RedisStrategy::without_index,
        Compat::FastApiUsers15,
    )
    .await;
    app.user("jo@example.com").await;
    let ((one, asking), (two, client)) = (
        log_in(&app, "jo@example.com").await,
        log_in(&app, "jo@example.com").await,
    );
    let mut expected = [format!("{PREFIX}{one}"), format!("{PREFIX}{two}")];
    expected.sort();
    assert_eq!(keys(&server).await, expected);
    assert_eq!(
        asking
            .json("PATCH", "/users/me", &json!({ "password": "a new one" }))
            .await
            .status,
        200
    );
    assert_eq!(
        client.get("/users/me").await.status,
        200,
        "the original ends no sessions"
    );
    assert_eq!(asking.send("POST", "/auth/redis/logout").await.status, 204);
    assert_eq!(keys(&server).await, [format!("{PREFIX}{two}")]);
}

#[tokio::test]
async fn a_token_of_the_original_has_no_stamp() {
    let server = RedisServer::start().await;
    let (app, user) = start_usual(&server).await;
    let mut redis = server.connection().await;
    // 43 characters that are random from the first to the last.
    let token = users_runtime::random_secret();
    let id = user.id.hyphenated().to_string();
    let key = format!("{PREFIX}{token}");
    redis.set_ex::<_, _, ()>(key, id, 60).await.expect("a key");
    let client = app.client().bearer(&token);
    assert_eq!(client.get("/users/me").await.status, 200);
}

#[tokio::test]
async fn lifetime_and_prefix_are_the_applications_choice() {
    let server = RedisServer::start().await;
    let brief = |strategy: RedisStrategy| {
        strategy
            .key_prefix("shop:")
            .lifetime(Some(Duration::from_mins(5)))
    };
    let app = start(&server, brief, Compat::Off).await;
    let user = app.user("jo@example.com").await;
    let (token, client) = log_in(&app, "jo@example.com").await;
    assert_eq!(
        keys(&server).await,
        [format!("shop:{token}"), format!("shop_user:{}", user.id)]
    );
    assert_eq!(client.get("/users/me").await.status, 200);
    let mut redis = server.connection().await;
    for key in keys(&server).await {
        let left = redis.ttl::<_, i64>(&key).await.expect("its time");
        assert!((1..=300).contains(&left), "{key}: {left} s");
        // The rest of its time passes at once.
        redis.pexpire::<_, ()>(&key, 1).await.expect("less time");
        while redis.exists::<_, bool>(&key).await.expect("an answer") {}
    }
    client
        .get("/users/me")
        .await
        .assert_detail(401, "Unauthorized");
    assert!(
        keys(&server).await.is_empty(),
        "Redis forgets them by itself"
    );

    let app = start(&server, |strategy| strategy.lifetime(None), Compat::Off).await;
    let user = app.user("jo@example.com").await;
    let (token, client) = log_in(&app, "jo@example.com").await;
    assert_eq!(
        redis
            .ttl::<_, i64>(format!("{PREFIX}{token}"))
            .await
            .expect("its time"),
        -1,
        "for ever"
    );
    assert_eq!(
        redis
            .ttl::<_, i64>(index_of(&user))
            .await
            .expect("its time"),
        -1
    );
    assert_eq!(client.get("/users/me").await.status, 200);
}

#[tokio::test]
async fn an_index_lives_as_long_as_the_longest_of_its_tokens() {
    let server = RedisServer::start().await;
    let strategies = [Some(600), Some(60), Some(6000), None, Some(60)];
    let left = [600, 600, 6000, -1, -1];
    let (app, user) = start_usual(&server).await;
    let mut redis = server.connection().await;
    for (lifetime, expected) in strategies.into_iter().zip(left) {
        let strategy = RedisStrategy::connect(&server.url())
            .expect("a URL")
            .lifetime(lifetime.map(Duration::from_secs));
        users_runtime::session::Strategy::<User>::write(&strategy, &user)
            .await
            .expect("a token");
        let left: i64 = redis.ttl(index_of(&user)).await.expect("its time");
        assert!(
            (expected - 5..=expected).contains(&left),
            "{left} after {lifetime:?}"
        );
    }
    drop(app);
}
