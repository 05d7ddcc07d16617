//! Registration that does not tell whether an address is taken.

use serde_json::{Value, json};
use users_runtime::web::Route;
use users_tests::{Answer, App, Call, Event, PASSWORD, TestHasher};

async fn start() -> (App, TestHasher) {
    let hasher = TestHasher::default();
    let used = hasher.clone();
    let app = App::builder()
        .configure(move |builder| builder.password_hasher(used).uniform_registration(true))
        .start()
        .await;
    (app, hasher)
}

async fn register(app: &App, email: &str, password: &str) -> Answer {
    let body = json!({ "email": email, "password": password });
    app.client().post("/auth/register", &body).await
}

/// The events since the last time.
async fn news(app: &App, known: &mut usize) -> Vec<Event> {
    app.users.drain().await;
    let events = app.hooks.events().split_off(*known);
    *known += events.len();
    events
}

/// The token of the only letter among these events.
#[track_caller]
fn token(events: &[Event]) -> String {
    let tokens: Vec<_> = events
        .iter()
        .filter_map(|event| match event {
            Event::RequestedVerify(_, token) => Some(token.clone()),
            _ => None,
        })
        .collect();
    let [token] = tokens.as_slice() else {
        panic!("not one letter: {events:?}")
    };
    token.clone()
}

#[tokio::test]
async fn free_and_taken_addresses_have_the_same_answer_and_the_same_work() {
    let (app, hasher) = start().await;
    let owner = app.user("jo@example.com").await;
    let owner = app
        .set(
            &owner,
            "is_verified",
            users_runtime::value::Value::Bool(true),
        )
        .await;
    let mut known = app.hooks.events().len();
    hasher.take_calls();
    let mut headers = Vec::new();
    for email in ["new@example.com", "jo@example.com", "JO@Example.com"] {
        let answer = register(&app, email, PASSWORD).await;
        answer.assert(202, &Value::Null);
        let mut names: Vec<_> = answer.headers.keys().map(ToString::to_string).collect();
        names.sort();
        headers.push(names);
        assert_eq!(hasher.take_calls(), [Call::Hash], "{email}");
        let events = news(&app, &mut known).await;
        if email == "new@example.com" {
            let user = app.users.find_by_email(email).await.expect("a store");
            let id = user.expect("the new user").id;
            assert_eq!(events[0], Event::Registered(id));
            assert!(matches!(&events[1..], [Event::RequestedVerify(to, _)] if *to == id));
        } else {
            assert_eq!(events, [Event::RegisterTaken(owner.id)], "{email}");
        }
    }
    assert!(
        headers.iter().all(|names| *names == headers[0]),
        "{headers:?}"
    );
    let present = app.users.find(&owner.id).await.expect("a store");
    let hash = present.expect("the owner").hashed_password;
    assert!(hash == owner.hashed_password, "the owner's password stays");
}

#[tokio::test]
async fn what_is_wrong_with_the_body_is_told_for_both() {
    let (app, _) = start().await;
    app.user("jo@example.com").await;
    for email in ["new@example.com", "jo@example.com"] {
        let answer = register(&app, email, "no").await;
        assert_eq!(answer.status, 400, "{answer:?}");
        let detail = &answer.json()["detail"];
        assert_eq!(detail["code"], "REGISTER_INVALID_PASSWORD");
    }
    assert_eq!(register(&app, "no address", PASSWORD).await.status, 422);
    app.users.drain().await;
    let new = app.users.find_by_email("new@example.com").await;
    assert!(new.expect("a store").is_none());
}

#[tokio::test]
async fn of_two_registrations_at_once_one_is_the_users_and_the_other_voids_the_password() {
    let (app, _) = start().await;
    let (one, other) = tokio::join!(
        register(&app, "jo@example.com", PASSWORD),
        register(&app, "jo@example.com", "another password"),
    );
    one.assert(202, &Value::Null);
    other.assert(202, &Value::Null);
    let events = news(&app, &mut 0).await;
    let count = |what: fn(&Event) -> bool| events.iter().filter(|event| what(event)).count();
    assert_eq!(count(|event| matches!(event, Event::Registered(_))), 1);
    assert_eq!(count(|event| matches!(event, Event::ForgotPassword(..))), 1);
}

/// The owner gets the same answer as at a free address, and verifies it with the e-mail that they were sent.
#[tokio::test]
async fn a_password_that_was_registered_before_the_owners_lets_no_client_in() {
    let (app, _) = start().await;
    let mut known = 0;
    register(&app, "jo@example.com", "a stranger's password").await;
    let proof = token(&news(&app, &mut known).await);
    register(&app, "jo@example.com", PASSWORD)
        .await
        .assert(202, &Value::Null);
    let events = news(&app, &mut known).await;
    let [Event::ForgotPassword(_, reset)] = events.as_slice() else {
        panic!("no reset: {events:?}")
    };
    let body = json!({ "token": proof });
    assert_eq!(app.client().post("/auth/verify", &body).await.status, 200);
    for password in ["a stranger's password", PASSWORD] {
        let login = app.client().login("jwt", "jo@example.com", password).await;
        login.assert_detail(400, "LOGIN_BAD_CREDENTIALS");
    }
    let body = json!({ "token": reset, "password": PASSWORD });
    let answer = app.client().post("/auth/reset-password", &body).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let login = app.client().login("jwt", "jo@example.com", PASSWORD).await;
    assert_eq!(login.status, 200);
    // From now on the address is the owner's.
    register(&app, "jo@example.com", "a stranger's password").await;
    let login = app.client().login("jwt", "jo@example.com", PASSWORD).await;
    assert_eq!(login.status, 200);
}

