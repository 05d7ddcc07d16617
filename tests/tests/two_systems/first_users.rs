//! Registrations of one address, at once at both systems, that answer alike.

use serde_json::{Value as Json, json};
use tokio::task::JoinSet;
use users_tests::PASSWORD;

use crate::strict::{REQUESTS, StrictPair};

/// There is one user, with what `before_register` gave them; every letter proves the address, and all but the first are within the limit.
pub(crate) async fn of_one_address_are_one_user(pair: &StrictPair) {
    let body = json!({ "email": "first@example.com", "password": PASSWORD });
    let answers = pair.send_at_once("/auth/register", &body).await;
    assert_eq!(answers.len(), REQUESTS);
    for answer in &answers {
        answer.assert(202, &Json::Null);
    }
    pair.drain().await;
    let events = pair.told.of("event");
    let count = |name: &str| events.iter().filter(|event| *event == name).count();
    assert_eq!(count("user.registered"), 1, "{events:?}");
    // The default limit of letters to an account.
    assert_eq!(count("verification.requested"), 1 + 5, "{events:?}");
    assert_eq!(count("password.voided"), 0, "{events:?}");
    let letters = pair.told.of("verify");
    assert_eq!(letters.len(), 1 + 5);
    assert!(pair.told.of("taken").is_empty());
    let user = pair.users[0].find_by_email("first@example.com").await;
    let user = user.expect("an answer").expect("the user");
    assert_eq!((&*user.role, user.is_superuser), ("owner", true));
    pair.verify(&letters[0]).await;
    assert_eq!(pair.login(0, "first@example.com", PASSWORD).await, 200);
}

/// No registration is known to be the owner's: the password is voided once, and none of them lets a client in, when the address is
/// verified.
pub(crate) async fn with_other_passwords_void_the_password(pair: &StrictPair) {
    let email = "many@example.com";
    let password = |number: usize| format!("{PASSWORD} {number}");
    let before = pair.told.of("event").len();
    let mut requests = JoinSet::new();
    for number in 0..REQUESTS {
        let address = format!("203.0.113.{}", 100 + number);
        let client = pair.clients[number % 2].header("x-forwarded-for", &address);
        let body = json!({ "email": email, "password": password(number) });
        requests.spawn(async move { client.post("/auth/register", &body).await });
    }
    for answer in requests.join_all().await {
        answer.assert(202, &Json::Null);
    }
    pair.drain().await;
    let events = pair.told.of("event").split_off(before);
    let count = |name: &str| events.iter().filter(|event| *event == name).count();
    assert_eq!(count("user.registered"), 1, "{events:?}");
    assert_eq!(count("password.voided"), 1, "{events:?}");
    assert_eq!(count("password_reset.requested"), 5, "{events:?}");
    let letters = pair.told.of("verify");
    pair.verify(letters.last().expect("the first user's letter"))
        .await;
    let user = pair.users[1].find_by_email(email).await;
    let user = user.expect("an answer").expect("the user");
    assert!(user.is_verified);
    for number in 0..REQUESTS {
        let password = password(number).as_str().into();
        let found = pair.users[number % 2].authenticate(email, password).await;
        assert!(found.expect("an answer").is_none(), "{number}");
    }
}
