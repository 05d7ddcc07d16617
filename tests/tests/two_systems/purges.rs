//! What has expired is deleted in portions by both systems at once, and nothing else is.

use std::time::Duration;

use tokio::task::JoinSet;
use users_runtime::{
    session::{Login, SESSIONS},
    store::{
        LimitKey, Pass, Quota,
        records::{Condition, Delete, Record},
    },
    value::Field as _,
};
use users_tests::PASSWORD;

use crate::{
    pair::{Member, Pair, System},
    refreshes::{refresh, text},
    strict::{REQUESTS, StrictPair},
};

/// More than two portions of 500, of users who have fewer than 100 sessions each.
const OWNERS: usize = 13;
const EXPIRED: usize = 90;

/// Two of these are longer than a session lasts that is not used, and one is not.
const EIGHT_DAYS: Duration = Duration::from_hours(8 * 24);

/// Deletes the rows of a user, whether they have expired or not, which says how many there are.
static ALL_OF_USER: Delete = Delete {
    table: &SESSIONS,
    of: &[Condition::is("user_id")],
};

async fn rows_of(pair: &Pair, user: &Member) -> u64 {
    let records = pair.one.users.store().records().expect("records");
    let of = Record::new().with("user_id", user.id.to_value());
    records.delete(&ALL_OF_USER, of).await.expect("an answer")
}

fn system(pair: &Pair, number: usize) -> &System {
    [&pair.one, &pair.other][number % 2]
}

/// Beside logins, refreshes and requests: every expired session is deleted, and no other one.
pub(crate) async fn delete_expired_sessions_alone(pair: &Pair) {
    let purge = async |system: &System| {
        let backend = system.users.backend("session").expect("the backend");
        let sessions = backend.strategy().sessions().expect("sessions");
        sessions.purge().await.expect("a purge")
    };
    purge(&pair.one).await;
    let mut owners = Vec::new();
    for number in 0..OWNERS {
        let user = pair.one.user(&format!("expired{number}@example.com")).await;
        let strategy = pair
            .one
            .users
            .backend("session")
            .expect("the backend")
            .strategy();
        for _ in 0..EXPIRED {
            let issued = strategy.issue(&user, &Login::new("password")).await;
            issued.expect("a session");
        }
        owners.push(user);
    }
    pair.clock.forward(EIGHT_DAYS);
    let mut live = Vec::new();
    for number in 0..REQUESTS {
        let user = system(pair, number)
            .user(&format!("live{number}@example.com"))
            .await;
        let login = system(pair, number)
            .client
            .login("api", &user.email, PASSWORD)
            .await;
        let token = system(pair, number).login("session", &user.email).await;
        live.push((user, token, text(&login, "refresh_token")));
    }
    pair.clock.forward(EIGHT_DAYS);
    let (mut purges, mut logins, mut refreshes) = (JoinSet::new(), JoinSet::new(), JoinSet::new());
    for (number, (user, _, refresh_token)) in live.iter().enumerate() {
        let users = system(pair, number).users.clone();
        purges.spawn(async move {
            let backend = users.backend("session").expect("the backend");
            let sessions = backend.strategy().sessions().expect("sessions");
            sessions.purge().await.expect("a purge")
        });
        let client = system(pair, number).client.clone();
        let (email, token) = (user.email.clone(), refresh_token.clone());
        logins.spawn(async move { client.login("session", &email, PASSWORD).await });
        let client = system(pair, number + 1).client.clone();
        refreshes.spawn(async move { refresh(&client, &token).await });
    }
    purges.join_all().await;
    assert_eq!(
        purge(&pair.other).await,
        0,
        "each has deleted what it found"
    );
    for login in logins.join_all().await {
        assert_eq!(pair.me(&text(&login, "access_token")).await, [200, 200]);
    }
    for refreshed in refreshes.join_all().await {
        assert_eq!(pair.me(&text(&refreshed, "access_token")).await, [200, 200]);
    }
    for (user, token, _) in &live {
        assert_eq!(pair.me(token).await, [200, 200]);
        let sessions = pair.one.users.sessions(user).await.expect("a list");
        assert_eq!(sessions.len(), 3, "{sessions:?}");
        assert_eq!(rows_of(pair, user).await, 3);
    }
    for owner in &owners {
        assert_eq!(rows_of(pair, owner).await, 0, "no expired row is left");
    }
}

/// A count that has run out is deleted while it begins anew: exactly as many attempts pass as the quota allows.
pub(crate) async fn of_limits_lose_no_attempt(pair: &StrictPair) {
    let quota = Quota::new(5, Duration::from_mins(1));
    for round in 0..5_u64 {
        let key = LimitKey::new(format!("purged {round}"));
        let begin = chrono::Utc::now();
        let later = begin + chrono::TimeDelta::hours(1);
        let store = pair.users[0].store().limits().expect("limits");
        let counted = [(key.clone(), quota)];
        assert_eq!(
            store.pass(&counted, begin).await.expect("an answer"),
            Pass::Passed
        );
        let (mut attempts, mut purges) = (JoinSet::new(), JoinSet::new());
        for number in 0..REQUESTS {
            let (users, counted) = (pair.users[number % 2].clone(), counted.clone());
            attempts.spawn(async move {
                let store = users.store().limits().expect("limits");
                store.pass(&counted, later).await.expect("an answer")
            });
            let users = pair.users[number % 2].clone();
            purges.spawn(async move {
                let store = users.store().limits().expect("limits");
                store.purge(later, 512).await.expect("an answer")
            });
        }
        let results = attempts.join_all().await.into_iter();
        let passed = results.filter(|result| *result == Pass::Passed);
        assert_eq!(passed.count(), 5);
        purges.join_all().await;
        let store = pair.users[1].store().limits().expect("limits");
        let next = store.pass(&counted, later).await.expect("an answer");
        assert!(matches!(next, Pass::Refused { .. }), "{next:?}");
    }
}
