//! Forgotten passwords and verification

use std::time::Duration;

use serde_json::{Value as Json, json};
use users_runtime::{token::JwtKeys, value::Value};
use users_tests::{App, Event, PASSWORD, SECRET, until};

const FORGOT: &str = "/auth/forgot-password";
const RESET: &str = "/auth/reset-password";
const REQUEST: &str = "/auth/request-verify-token";
const VERIFY: &str = "/auth/verify";

/// Asks for a token at `path` and waits for the hook, which runs in the background.
async fn token(app: &App, path: &str, email: &str) -> String {
    let known = app.hooks.events().len();
    app.client()
        .post(path, &json!({ "email": email }))
        .await
        .assert(202, &Json::Null);
    until("the hook has a token", || {
        match app.hooks.events().get(known)? {
            Event::ForgotPassword(_, token) | Event::RequestedVerify(_, token) => {
                Some(token.clone())
            }
            _ => None,
        }
    })
    .await
}

async fn reset(app: &App, token: &str, password: &str) -> users_tests::Answer {
    app.client()
        .post(RESET, &json!({ "token": token, "password": password }))
        .await
}

#[tokio::test]
async fn a_token_resets_the_password_once() {
    let app = App::start().await;
    let user = app.user("jo@example.com").await;
    let (first, second) = (
        token(&app, FORGOT, "JO@example.com").await,
        token(&app, FORGOT, "jo@example.com").await,
    );
    let refused = json!({ "code": "RESET_PASSWORD_INVALID_PASSWORD", "reason": "Password should be at least 3 characters" });
    reset(&app, &first, "no")
        .await
        .assert(400, &json!({ "detail": refused }));
    reset(&app, &first, "a new one")
        .await
        .assert(200, &Json::Null);
    assert_eq!(
        app.hooks.events().last(),
        Some(&Event::ResetPassword(user.id)),
        "and not the update hook"
    );
    reset(&app, &first, "another")
        .await
        .assert_detail(400, "RESET_PASSWORD_BAD_TOKEN");
    reset(&app, &second, "another")
        .await
        .assert_detail(400, "RESET_PASSWORD_BAD_TOKEN");
    assert_eq!(
        app.client()
            .login("jwt", "jo@example.com", "a new one")
            .await
            .status,
        200
    );
    assert_eq!(
        app.client()
            .login("jwt", "jo@example.com", PASSWORD)
            .await
            .status,
        400
    );
}

#[tokio::test]
async fn of_two_resets_at_once_one_wins() {
    let app = App::start().await;
    app.user("jo@example.com").await;
    let token = token(&app, FORGOT, "jo@example.com").await;
    let (one, other) = tokio::join!(
        reset(&app, &token, "the first"),
        reset(&app, &token, "the other")
    );
    let mut statuses = [one.status, other.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 400]);
}

#[tokio::test]
async fn a_reset_token_dies_with_the_address_and_survives_an_upgrade() {
    let app = App::start().await;
    let user = app.user("jo@example.com").await;
    let bcrypt = bcrypt::hash(PASSWORD, 4).expect("a hash");
    app.set(&user, "hashed_password", Value::Text(bcrypt)).await;
    let survives = token(&app, FORGOT, "jo@example.com").await;
    assert_eq!(
        app.client()
            .login("jwt", "jo@example.com", PASSWORD)
            .await
            .status,
        200
    );
    reset(&app, &survives, "a new one")
        .await
        .assert(200, &Json::Null);
    let dies = token(&app, FORGOT, "jo@example.com").await;
    app.set(&user, "email", Value::Text("new@example.com".to_owned()))
        .await;
    reset(&app, &dies, "another")
        .await
        .assert_detail(400, "RESET_PASSWORD_BAD_TOKEN");
}

#[tokio::test]
async fn with_the_preset_it_is_the_other_way_round() {
    let app = App::start_compatible().await;
    let user = app.user("jo@example.com").await;
    let survives = token(&app, FORGOT, "jo@example.com").await;
    app.set(&user, "email", Value::Text("new@example.com".to_owned()))
        .await;
    reset(&app, &survives, PASSWORD)
        .await
        .assert(200, &Json::Null);
    let bcrypt = bcrypt::hash(PASSWORD, 4).expect("a hash");
    app.set(&user, "hashed_password", Value::Text(bcrypt)).await;
    let dies = token(&app, FORGOT, "new@example.com").await;
    assert_eq!(
        app.client()
            .login("jwt", "new@example.com", PASSWORD)
            .await
            .status,
        200
    );
    reset(&app, &dies, "another")
        .await
        .assert_detail(400, "RESET_PASSWORD_BAD_TOKEN");
}

