//! Which passwords the policy accepts, wherever one is set.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use axum::{
    Router,
    extract::Path,
    http::{HeaderMap, StatusCode},
    routing::get,
};
use serde_json::{Value, json};
use users_runtime::{
    Compat, UsersBuilder,
    oauth::NetworkClient,
    password_policy::{PasswordPolicy, PasswordProblem, PwnedPasswords},
};
use users_tests::{Answer, App, Event, PASSWORD, User, serve};

const EMAIL: &str = "jo@example.com";

async fn start(configure: impl FnOnce(UsersBuilder<User>) -> UsersBuilder<User> + 'static) -> App {
    App::builder().configure(configure).start().await
}

/// What every route that sets a password answers to one.
async fn tried(app: &App, password: &str) -> [(&'static str, Answer); 4] {
    let known = app.users.find_by_email(EMAIL).await;
    let user = if let Some(user) = known.expect("the store") {
        user
    } else {
        app.user(EMAIL).await
    };
    let known = app.users.find_by_email("admin@example.com").await;
    let admin = if let Some(admin) = known.expect("the store") {
        admin
    } else {
        let admin = app.user("admin@example.com").await;
        let yes = users_runtime::value::Value::Bool(true);
        app.set(&admin, "is_superuser", yes).await
    };
    let body = json!({ "password": password });
    let new =
        json!({ "email": format!("new-{}@example.com", password.len()), "password": password });
    app.users
        .forgot_password(&user, None)
        .await
        .expect("a token");
    app.users.drain().await;
    let token = app
        .hooks
        .events()
        .into_iter()
        .rev()
        .find_map(|event| match event {
            Event::ForgotPassword(_, token) => Some(token),
            _ => None,
        });
    let reset = json!({ "token": token.expect("a token"), "password": password });
    [
        (
            "REGISTER_INVALID_PASSWORD",
            app.client().post("/auth/register", &new).await,
        ),
        (
            "RESET_PASSWORD_INVALID_PASSWORD",
            app.client().post("/auth/reset-password", &reset).await,
        ),
        (
            "UPDATE_USER_INVALID_PASSWORD",
            app.client_of(&user)
                .await
                .json("PATCH", "/users/me", &body)
                .await,
        ),
        (
            "UPDATE_USER_INVALID_PASSWORD",
            app.client_of(&admin)
                .await
                .json("PATCH", &format!("/users/{}", user.id), &body)
                .await,
        ),
    ]
}

#[track_caller]
fn assert_refused(answers: &[(&str, Answer)], problem: PasswordProblem) {
    for (code, answer) in answers {
        let reason = problem.to_string();
        answer.assert(
            400,
            &json!({ "detail": { "code": code, "reason": reason } }),
        );
    }
}

#[tokio::test]
async fn every_route_asks_the_policy() {
    let app = start(|builder| builder.password_policy(PasswordPolicy::new().words(["Acme"]))).await;
    for (password, problem) in [
        ("seven77", PasswordProblem::TooShort { min: 8 }),
        ("Sunshine", PasswordProblem::Common),
        ("acme20262026", PasswordProblem::Guessable),
    ] {
        assert_refused(&tried(&app, password).await, problem);
    }
    for (_, answer) in tried(&app, &"é".repeat(1025)).await {
        let error = &answer.json()["detail"][0];
        assert_eq!(answer.status, 422, "{answer:?}");
        assert_eq!(error["type"], "string_too_long");
        assert_eq!(error["loc"], json!(["body", "password"]));
        assert_eq!(error["ctx"], json!({ "max_length": 1024 }));
        assert_eq!(error.get("input"), None);
    }
    let longest = "é".repeat(1024);
    let [(_, registered), ..] = tried(&app, &longest).await;
    assert_eq!(registered.status, 201, "{registered:?}");
    let user = app.user("long@example.com").await;
    let body = json!({ "password": longest });
    let answer = app
        .client_of(&user)
        .await
        .json("PATCH", "/users/me", &body)
        .await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let answer = app.client().login("jwt", &user.email, &longest).await;
    assert_eq!(answer.status, 200, "{answer:?}");
}

#[tokio::test]
async fn the_present_and_the_new_address_are_refused() {
    let app = start(|builder| builder.password_policy(PasswordPolicy::new())).await;
    let user = app.user("jo.miller@example.com").await;
    let client = app.client_of(&user).await;
    for password in [
        "jo.miller@example.com",
        "Jo.Miller!",
        "new.address@example.com",
        "new.address",
    ] {
        let body = json!({ "email": "new.address@example.com", "password": password });
        let answer = client.json("PATCH", "/users/me", &body).await;
        assert_refused(
            &[("UPDATE_USER_INVALID_PASSWORD", answer)],
            PasswordProblem::Guessable,
        );
    }
}

#[tokio::test]
async fn the_preset_accepts_what_its_hooks_accept() {
    // The helper of the suites sets a policy, so that of the preset is seen on a builder of its own.
    let database = users_tests::Database::new();
    let build = async |compat| {
        let store = database.store().await;
        let builder = users_runtime::Users::<User>::builder(store, users_tests::SECRET);
        builder
            .compat(compat)
            .build()
            .expect("a sound configuration")
    };
    let check = |users: &users_runtime::Users<User>, password: &str| {
        users
            .password_policy()
            .check(&password.into(), &[EMAIL])
            .is_ok()
    };
    let (preset, default) = (
        build(Compat::FastApiUsers15).await,
        build(Compat::Off).await,
    );
    for password in ["", "x", "password", EMAIL] {
        assert!(
            check(&preset, password) && !check(&default, password),
            "{password}"
        );
    }
    assert!(check(&default, PASSWORD));
}

#[tokio::test]
async fn reasons_are_translated_for_the_request() {
    let app = start(|builder| {
        builder.password_policy(PasswordPolicy::new().reasons(|problem, request| {
            let language = request.and_then(|request| request.headers.get("accept-language"));
            match (problem, language) {
                (PasswordProblem::TooShort { min }, Some(_)) => format!("Mindestens {min} Zeichen"),
                (other, _) => other.to_string(),
            }
        }))
    })
    .await;
    let body = json!({ "email": EMAIL, "password": "x" });
    let answer = app
        .client()
        .header("accept-language", "de")
        .post("/auth/register", &body)
        .await;
    assert_eq!(answer.json()["detail"]["reason"], "Mindestens 8 Zeichen");
}

/// A server that answers as Have I Been Pwned does: it knows `leaked password` and pads its answer.
async fn collection(asked: Arc<AtomicUsize>) -> String {
    // SHA-1 of `leaked password`, and of `padded password`, which is there with the count 0.
    let answer = move |Path(range): Path<String>, headers: HeaderMap| {
        asked.fetch_add(1, Ordering::Relaxed);
        let is_private =
            range.len() == 5 && headers.get("add-padding").is_some_and(|on| on == "true");
        std::future::ready(match (&*range, is_private) {
            (LEAKED, true) => (
                StatusCode::OK,
                format!("{}:0\r\n{}:42\r\n", "0".repeat(35), SUFFIX),
            ),
            (PADDED, true) => (StatusCode::OK, format!("{PADDED_SUFFIX}:0")),
            (_, true) => (StatusCode::OK, format!("{}:3", "F".repeat(35))),
            (_, false) => (StatusCode::BAD_REQUEST, String::new()),
        })
    };
    let router = Router::new().route("/range/{range}", get(answer));
    serve(|listener| axum::serve(listener, router)).await
}

const LEAKED: &str = "5914B";
const SUFFIX: &str = "B2C7DDE7E006FE0B045EE33C85C0CB698ED";
const PADDED: &str = "CB094";
const PADDED_SUFFIX: &str = "E085112B3C894FA5537C63A178CC3D3ECCC";

#[tokio::test]
async fn leaked_passwords_are_refused_and_a_silent_collection_refuses_none() {
    let asked = Arc::new(AtomicUsize::new(0));
    let url = collection(Arc::clone(&asked)).await;
    let pwned = PwnedPasswords::new(NetworkClient::new().expect("root certificates")).url(url);
    let policy = PasswordPolicy::new().pwned_passwords(pwned);
    let app = start(|builder| builder.password_policy(policy)).await;
    let register = async |app: &App, email: &str, password: &str| {
        app.client()
            .post(
                "/auth/register",
                &json!({ "email": email, "password": password }),
            )
            .await
    };
    let answer = register(&app, EMAIL, "leaked password").await;
    assert_refused(
        &[("REGISTER_INVALID_PASSWORD", answer)],
        PasswordProblem::Leaked,
    );
    for (email, password) in [
        ("a@example.com", "padded password"),
        ("b@example.com", PASSWORD),
    ] {
        assert_eq!(
            register(&app, email, password).await.status,
            201,
            "{password}"
        );
    }
    assert_eq!(asked.load(Ordering::Relaxed), 3);
    // What is refused anyway is not asked for.
    assert_eq!(register(&app, EMAIL, "short").await.status, 400);
    assert_eq!(asked.load(Ordering::Relaxed), 3);

    let failing = async |_| {
        Ok(axum::http::Response::builder()
            .status(503)
            .body(axum::body::Bytes::new())
            .expect("an answer"))
    };
    let policy = PasswordPolicy::new().pwned_passwords(PwnedPasswords::new(failing));
    let app = start(|builder| builder.password_policy(policy)).await;
    let answer: Value = register(&app, EMAIL, "leaked password").await.json();
    assert_eq!(answer["email"], EMAIL, "{answer}");
}
