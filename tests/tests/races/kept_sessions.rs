//! The session that changes the password stays, and no other.

use serde_json::json;
use users_runtime::{
    Backend, BearerTransport, Compat, DatabaseStrategy, PasswordHash, Users,
    password::CredentialsStamp, store::UserStore as _,
};
use users_tests::{Client, Database, PASSWORD, SECRET, TestHasher, User, serve};

use crate::{hash, logged_in, start};

#[tokio::test]
async fn the_session_that_changes_the_password_stays_unless_it_is_a_json_web_token() {
    let (app, _) = start(Compat::Off).await;
    app.user("jo@example.com").await;
    for (backend, stays) in [("db", true), ("jwt", false), ("cookie", false)] {
        let (own, other) = (
            logged_in(&app, backend).await,
            logged_in(&app, backend).await,
        );
        for password in ["a new one", PASSWORD] {
            let client = if stays {
                own.clone()
            } else {
                logged_in(&app, "db").await
            };
            let change = json!({ "password": password });
            assert_eq!(
                client.json("PATCH", "/users/me", &change).await.status,
                200,
                "{backend}"
            );
            assert_eq!(other.get("/users/me").await.status, 401, "{backend}");
            if stays {
                assert_eq!(own.get("/users/me").await.status, 200, "{backend}");
                continue;
            }
            assert_eq!(own.get("/users/me").await.status, 401, "{backend}");
            break;
        }
        if stays {
            assert_eq!(own.send("POST", "/auth/db/logout").await.status, 204);
            assert_eq!(own.get("/users/me").await.status, 401);
        }
        let user = app.users.find_by_email("jo@example.com").await;
        let user = user.expect("a store").expect("the user");
        app.set(&user, "hashed_password", hash(PASSWORD)).await;
        let left = app.store.access_tokens().expect("tokens");
        left.delete_tokens_of(&user.id, None).await.expect("none");
    }
}

#[tokio::test]
async fn what_keeps_a_session_is_no_token_of_its_own() {
    let (app, _) = start(Compat::Off).await;
    app.user("jo@example.com").await;
    let client = app.client();
    let answer = client.login("db", "jo@example.com", PASSWORD).await;
    let token = answer.json()["access_token"].clone();
    let token = token.as_str().expect("a token");
    let change = json!({ "password": "a new one" });
    let session = client.bearer(token);
    let changed = session.json("PATCH", "/users/me", &change).await;
    assert_eq!(changed.status, 200);
    let stamp = CredentialsStamp::of(&PasswordHash::new(TestHasher::hash_of("a new one")));
    let kept = client.bearer(&format!("{token}.{stamp}"));
    kept.get("/users/me")
        .await
        .assert_detail(401, "Unauthorized");
    assert_eq!(session.get("/users/me").await.status, 200);
}

#[tokio::test]
async fn the_session_that_changes_the_password_stays_where_two_backends_share_a_table() {
    let database = Database::new();
    let store = database.store().await;
    let second = DatabaseStrategy::new(store.clone());
    let users = Users::<User>::builder(store, SECRET)
        .password_hasher(TestHasher::default())
        .backend(Backend::new("second", BearerTransport::new(), second))
        .build()
        .expect("a sound configuration");
    let router = users.router().with_state(users);
    let client = Client::new(&serve(|listener| axum::serve(listener, router)).await);
    let new = json!({ "email": "jo@example.com", "password": PASSWORD });
    assert_eq!(client.post("/auth/register", &new).await.status, 201);
    for (own, other, password, next) in [
        ("db", "second", PASSWORD, "a new one"),
        ("second", "db", "a new one", "another one"),
    ] {
        let mut sessions = Vec::new();
        for backend in [own, other] {
            let answer = client.login(backend, "jo@example.com", password).await;
            let token = answer.json()["access_token"].clone();
            sessions.push(client.bearer(token.as_str().expect("a token")));
        }
        let change = json!({ "password": next });
        let changed = sessions[0].json("PATCH", "/users/me", &change).await;
        assert_eq!(changed.status, 200, "{changed:?}");
        assert_eq!(sessions[0].get("/users/me").await.status, 200, "{own}");
        assert_eq!(sessions[1].get("/users/me").await.status, 401, "{other}");
    }
}

#[tokio::test]
async fn nothing_is_left_of_a_kept_session_that_logs_out() {
    let (app, _) = start(Compat::Off).await;
    let user = app.user("jo@example.com").await;
    let client = logged_in(&app, "db").await;
    let change = json!({ "password": "a new one" });
    assert_eq!(client.json("PATCH", "/users/me", &change).await.status, 200);
    assert_eq!(client.send("POST", "/auth/db/logout").await.status, 204);
    let tokens = app.store.access_tokens().expect("tokens");
    let left = tokens.tokens_of(&user.id).await.expect("a store");
    assert_eq!(left.expect("a list"), []);
}
