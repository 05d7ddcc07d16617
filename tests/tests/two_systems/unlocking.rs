//! Accounts that failed logins at both systems lock.

use serde_json::json;
use tokio::task::JoinSet;
use users_tests::PASSWORD;

use crate::strict::{REQUESTS, StrictPair};

/// However many guesses are refused at once, one letter goes out; however often its token comes at once, it unlocks once.
pub(crate) async fn has_one_letter_that_unlocks_once(pair: &StrictPair) {
    let user = pair.user("locked@example.com").await;
    for (round, expected) in [(0, 1), (1, 2)] {
        let mut guesses = JoinSet::new();
        for number in 0..REQUESTS {
            let address = format!("192.0.2.{number}");
            let client = pair.clients[number % 2].header("x-forwarded-for", &address);
            let email = user.email.clone();
            guesses.spawn(async move { client.login("jwt", &email, "wrong").await.status });
        }
        let judged = guesses.join_all().await.into_iter();
        assert_eq!(judged.filter(|status| *status == 400).count(), 3);
        pair.drain().await;
        let letters = pair.told.of("unlock");
        assert_eq!(letters.len(), expected, "in round {round}");
        assert_eq!(pair.login(0, &user.email, PASSWORD).await, 429);
        let body = json!({ "token": letters[round] });
        let answers = pair.send_at_once("/auth/unlock", &body).await;
        let (won, lost): (Vec<_>, Vec<_>) =
            answers.into_iter().partition(|answer| answer.status == 200);
        assert_eq!(won.len(), 1, "{won:?}");
        for answer in lost {
            answer.assert_detail(400, "UNLOCK_BAD_TOKEN");
        }
        assert_eq!(pair.login(1, &user.email, PASSWORD).await, 200);
    }
}