#[tokio::test]
async fn a_reset_ends_the_users_sessions() {
    let app = App::start().await;
    app.user("jo@example.com").await;
    let session = app
        .client()
        .login("db", "jo@example.com", PASSWORD)
        .await
        .json();
    let session = app
        .client()
        .bearer(session["access_token"].as_str().expect("a token"));
    assert_eq!(session.get("/users/me").await.status, 200);
    let token = token(&app, FORGOT, "jo@example.com").await;
    reset(&app, &token, "a new one")
        .await
        .assert(200, &Json::Null);
    assert_eq!(session.get("/users/me").await.status, 401);
}

#[tokio::test]
async fn forgot_password_tells_nothing() {
    for compatible in [false, true] {
        let app = if compatible {
            App::start_compatible().await
        } else {
            App::start().await
        };
        app.user("jo@example.com").await;
        let inactive = app.user("gone@example.com").await;
        app.set(&inactive, "is_active", Value::Bool(false)).await;
        let mut hashes = Vec::new();
        for email in ["jo@example.com", "nobody@example.com", "gone@example.com"] {
            let before = app.users.passwords().hashes_done();
            app.client()
                .post(FORGOT, &json!({ "email": email }))
                .await
                .assert(202, &Json::Null);
            // After the answer, the original's fingerprint is hashed for whoever gets a token.
            app.users.drain().await;
            hashes.push(app.users.passwords().hashes_done() - before);
        }
        let expected = u64::from(compatible);
        assert_eq!(hashes, [expected, 0, 0], "compatible: {compatible}");
    }
}

#[tokio::test]
async fn bad_reset_tokens_are_one_answer() {
    let app = App::start().await;
    let user = app.user("jo@example.com").await;
    let good = token(&app, FORGOT, "jo@example.com").await;
    let verify = token(&app, REQUEST, "jo@example.com").await;
    let access = app
        .client()
        .login("jwt", "jo@example.com", PASSWORD)
        .await
        .json();
    let access = access["access_token"].as_str().expect("a token");
    for bad in ["", "nonsense", verify.as_str(), access] {
        reset(&app, bad, "a new one")
            .await
            .assert_detail(400, "RESET_PASSWORD_BAD_TOKEN");
    }
    app.set(&user, "is_active", Value::Bool(false)).await;
    reset(&app, &good, "a new one")
        .await
        .assert_detail(400, "RESET_PASSWORD_BAD_TOKEN");
}

#[tokio::test]
async fn expired_tokens_are_bad() {
    let app = App::builder()
        .configure(|builder| {
            builder
                .reset_token_lifetime(Duration::ZERO)
                .verify_token_lifetime(Duration::ZERO)
                .access_token_lifetime(Duration::ZERO)
        })
        .start()
        .await;
    app.user("jo@example.com").await;
    let (forgot, verify) = (
        token(&app, FORGOT, "jo@example.com").await,
        token(&app, REQUEST, "jo@example.com").await,
    );
    reset(&app, &forgot, "a new one")
        .await
        .assert_detail(400, "RESET_PASSWORD_BAD_TOKEN");
    app.client()
        .post(VERIFY, &json!({ "token": verify }))
        .await
        .assert_detail(400, "VERIFY_USER_BAD_TOKEN");
    let access = app
        .client()
        .login("jwt", "jo@example.com", PASSWORD)
        .await
        .json();
    let client = app
        .client()
        .bearer(access["access_token"].as_str().expect("a token"));
    client
        .get("/users/me")
        .await
        .assert_detail(401, "Unauthorized");
}

#[tokio::test]
async fn a_token_verifies_the_address_once() {
    let app = App::start().await;
    let user = app.user("jo@example.com").await;
    let token = token(&app, REQUEST, "jo@example.com").await;
    let answer = app.client().post(VERIFY, &json!({ "token": token })).await;
    assert_eq!(
        (
            answer.status,
            &answer.json()["is_verified"],
            &answer.json()["id"]
        ),
        (200, &json!(true), &json!(user.id))
    );
    assert_eq!(app.hooks.events().last(), Some(&Event::Verified(user.id)));
    app.client()
        .post(VERIFY, &json!({ "token": token }))
        .await
        .assert_detail(400, "VERIFY_USER_ALREADY_VERIFIED");
    app.set(&user, "email", Value::Text("new@example.com".to_owned()))
        .await;
    app.client()
        .post(VERIFY, &json!({ "token": token }))
        .await
        .assert_detail(400, "VERIFY_USER_BAD_TOKEN");
    app.client()
        .post(VERIFY, &json!({ "token": "nonsense" }))
        .await
        .assert_detail(400, "VERIFY_USER_BAD_TOKEN");
}

