//! Who gets past which guard, and what everybody else is told.

use axum::{Json, Router, routing::get};
use serde_json::json;
use users_runtime::{
    CurrentUser, Users,
    guards::{
        Active, ActiveSuperuser, ActiveVerified, ActiveVerifiedSuperuser, AnyUser, Guard,
        Requirements,
    },
    value::Value,
};
use users_tests::{App, Client, PASSWORD, User};

/// A guard of the application's own: a verified user who came with the cookie.
struct VerifiedByCookie;

impl Guard for VerifiedByCookie {
    const REQUIREMENTS: Requirements = Requirements {
        active: true,
        verified: true,
        superuser: false,
        backends: Some(&["cookie", "no such backend"]),
    };
}

/// A guard that lets nobody in: it names no backend.
struct Nobody;

impl Guard for Nobody {
    const REQUIREMENTS: Requirements = Requirements {
        active: false,
        verified: false,
        superuser: false,
        backends: Some(&[]),
    };
}

/// What every guarded route answers: whom it was told of, and which session stood beside them.
fn seen<G>(user: &CurrentUser<User, G>) -> Json<serde_json::Value> {
    Json(
        json!({ "email": user.email, "backend": user.session.backend, "token": user.session.token }),
    )
}

/// As a handler usually writes it: without naming a guard.
async fn by_default(user: CurrentUser<User>) -> Json<serde_json::Value> {
    seen(&user)
}

async fn guarded<G: Guard>(user: CurrentUser<User, G>) -> Json<serde_json::Value> {
    seen(&user)
}

async fn optional<G: Guard>(user: Option<CurrentUser<User, G>>) -> Json<serde_json::Value> {
    user.as_ref().map_or(Json(serde_json::Value::Null), seen)
}

async fn taken_apart(user: CurrentUser<User>) -> String {
    let shown = format!("{:?}", user.session);
    format!("{} {shown}", user.into_user().email)
}

fn routes(users: &Users<User>) -> Router<Users<User>> {
    users
        .router()
        .route("/default", get(by_default))
        .route("/any", get(guarded::<AnyUser>))
        .route("/verified", get(guarded::<ActiveVerified>))
        .route("/super", get(guarded::<ActiveSuperuser>))
        .route("/both", get(guarded::<ActiveVerifiedSuperuser>))
        .route("/by-cookie", get(guarded::<VerifiedByCookie>))
        .route("/nobody", get(guarded::<Nobody>))
        .route("/optional", get(optional::<Active>))
        .route("/optional-any", get(optional::<AnyUser>))
        .route("/optional-super", get(optional::<ActiveSuperuser>))
        .route("/taken-apart", get(taken_apart))
}

async fn start() -> App {
    App::builder().routes(routes).start().await
}

/// A user with these flags set, every other one as after a registration.
async fn user_with(app: &App, email: &str, flags: &[(&str, bool)]) -> User {
    let mut user = app.user(email).await;
    for (flag, value) in flags {
        user = app.set(&user, flag, Value::Bool(*value)).await;
    }
    user
}

async fn cookie_of(app: &App, email: &str) -> Client {
    let answer = app.client().login("cookie", email, PASSWORD).await;
    app.client().cookie(answer.cookie())
}

