//! Tokens of letters that are used many times at once at both systems.

use serde_json::json;
use tokio::task::JoinSet;
use users_tests::PASSWORD;

use crate::strict::{REQUESTS, StrictPair};

/// A verification token verifies once: the others are told so, and there is one event.
pub(crate) async fn verify_once(pair: &StrictPair) {
    let user = pair.unverified("verified@example.com").await;
    let before = pair.told.of("event").len();
    pair.users[0]
        .request_verify(&user, None)
        .await
        .expect("a letter");
    pair.drain().await;
    let token = pair.told.of("verify").pop().expect("a token");
    let answers = pair
        .send_at_once("/auth/verify", &json!({ "token": token }))
        .await;
    let (won, lost): (Vec<_>, Vec<_>) =
        answers.into_iter().partition(|answer| answer.status == 200);
    assert_eq!(won.len(), 1, "{won:?}");
    for answer in lost {
        answer.assert_detail(400, "VERIFY_USER_ALREADY_VERIFIED");
    }
    pair.drain().await;
    let events = pair.told.of("event").split_off(before);
    let count = events
        .iter()
        .filter(|event| *event == "verification.done")
        .count();
    assert_eq!(count, 1, "{events:?}");
}

/// A reset token sets one of the passwords that come at once, and the others open nothing.
pub(crate) async fn reset_once(pair: &StrictPair) {
    let user = pair.user("reset@example.com").await;
    let before = pair.told.of("event").len();
    pair.users[1]
        .forgot_password(&user, None)
        .await
        .expect("a letter");
    pair.drain().await;
    let token = pair.told.of("reset").pop().expect("a token");
    let password = |number: usize| format!("{PASSWORD} {number}");
    let mut requests = JoinSet::new();
    for number in 0..REQUESTS {
        let address = format!("203.0.113.{number}");
        let client = pair.clients[number % 2].header("x-forwarded-for", &address);
        let body = json!({ "token": token, "password": password(number) });
        requests.spawn(async move { (number, client.post("/auth/reset-password", &body).await) });
    }
    let (won, lost): (Vec<_>, Vec<_>) = requests
        .join_all()
        .await
        .into_iter()
        .partition(|(_, answer)| answer.status == 200);
    assert_eq!(won.len(), 1, "{won:?}");
    for (_, answer) in lost {
        answer.assert_detail(400, "RESET_PASSWORD_BAD_TOKEN");
    }
    for number in 0..REQUESTS {
        let given = password(number).as_str().into();
        let found = pair.users[number % 2]
            .authenticate(&user.email, given)
            .await;
        assert_eq!(found.expect("an answer").is_some(), number == won[0].0);
    }
    let old = pair.users[0]
        .authenticate(&user.email, PASSWORD.into())
        .await;
    assert!(old.expect("an answer").is_none());
    pair.drain().await;
    let events = pair.told.of("event").split_off(before);
    let count = events
        .iter()
        .filter(|event| *event == "password_reset.done")
        .count();
    assert_eq!(count, 1, "{events:?}");
}
