//! Fields of one user that both systems set at once.

use std::time::Duration;

use serde_json::json;
use tokio::task::JoinSet;
use users_runtime::{clock::Clock as _, value::Presence};

use crate::pair::{Member, MemberUpdate, Pair};

/// How many fields are set at once.
const TIMES: usize = 20;

/// Each of the fields has what was set, and the instant is that of the last change.
pub(crate) async fn that_are_set_at_once_all_survive(pair: &Pair) {
    let user = pair.one.user("fields@example.com").await;
    for round in 1..=3_i64 {
        pair.clock.forward(Duration::from_secs(1));
        let mut changes = JoinSet::new();
        for number in 0..TIMES {
            let users = [&pair.one, &pair.other][number % 2].users.clone();
            let user = user.clone();
            changes.spawn(async move {
                if number % 4 < 2 {
                    let plan = format!("plan {round}");
                    users.set(&user, Member::PLAN, plan).await
                } else {
                    users.set(&user, Member::VISITS, round).await
                }
            });
        }
        for changed in changes.join_all().await {
            changed.expect("a change");
        }
        let stored = pair.other.users.find(&user.id).await.expect("an answer");
        let stored = stored.expect("the user");
        assert_eq!(
            (&*stored.plan, stored.visits),
            (&*format!("plan {round}"), round)
        );
        let changed_at = stored.changed_at.expect("an instant");
        assert_eq!(
            changed_at.timestamp_millis(),
            pair.clock.now().timestamp_millis()
        );
    }
}

/// Fields that the application sets, that the user changes with `PATCH`, and that an administrator changes, each at once at both: none
/// is lost, and the instant is that of the last change.
pub(crate) async fn that_are_changed_in_many_ways_all_survive(pair: &Pair) {
    let user = pair.one.user("ways@example.com").await;
    let token = pair.one.login("session", &user.email).await;
    for round in 1..=3_i64 {
        pair.clock.forward(Duration::from_secs(1));
        let mut changes = JoinSet::new();
        for number in 0..TIMES {
            let system = [&pair.one, &pair.other][number % 2];
            let (users, client) = (system.users.clone(), system.client.bearer(&token));
            let user = user.clone();
            changes.spawn(async move {
                match number / 2 % 4 {
                    0 => {
                        let set = users.set(&user, Member::PLAN, format!("plan {round}"));
                        set.await.expect("a change");
                    }
                    1 => {
                        let set = users.set(&user, Member::VISITS, round);
                        set.await.expect("a change");
                    }
                    2 => {
                        let body = json!({ "name": format!("name {round}") });
                        let answer = client.json("PATCH", "/users/me", &body).await;
                        assert_eq!(answer.status, 200, "{answer:?}");
                    }
                    _ => {
                        let update = MemberUpdate {
                            is_verified: Presence::Present(round % 2 == 1),
                            ..MemberUpdate::default()
                        };
                        let updated = users.update(&user, update, None, None).await;
                        updated.expect("a change");
                    }
                }
            });
        }
        changes.join_all().await;
        let stored = pair.other.users.find(&user.id).await.expect("an answer");
        let stored = stored.expect("the user");
        assert_eq!(
            (
                &*stored.plan,
                stored.visits,
                stored.name.as_deref(),
                stored.is_verified
            ),
            (
                &*format!("plan {round}"),
                round,
                Some(&*format!("name {round}")),
                round % 2 == 1
            )
        );
        let changed_at = stored.changed_at.expect("an instant");
        assert_eq!(
            changed_at.timestamp_millis(),
            pair.clock.now().timestamp_millis()
        );
        assert_eq!(pair.me(&token).await, [200, 200]);
    }
}