/// The reset verifies the address as well, so the owner needs no other e-mail.
#[tokio::test]
async fn the_owner_of_a_voided_password_verifies_the_address_by_the_reset() {
    let (app, _) = start().await;
    let mut known = 0;
    for password in ["a stranger's password", PASSWORD, "a stranger's password"] {
        register(&app, "jo@example.com", password).await;
        app.users.drain().await;
    }
    let events = news(&app, &mut known).await;
    let resets: Vec<_> = events
        .iter()
        .filter_map(|event| match event {
            Event::ForgotPassword(_, token) => Some(token),
            _ => None,
        })
        .collect();
    assert_eq!(resets.len(), 2, "{events:?}");
    let body = json!({ "token": resets[0], "password": PASSWORD });
    let answer = app.client().post("/auth/reset-password", &body).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let login = app.client().login("jwt", "jo@example.com", PASSWORD).await;
    assert_eq!(login.status, 200);
}

#[tokio::test]
async fn a_registration_with_the_same_password_sends_the_proof_again() {
    let (app, _) = start().await;
    let mut known = 0;
    for _ in 0..2 {
        register(&app, "jo@example.com", PASSWORD).await;
        token(&news(&app, &mut known).await);
    }
    let user = app.users.find_by_email("jo@example.com").await;
    let user = user.expect("a store").expect("the user");
    assert!(user.hashed_password.expose() == TestHasher::hash_of(PASSWORD));
}

#[tokio::test]
async fn a_login_before_the_proof_looks_like_a_wrong_password_and_sends_another_letter() {
    let (app, hasher) = start().await;
    let mut known = 0;
    register(&app, "jo@example.com", PASSWORD).await;
    token(&news(&app, &mut known).await);
    hasher.take_calls();
    let wrong = app.client().login("jwt", "jo@example.com", "wrong").await;
    wrong.assert_detail(400, "LOGIN_BAD_CREDENTIALS");
    assert_eq!(hasher.take_calls(), [Call::Verify]);
    assert_eq!(news(&app, &mut known).await, []);

    let right = app.client().login("jwt", "jo@example.com", PASSWORD).await;
    right.assert_detail(400, "LOGIN_BAD_CREDENTIALS");
    assert_eq!(hasher.take_calls(), [Call::Verify]);
    let body = json!({ "token": token(&news(&app, &mut known).await) });
    assert_eq!(app.client().post("/auth/verify", &body).await.status, 200);
    let right = app.client().login("jwt", "jo@example.com", PASSWORD).await;
    assert_eq!(right.status, 200);
}

/// A registration makes a user of an address, and what was counted for the text must count for the user.
#[tokio::test]
async fn failed_logins_before_a_registration_do_not_reveal_whether_the_address_was_taken() {
    let app = App::builder()
        .configure(|builder| {
            builder
                .password_hasher(TestHasher::default())
                .uniform_registration(true)
                .limit(Route::Login, "2/d/account")
        })
        .start()
        .await;
    app.user("taken@example.com").await;
    for email in ["taken@example.com", "free@example.com"] {
        for _ in 0..2 {
            let wrong = app.client().login("jwt", email, "wrong").await;
            wrong.assert_detail(400, "LOGIN_BAD_CREDENTIALS");
        }
        let answer = register(&app, email, PASSWORD).await;
        answer.assert(202, &Value::Null);
        app.users.drain().await;
        let refused = app.client().login("jwt", email, "wrong").await;
        refused.assert_detail(429, "TOO_MANY_ATTEMPTS");
    }
}

#[tokio::test]
async fn letters_have_a_limit() {
    let app = App::builder()
        .configure(|builder| {
            builder
                .password_hasher(TestHasher::default())
                .uniform_registration(true)
                .limit(Route::RequestVerifyToken, "2/h/account")
        })
        .start()
        .await;
    let mut known = 0;
    for email in ["jo@example.com", "al@example.com"] {
        register(&app, email, PASSWORD).await;
        assert_eq!(news(&app, &mut known).await.len(), 2);
    }
    for sent in [1, 1, 0] {
        register(&app, "jo@example.com", PASSWORD).await;
        assert_eq!(news(&app, &mut known).await.len(), sent);
        let login = app.client().login("jwt", "al@example.com", PASSWORD).await;
        login.assert_detail(400, "LOGIN_BAD_CREDENTIALS");
        assert_eq!(news(&app, &mut known).await.len(), sent);
    }
}

#[tokio::test]
async fn the_document_says_so() {
    let (app, _) = start().await;
    let document = serde_json::to_value(app.users.openapi()).expect("JSON");
    let responses = &document["paths"]["/auth/register"]["post"]["responses"];
    assert!(responses["202"].is_object(), "{responses}");
    assert!(responses["201"].is_null(), "{responses}");
    let text = responses.to_string();
    assert!(text.contains("REGISTER_INVALID_PASSWORD"));
    assert!(!text.contains("REGISTER_USER_ALREADY_EXISTS"));
}
