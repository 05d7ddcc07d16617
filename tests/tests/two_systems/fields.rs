//! Fields of one user that both systems set at once.

use std::time::Duration;

use tokio::task::JoinSet;
use users_runtime::clock::Clock as _;

use crate::pair::Pair;

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
                    users.set(&user, crate::pair::Member::PLAN, plan).await
                } else {
                    users.set(&user, crate::pair::Member::VISITS, round).await
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