#[tokio::test]
async fn a_token_never_verifies_an_address_that_comes_in_its_way() {
    let app = App::start().await;
    for round in 0..40 {
        let (old, new) = (
            format!("old{round}@example.com"),
            format!("new{round}@example.com"),
        );
        let user = app.user(&old).await;
        let jo = app.client_of(&user).await;
        let token = token(&app, REQUEST, &old).await;
        let (body, change) = (json!({ "token": token }), json!({ "email": new }));
        let client = app.client();
        let (verified, changed) = tokio::join!(
            client.post(VERIFY, &body),
            jo.json("PATCH", "/users/me", &change)
        );
        assert_eq!(changed.status, 200, "{changed:?}");
        let user = app
            .users
            .find(&user.id)
            .await
            .expect("a store")
            .expect("the user");
        assert_eq!(
            (&*user.email, user.is_verified),
            (&*new, false),
            "{verified:?}"
        );
    }
}

#[tokio::test]
async fn a_verify_token_is_asked_for_without_being_told_anything() {
    // The answer waits for the hooks, so that one that is told too much has been told.
    let app = App::builder()
        .configure(|builder| builder.notify_in_background(false))
        .start()
        .await;
    let (verified, inactive) = (
        app.user("jo@example.com").await,
        app.user("gone@example.com").await,
    );
    app.set(&verified, "is_verified", Value::Bool(true)).await;
    app.set(&inactive, "is_active", Value::Bool(false)).await;
    for email in ["jo@example.com", "gone@example.com", "nobody@example.com"] {
        app.client()
            .post(REQUEST, &json!({ "email": email }))
            .await
            .assert(202, &Json::Null);
    }
    assert!(
        !app.hooks
            .events()
            .iter()
            .any(|event| matches!(event, Event::RequestedVerify(..)))
    );
}

#[tokio::test]
async fn embedded_bodies_miss_each_field() {
    let app = App::start().await;
    // The `input` of tokens and passwords is left out, whatever it is.
    let missing =
        |field: &str| json!({ "type": "missing", "loc": ["body", field], "msg": "Field required" });
    let email = json!({ "type": "missing", "loc": ["body", "email"], "msg": "Field required", "input": null });
    for body in ["null", "[]", "\"x\"", "{}", ""] {
        let answer = app
            .client()
            .raw("POST", RESET, "application/json", body)
            .await;
        answer.assert(
            422,
            &json!({ "detail": [missing("token"), missing("password")] }),
        );
        let answer = app
            .client()
            .raw("POST", VERIFY, "application/json", body)
            .await;
        answer.assert(422, &json!({ "detail": [missing("token")] }));
        let answer = app
            .client()
            .raw("POST", FORGOT, "application/json", body)
            .await;
        answer.assert(422, &json!({ "detail": [email] }));
    }
    let answer = app
        .client()
        .post(RESET, &json!({ "token": 12345, "password": ["secret"] }))
        .await;
    assert_eq!(answer.status, 422);
    assert!(
        !answer.text.contains("12345") && !answer.text.contains("secret"),
        "{}",
        answer.text
    );
    let answer = app
        .client()
        .post(FORGOT, &json!({ "email": "nonsense" }))
        .await;
    assert_eq!(
        (answer.status, &answer.json()["detail"][0]["type"]),
        (422, &json!("value_error"))
    );
}

#[tokio::test]
async fn each_kind_of_token_may_have_keys_of_its_own() {
    let keys = |number: u8| JwtKeys::hs256(format!("{SECRET}, number {number}")).expect("a secret");
    let app = App::builder()
        .configure(move |builder| builder.reset_token_keys(keys(1)).verify_token_keys(keys(2)));
    let app = app.start().await;
    for (path, audience, own) in [
        (FORGOT, "fastapi-users:reset", 1),
        (REQUEST, "fastapi-users:verify", 2),
    ] {
        // A reset proves the address, so that there would be nothing left to verify.
        let email = format!("jo{own}@example.com");
        app.user(&email).await;
        let token = token(&app, path, &email).await;
        let now = std::time::SystemTime::now();
        assert!(keys(own).decode(&token, &[audience], now).is_ok(), "{path}");
        let system = JwtKeys::hs256(SECRET).expect("a secret");
        assert!(system.decode(&token, &[audience], now).is_err(), "{path}");
        let (path, body) = match own {
            1 => (RESET, json!({ "token": token, "password": "a new one" })),
            _ => (VERIFY, json!({ "token": token })),
        };
        assert_eq!(app.client().post(path, &body).await.status, 200, "{path}");
    }
}
