//! Hashes that logins replace by ones with a new pepper.

use serde_json::json;
use tokio::task::JoinSet;
use users_tests::PASSWORD;

use crate::strict::{REQUESTS, Strict, StrictPair};

const NEW: &str = "another horse battery";

async fn hash(pair: &StrictPair, user: &Strict) -> String {
    let user = pair.users[0].find(&user.id).await.expect("an answer");
    user.expect("the user").hashed_password.expose().to_owned()
}

/// Logins that replace the hash at one system do not undo a password that is set at the other in the meantime.
pub(crate) async fn beside_a_new_password_keep_it(pair: &StrictPair) {
    for round in 0..5 {
        let user = pair.user(&format!("rotated{round}@example.com")).await;
        assert!(hash(pair, &user).await.starts_with("$pepper$1:"));
        let mut logins = JoinSet::new();
        for number in 0..REQUESTS {
            let (users, email) = (pair.users[number % 2].clone(), user.email.clone());
            logins.spawn(async move {
                let found = users.authenticate(&email, PASSWORD.into()).await;
                found.expect("an answer").is_some()
            });
        }
        let update = serde_json::from_value(json!({ "password": NEW })).expect("a change");
        let changed = pair.users[round % 2]
            .update(&user, update, None, None)
            .await;
        changed.expect("a new password");
        logins.join_all().await;
        for users in &pair.users {
            for (password, is_right) in [(PASSWORD, false), (NEW, true)] {
                let found = users.authenticate(&user.email, password.into()).await;
                assert_eq!(found.expect("an answer").is_some(), is_right);
            }
        }
        assert!(hash(pair, &user).await.starts_with("$pepper$2:"));
    }
}