/// A user's address and flags, and what each route of [`GUARDED`] answers.
type Row = (&'static str, &'static [(&'static str, bool)], [u16; 5]);

const GUARDED: [&str; 5] = ["/default", "/any", "/verified", "/super", "/both"];

#[tokio::test]
async fn without_a_good_token_every_guard_answers_401() {
    let app = start().await;
    user_with(
        &app,
        "jo@example.com",
        &[("is_verified", true), ("is_superuser", true)],
    )
    .await;
    let deleted = app.user("gone@example.com").await;
    let orphan = app.client_of(&deleted).await;
    app.users
        .delete(&deleted, None)
        .await
        .expect("the user is there");
    let clients = [
        app.client(),
        app.client().bearer("nonsense"),
        app.client().cookie("fastapiusersauth=nonsense"),
        orphan,
    ];
    for client in &clients {
        for path in GUARDED
            .iter()
            .chain(&["/by-cookie", "/nobody", "/taken-apart"])
        {
            let answer = client.get(path).await;
            answer.assert_detail(401, "Unauthorized");
            assert_eq!(answer.header("content-type"), "application/json");
        }
        for path in ["/optional", "/optional-any", "/optional-super"] {
            client.get(path).await.assert(200, &serde_json::Value::Null);
        }
    }
}

#[tokio::test]
async fn each_guard_lets_in_whom_it_names() {
    let app = start().await;
    let rows: [Row; 8] = [
        ("plain@example.com", &[], [200, 200, 403, 403, 403]),
        (
            "verified@example.com",
            &[("is_verified", true)],
            [200, 200, 200, 403, 403],
        ),
        (
            "super@example.com",
            &[("is_superuser", true)],
            [200, 200, 403, 200, 403],
        ),
        (
            "both@example.com",
            &[("is_verified", true), ("is_superuser", true)],
            [200, 200, 200, 200, 200],
        ),
        (
            "gone@example.com",
            &[("is_active", false)],
            [401, 200, 401, 401, 401],
        ),
        (
            "gone-verified@example.com",
            &[("is_active", false), ("is_verified", true)],
            [401, 200, 401, 401, 401],
        ),
        (
            "gone-super@example.com",
            &[("is_active", false), ("is_superuser", true)],
            [401, 200, 401, 401, 401],
        ),
        (
            "gone-both@example.com",
            &[
                ("is_active", false),
                ("is_verified", true),
                ("is_superuser", true),
            ],
            [401, 200, 401, 401, 401],
        ),
    ];
    for (email, flags, expected) in rows {
        let user = user_with(&app, email, flags).await;
        let client = app.client_of(&user).await;
        for (path, status) in GUARDED.iter().zip(expected) {
            let answer = client.get(path).await;
            match status {
                200 => assert_eq!(
                    (answer.status, &answer.json()["email"]),
                    (200, &json!(email)),
                    "{path} {email}"
                ),
                401 => answer.assert_detail(401, "Unauthorized"),
                _ => answer.assert_detail(403, "Forbidden"),
            }
        }
    }
}

#[tokio::test]
async fn an_optional_user_is_none_where_the_guard_would_refuse() {
    let app = start().await;
    let plain = app.user("jo@example.com").await;
    let root = user_with(&app, "root@example.com", &[("is_superuser", true)]).await;
    let gone = user_with(
        &app,
        "gone@example.com",
        &[("is_active", false), ("is_superuser", true)],
    )
    .await;
    for (user, seen) in [
        (plain, [true, true, false]),
        (root, [true, true, true]),
        (gone, [false, true, false]),
    ] {
        let client = app.client_of(&user).await;
        for (path, is_seen) in ["/optional", "/optional-any", "/optional-super"]
            .into_iter()
            .zip(seen)
        {
            let answer = client.get(path).await;
            assert_eq!(
                (answer.status, !answer.json().is_null()),
                (200, is_seen),
                "{path} {}",
                user.email
            );
        }
    }
}

#[tokio::test]
async fn a_failing_store_is_no_missing_user() {
    let app = start().await;
    let user = app.user("jo@example.com").await;
    let client = app.client_of(&user).await;
    app.store.pool().close().await;
    for path in ["/default", "/optional", "/optional-super"] {
        let answer = client.get(path).await;
        assert!(
            answer.status >= 500,
            "an outage logs nobody out: {path} {answer:?}"
        );
        assert!(!answer.text.contains("pool"), "{answer:?}");
    }
    app.client()
        .get("/optional")
        .await
        .assert(200, &serde_json::Value::Null);
}

#[tokio::test]
async fn a_guard_of_ones_own_asks_only_its_backends() {
    let app = start().await;
    let user = user_with(&app, "jo@example.com", &[("is_verified", true)]).await;
    let (bearer, cookie) = (
        app.client_of(&user).await,
        cookie_of(&app, "jo@example.com").await,
    );
    assert_eq!(bearer.get("/verified").await.status, 200);
    bearer
        .get("/by-cookie")
        .await
        .assert_detail(401, "Unauthorized");
    assert_eq!(cookie.get("/by-cookie").await.json()["backend"], "cookie");
    bearer
        .get("/nobody")
        .await
        .assert_detail(401, "Unauthorized");
    cookie
        .get("/nobody")
        .await
        .assert_detail(401, "Unauthorized");
    app.set(&user, "is_verified", Value::Bool(false)).await;
    cookie
        .get("/by-cookie")
        .await
        .assert_detail(403, "Forbidden");
    app.set(&user, "is_active", Value::Bool(false)).await;
    cookie
        .get("/by-cookie")
        .await
        .assert_detail(401, "Unauthorized");
}

#[tokio::test]
async fn the_restricted_guard_does_not_let_another_backends_user_decide() {
    let app = start().await;
    let gone = user_with(&app, "gone@example.com", &[("is_active", false)]).await;
    user_with(&app, "jo@example.com", &[("is_verified", true)]).await;
    let cookie = app
        .client()
        .login("cookie", "jo@example.com", PASSWORD)
        .await;
    let pair = cookie.cookie().to_owned();
    let both = app.client_of(&gone).await.cookie(&pair);
    both.get("/default")
        .await
        .assert_detail(401, "Unauthorized");
    assert_eq!(
        both.get("/by-cookie").await.json()["email"],
        "jo@example.com"
    );
}

#[tokio::test]
async fn the_token_stands_beside_the_user_and_is_not_shown_by_accident() {
    let app = start().await;
    app.user("jo@example.com").await;
    for backend in ["jwt", "db"] {
        let token = app
            .client()
            .login(backend, "jo@example.com", PASSWORD)
            .await
            .json()["access_token"]
            .clone();
        let client = app.client().bearer(token.as_str().expect("a token"));
        let expected = json!({ "email": "jo@example.com", "backend": backend, "token": token });
        client.get("/default").await.assert(200, &expected);
        client.get("/optional").await.assert(200, &expected);
        let shown = client.get("/taken-apart").await.text;
        assert!(
            shown.starts_with("jo@example.com Session") && shown.contains(backend),
            "{shown}"
        );
        assert!(!shown.contains(token.as_str().expect("a token")), "{shown}");
    }
}

#[tokio::test]
async fn the_users_routes_are_for_superusers() {
    let app = start().await;
    let jo = app.user("jo@example.com").await;
    let root = user_with(&app, "root@example.com", &[("is_superuser", true)]).await;
    let gone = user_with(
        &app,
        "gone@example.com",
        &[("is_superuser", true), ("is_active", false)],
    )
    .await;
    let path = format!("/users/{}", jo.id);
    let (jo, root, gone) = (
        app.client_of(&jo).await,
        app.client_of(&root).await,
        app.client_of(&gone).await,
    );
    let change = json!({ "first_name": "Jo" });
    for (client, status, detail) in [
        (app.client(), 401, "Unauthorized"),
        (gone, 401, "Unauthorized"),
        (jo, 403, "Forbidden"),
    ] {
        client.get(&path).await.assert_detail(status, detail);
        client
            .json("PATCH", &path, &change)
            .await
            .assert_detail(status, detail);
        client
            .send("DELETE", &path)
            .await
            .assert_detail(status, detail);
        client
            .get("/users/nonsense")
            .await
            .assert_detail(status, detail);
    }
    assert_eq!(root.get(&path).await.json()["email"], "jo@example.com");
    assert_eq!(
        root.json("PATCH", &path, &change).await.json()["first_name"],
        "Jo"
    );
    assert_eq!(root.send("DELETE", &path).await.status, 204);
}

#[tokio::test]
async fn a_lost_role_counts_at_once() {
    let app = start().await;
    let root = user_with(&app, "root@example.com", &[("is_superuser", true)]).await;
    let client = app.client_of(&root).await;
    assert_eq!(client.get("/super").await.status, 200);
    app.set(&root, "is_superuser", Value::Bool(false)).await;
    client.get("/super").await.assert_detail(403, "Forbidden");
    client
        .get(&format!("/users/{}", root.id))
        .await
        .assert_detail(403, "Forbidden");
}
