//! The Redis strategy on a real Redis: what it writes there, when it ends sessions, and what happens while Redis is away.

use std::time::Duration;

use redis::AsyncCommands as _;
use serde_json::json;
use users_runtime::{Backend, BearerTransport, Compat, session::RedisStrategy, value::Value};
use users_tests::{Answer, App, Client, PASSWORD, RedisServer, TestHasher, User};

const PREFIX: &str = "fastapi_users_token:";

/// An application with the backend `redis` beside the declared ones.
async fn start(
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

async fn start_usual(server: &RedisServer) -> (App, User) {
    let app = start(server, |strategy| strategy, Compat::Off).await;
    let user = app.user("jo@example.com").await;
    (app, user)
}

/// Logs in at the backend `redis`; the token and a client that presents it.
async fn log_in(app: &App, email: &str) -> (String, Client) {
    let answer = app.client().login("redis", email, PASSWORD).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let token = answer.json()["access_token"]
        .as_str()
        .expect("a token")
        .to_owned();
    let client = app.client().bearer(&token);
    (token, client)
}

async fn keys(server: &RedisServer) -> Vec<String> {
    let mut keys: Vec<String> = server.connection().await.keys("*").await.expect("the keys");
    keys.sort();
    keys
}

fn index_of(user: &User) -> String {
    format!("fastapi_users_token_user:{}", user.id)
}

#[track_caller]
fn assert_unavailable(answer: &Answer) {
    answer.assert_detail(503, "Service Unavailable");
    assert_eq!(answer.header("retry-after"), "1");
}

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
async fn while_redis_is_away_whoever_needs_it_is_told_so_and_the_others_go_on() {
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
