//! Logins whose address or password is written in another way than at the registration.

use serde_json::json;
use users_runtime::{Compat, value::Value};
use users_tests::{App, Call, Client, Event, PASSWORD, TestHasher, until};

/// `é` as one character, and as `e` with an accent.
const COMPOSED: &str = "caf\u{e9} horse";
const DECOMPOSED: &str = "cafe\u{301} horse";

async fn start(compat: Compat) -> (App, TestHasher) {
    let hasher = TestHasher::default();
    let given = hasher.clone();
    let app = App::builder()
        .configure(move |builder| builder.compat(compat).password_hasher(given))
        .start()
        .await;
    (app, hasher)
}

async fn register(client: &Client, email: &str, password: &str) {
    let body = json!({ "email": email, "password": password });
    let answer = client.post("/auth/register", &body).await;
    assert_eq!(answer.status, 201, "{answer:?}");
}

async fn status(app: &App, username: &str, password: &str) -> u16 {
    app.client().login("jwt", username, password).await.status
}

async fn hash_of(app: &App, email: &str) -> String {
    let user = app.users.find_by_email(email).await.expect("the store");
    user.expect("the user").hashed_password.expose().to_owned()
}

#[tokio::test]
async fn a_username_is_normalised_as_at_the_registration() {
    for (compat, expected) in [(Compat::Off, 200), (Compat::FastApiUsers15, 400)] {
        let (app, hasher) = start(compat).await;
        register(&app.client(), "al@example.com", PASSWORD).await;
        register(&app.client(), "Bo@b\u{fc}cher.example", PASSWORD).await;
        register(&app.client(), "zo\u{eb}@example.com", PASSWORD).await;
        assert_eq!(status(&app, "AL@Example.COM", PASSWORD).await, 200);
        for username in [
            " al@example.com ",
            "al@example.com ",
            "\tal@example.com",
            "Al <al@example.com>",
            "\"Doe, Al\" <AL@example.com>",
            "bo@xn--bcher-kva.example",
            "zoe\u{308}@example.com",
        ] {
            hasher.take_calls();
            let status = status(&app, username, PASSWORD).await;
            assert_eq!(status, expected, "{compat:?} {username:?}");
            let call = if expected == 200 {
                Call::Verify
            } else {
                Call::VerifyNobody
            };
            assert_eq!(hasher.take_calls(), [call], "{username:?}");
        }
        for username in ["al@example.com\r\n", "al", "<al@example.com", " ", "a b"] {
            hasher.take_calls();
            assert_eq!(status(&app, username, PASSWORD).await, 400, "{username:?}");
            assert_eq!(hasher.take_calls(), [Call::VerifyNobody], "{username:?}");
        }
    }
}

#[tokio::test]
async fn an_address_that_no_registration_accepts_still_logs_in() {
    for compat in [Compat::Off, Compat::FastApiUsers15] {
        let (app, _) = start(compat).await;
        let user = app.user("jo@example.com").await;
        for stored in [
            "jo@corp.local",
            "admin@localhost",
            "jo@xn--bcher-kva.example",
        ] {
            let address = Value::Text(stored.to_owned());
            app.set(&user, "email", address).await;
            assert_eq!(status(&app, stored, PASSWORD).await, 200, "{stored}");
        }
    }
}

#[tokio::test]
async fn forgot_password_and_verification_normalise_the_address_as_well() {
    for (path, is_hook) in [
        (
            "/auth/forgot-password",
            (|event| matches!(event, Event::ForgotPassword(..))) as fn(&Event) -> bool,
        ),
        ("/auth/request-verify-token", |event| {
            matches!(event, Event::RequestedVerify(..))
        }),
    ] {
        let app = App::start_compatible().await;
        app.user("al@example.com").await;
        for email in [" al@example.com ", "Al <al@example.com>"] {
            let before = app.hooks.events().len();
            let answer = app.client().post(path, &json!({ "email": email })).await;
            assert_eq!(answer.status, 202, "{answer:?}");
            until(&format!("the hook of {path} is told of {email}"), || {
                let events = app.hooks.events();
                events[before..].iter().any(is_hook).then_some(())
            })
            .await;
        }
    }
}

