//! What a 422 repeats of a body.

use serde_json::json;
use users_tests::{App, PASSWORD};

/// A secret in a place where the server does not expect it.
const MISPLACED: &str = "hunter2, misplaced";

/// Bodies that are 422, each with the secret under another name than the right one.
fn misspelt() -> Vec<(&'static str, &'static str, serde_json::Value)> {
    let (post, register) = ("POST", "/auth/register");
    vec![
        (
            post,
            register,
            json!({ "email": "jo@example.com", "passwd": MISPLACED }),
        ),
        (post, register, json!({ "passwd": MISPLACED })),
        (
            post,
            register,
            json!({ "e-mail": "jo@example.com", "pass_word": MISPLACED }),
        ),
        (post, register, json!({ "Password": MISPLACED })),
        (post, register, json!({ "user": { "secret": MISPLACED } })),
        (
            post,
            register,
            json!({ "email": { "passwd": MISPLACED }, "password": "x" }),
        ),
        (
            post,
            register,
            json!({ "email": [MISPLACED], "password": "x" }),
        ),
        (
            post,
            register,
            json!({ "email": "jo@example.com", "password": "x", "first_name": { "token": MISPLACED } }),
        ),
        (
            post,
            register,
            json!({ "email": "jo@example.com", "password": [MISPLACED] }),
        ),
        (
            post,
            register,
            json!([["email", "jo@example.com"], ["password", MISPLACED]]),
        ),
        (post, register, json!(MISPLACED)),
        (
            post,
            "/auth/forgot-password",
            json!({ "email": [MISPLACED] }),
        ),
        (
            post,
            "/auth/forgot-password",
            json!({ "mail": "jo@example.com", "passwd": MISPLACED }),
        ),
        (
            post,
            "/auth/request-verify-token",
            json!({ "address": MISPLACED }),
        ),
        (post, "/auth/verify", json!({ "tokn": MISPLACED })),
        (post, "/auth/verify", json!({ "token": [MISPLACED] })),
        (
            post,
            "/auth/reset-password",
            json!({ "token": { "token": MISPLACED }, "passwd": MISPLACED }),
        ),
        (
            "PATCH",
            "/users/me",
            json!({ "first_name": { "passwd": MISPLACED } }),
        ),
        (
            "PATCH",
            "/users/me",
            json!({ "is_active": [MISPLACED], "email": { "secret": MISPLACED } }),
        ),
        ("PATCH", "/users/me", json!([MISPLACED])),
    ]
}

#[tokio::test]
async fn a_422_repeats_no_secret_under_a_misspelt_name() {
    let app = App::start().await;
    let user = app.user("al@example.com").await;
    let client = app.client_of(&user).await;
    for (method, path, body) in misspelt() {
        let answer = client.json(method, path, &body).await;
        assert_eq!(answer.status, 422, "{method} {path} {body}: {answer:?}");
        assert!(!answer.text.contains("hunter2"), "{method} {path} {body}");
    }
    for form in [
        format!("grant_type={MISPLACED}&username=jo@example.com&password=x"),
        format!("grant_type={MISPLACED}"),
        format!("grant_type=x&passwd={MISPLACED}"),
    ] {
        let kind = "application/x-www-form-urlencoded";
        let answer = client.raw("POST", "/auth/jwt/login", kind, form).await;
        assert_eq!(answer.status, 422, "{answer:?}");
        assert!(!answer.text.contains("hunter2"), "{}", answer.text);
    }
    let body = json!({ "email": "no address", "password": PASSWORD });
    let answer = client.post("/auth/register", &body).await;
    assert_eq!(
        answer.json()["detail"][0]["input"],
        "no address",
        "what helps is still said"
    );
}

#[tokio::test]
async fn with_the_preset_a_422_repeats_what_the_original_repeats_without_passwords_and_tokens() {
    let app = App::start_compatible().await;
    let body = json!({ "passwd": MISPLACED });
    let answer = app.client().post("/auth/register", &body).await.json();
    assert_eq!(answer["detail"][0]["input"], body, "the field `email`");
    assert_eq!(
        answer["detail"][1].get("input"),
        None,
        "the field `password`"
    );
    for body in [
        json!({ "password": MISPLACED }),
        json!({ "user": { "token": MISPLACED } }),
    ] {
        let answer = app.client().post("/auth/register", &body).await;
        assert_eq!(answer.status, 422);
        assert!(!answer.text.contains("hunter2"), "{}", answer.text);
    }
}
