//! Tokens for a reset and a verification that are used while the user changes, or many times at once.

use std::time::Duration;

use serde_json::json;
use tokio::task::JoinSet;
use users_runtime::{
    Compat,
    value::{Presence, Value},
};
use users_tests::{App, Event, User, UserUpdate};

use crate::{MODES, finished, hash, start, waiting};

#[tokio::test]
async fn a_reset_whose_user_changed_while_it_waited_is_refused() {
    let (app, hasher) = start(Compat::Off).await;
    for change in ["email", "hashed_password", "is_active"] {
        let user = app.user(&format!("{change}@example.com")).await;
        let user = app.set(&user, "is_verified", Value::Bool(true)).await;
        app.users
            .forgot_password(&user, None)
            .await
            .expect("a token");
        let token = last_token(&app).await;
        let client = app.client();
        let request = async move {
            let reset = json!({ "token": token, "password": "a new one" });
            client.post("/auth/reset-password", &reset).await
        };
        let request = waiting(&hasher, request).await;
        let value = match change {
            "email" => Value::Text("other@example.com".into()),
            "is_active" => Value::Bool(false),
            _ => hash("another"),
        };
        app.set(&user, change, value).await;
        finished(&hasher, request)
            .await
            .assert_detail(400, "RESET_PASSWORD_BAD_TOKEN");
    }
}

/// The token of the last letter, which is sent in the background.
async fn last_token(app: &App) -> String {
    loop {
        match app.hooks.events().pop() {
            Some(Event::ForgotPassword(_, token) | Event::RequestedVerify(_, token)) => {
                return token;
            }
            _ => tokio::time::sleep(Duration::from_millis(5)).await,
        }
    }
}

#[tokio::test]
async fn of_many_uses_of_a_verification_token_one_succeeds() {
    for compat in MODES {
        let (app, _) = start(compat).await;
        for round in 0..5 {
            let user = app.user(&format!("jo{round}@example.com")).await;
            app.users
                .request_verify(&user, None)
                .await
                .expect("a token");
            let token = last_token(&app).await;
            let mut requests = JoinSet::new();
            for _ in 0..20 {
                let (client, body) = (app.client(), json!({ "token": token }));
                requests.spawn(async move { client.post("/auth/verify", &body).await });
            }
            let answers = requests.join_all().await;
            let (verified, refused): (Vec<_>, Vec<_>) =
                answers.iter().partition(|answer| answer.status == 200);
            assert_eq!(verified.len(), 1, "{answers:?}");
            for answer in refused {
                answer.assert_detail(400, "VERIFY_USER_ALREADY_VERIFIED");
            }
            let event = Event::Verified(user.id);
            let events = app.hooks.events();
            let told = events.iter().filter(|told| **told == event).count();
            assert_eq!(told, 1, "the hook runs once");
        }
    }
}

/// Updates one user by what was read before the address changed.
async fn update_by_an_old_row(email: &str) -> User {
    let (app, _) = start(Compat::Off).await;
    let user = app.user("jo@example.com").await;
    let read = app.set(&user, "is_verified", Value::Bool(true)).await;
    app.set(&user, "is_verified", Value::Bool(false)).await;
    app.set(&user, "email", Value::Text("eve@example.com".into()))
        .await;
    let update = UserUpdate {
        password: Presence::Absent,
        email: Presence::Present(email.to_owned()),
        is_active: Presence::Absent,
        is_superuser: Presence::Absent,
        is_verified: Presence::Absent,
        first_name: Presence::Absent,
        note: Presence::Absent,
    };
    let updated = app.users.update(&read, update, None, None).await;
    updated.expect("a change")
}

#[tokio::test]
async fn an_address_counts_as_proven_only_where_the_proven_one_is_still_stored() {
    for email in ["JO@example.com", "jo@example.com"] {
        let updated = update_by_an_old_row(email).await;
        assert_eq!(
            (updated.email.as_str(), updated.is_verified),
            (email, false)
        );
    }
}