#[tokio::test]
async fn a_password_is_the_same_in_every_normalization_form() {
    let (app, hasher) = start(Compat::Off).await;
    for (email, registered) in [("jo@example.com", COMPOSED), ("al@example.com", DECOMPOSED)] {
        register(&app.client(), email, registered).await;
        assert_eq!(hash_of(&app, email).await, TestHasher::hash_of(COMPOSED));
        for typed in [COMPOSED, DECOMPOSED] {
            assert_eq!(status(&app, email, typed).await, 200, "{typed:?}");
        }
        // Other letters stay others: form C is not form KC.
        for typed in ["cafe horse", "caf\u{e8} horse", "\u{ff43}af\u{e9} horse"] {
            assert_eq!(status(&app, email, typed).await, 400, "{typed:?}");
        }
    }
    // Text in form C is compared once and other text twice, whoever is meant.
    app.user("gone@example.com").await;
    let gone = app.users.find_by_email("gone@example.com").await;
    let gone = gone.expect("the store").expect("the user");
    app.set(&gone, "is_active", Value::Bool(false)).await;
    for (typed, count) in [("wr\u{f6}ng", 1), ("wro\u{308}ng", 2), (DECOMPOSED, 2)] {
        for email in ["jo@example.com", "nobody@example.com", "gone@example.com"] {
            hasher.take_calls();
            status(&app, email, typed).await;
            let calls = hasher.take_calls();
            assert_eq!(calls.len(), count, "{typed:?} {email} {calls:?}");
        }
    }
}

#[tokio::test]
async fn new_passwords_of_updates_and_resets_are_normalised() {
    let (app, _) = start(Compat::Off).await;
    let user = app.user("jo@example.com").await;
    let client = app.client_of(&user).await;
    let body = json!({ "password": DECOMPOSED });
    let answer = client.json("PATCH", "/users/me", &body).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let normalized = TestHasher::hash_of(COMPOSED);
    assert_eq!(hash_of(&app, "jo@example.com").await, normalized);
    assert_eq!(status(&app, "jo@example.com", COMPOSED).await, 200);

    let other = "re\u{301}sume\u{301}";
    let before = app.hooks.events().len();
    let asked = json!({ "email": "jo@example.com" });
    app.client().post("/auth/forgot-password", &asked).await;
    let token = loop {
        let events = app.hooks.events();
        let found = events[before..].iter().find_map(|event| match event {
            Event::ForgotPassword(_, token) => Some(token.clone()),
            _ => None,
        });
        match found {
            Some(token) => break token,
            None => tokio::task::yield_now().await,
        }
    };
    let body = json!({ "token": token, "password": other });
    let answer = app.client().post("/auth/reset-password", &body).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let normalized = TestHasher::hash_of("r\u{e9}sum\u{e9}");
    assert_eq!(hash_of(&app, "jo@example.com").await, normalized);
}

#[tokio::test]
async fn a_hash_of_text_in_another_form_still_opens_and_is_replaced() {
    let (app, hasher) = start(Compat::Off).await;
    let user = app.user("jo@example.com").await;
    let raw = Value::Text(TestHasher::hash_of(DECOMPOSED));
    app.set(&user, "hashed_password", raw).await;
    assert_eq!(status(&app, "jo@example.com", COMPOSED).await, 400);
    hasher.take_calls();
    assert_eq!(status(&app, "jo@example.com", DECOMPOSED).await, 200);
    let upgrade = [Call::Verify, Call::Verify, Call::Hash];
    assert_eq!(hasher.take_calls(), upgrade);
    assert_eq!(
        hash_of(&app, "jo@example.com").await,
        TestHasher::hash_of(COMPOSED)
    );
    for typed in [COMPOSED, DECOMPOSED] {
        assert_eq!(status(&app, "jo@example.com", typed).await, 200);
    }
}

#[tokio::test]
async fn the_preset_takes_passwords_as_they_come() {
    let (app, hasher) = start(Compat::FastApiUsers15).await;
    register(&app.client(), "jo@example.com", DECOMPOSED).await;
    assert_eq!(
        hash_of(&app, "jo@example.com").await,
        TestHasher::hash_of(DECOMPOSED)
    );
    hasher.take_calls();
    assert_eq!(status(&app, "jo@example.com", DECOMPOSED).await, 200);
    assert_eq!(status(&app, "jo@example.com", COMPOSED).await, 400);
    assert_eq!(status(&app, "nobody@example.com", DECOMPOSED).await, 400);
    let calls = [Call::Verify, Call::Verify, Call::VerifyNobody];
    assert_eq!(hasher.take_calls(), calls);
}
