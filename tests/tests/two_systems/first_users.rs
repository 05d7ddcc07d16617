//! Registrations of one address, at once at both systems, that answer alike.

use serde_json::{Value as Json, json};
use users_tests::PASSWORD;

use crate::strict::{REQUESTS, StrictPair};

/// There is one user, with what `before_register` gave them; one letter proves the address, and the others are within the limit.
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
    assert_eq!(count("verification.requested"), 1, "{events:?}");
    let letters = pair.told.of("verify");
    assert_eq!(letters.len(), 1);
    // The default limit of letters to an account.
    assert_eq!(pair.told.of("taken"), ["first@example.com"; 5]);
    let user = pair.users[0].find_by_email("first@example.com").await;
    let user = user.expect("an answer").expect("the user");
    assert_eq!((&*user.role, user.is_superuser), ("owner", true));
    pair.verify(&letters[0]).await;
    assert_eq!(pair.login(0, "first@example.com", PASSWORD).await, 200);
}
