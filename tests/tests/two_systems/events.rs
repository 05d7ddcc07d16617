//! Events of both systems are in one list, and go with their user or when they are old.

use std::time::Duration;

use users_runtime::events::EventCursor;
use users_tests::PASSWORD;

use crate::pair::{Member, Pair};

pub(crate) async fn are_stored_listed_and_purged(pair: &Pair) {
    let user = pair.one.user("observed@example.com").await;
    let other = pair.one.user("unobserved@example.com").await;
    // The clock stands, so all of them are at one instant but for the last.
    for system in [&pair.one, &pair.other] {
        system.login("jwt", &user.email).await;
        let failed = system
            .client
            .login("jwt", "none@example.com", PASSWORD)
            .await;
        assert_eq!(failed.status, 400);
    }
    pair.clock.forward(Duration::from_secs(1));
    pair.other.login("session", &user.email).await;
    let whole = portion(pair, &user, 50, None).await.0;
    let names: Vec<_> = whole.iter().map(|(_, name)| name.as_str()).collect();
    let expected = [
        "login.succeeded",
        "login.succeeded",
        "login.succeeded",
        "user.registered",
    ];
    assert_eq!(names, expected);
    for limit in 1..=4 {
        let (mut listed, mut cursor) = (Vec::new(), None);
        loop {
            let (items, next) = portion(pair, &user, limit, cursor).await;
            listed.extend(items);
            cursor = next;
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!(listed, whole, "{limit} at once");
    }

    pair.one.users.delete(&user, None).await.expect("deleted");
    assert!(portion(pair, &user, 50, None).await.0.is_empty());
    assert_eq!(portion(pair, &other, 50, None).await.0.len(), 1);
    pair.clock.forward(Duration::from_hours(90 * 24));
    // Two failed logins of no user and the registration at least; the deletion is as young as it may be.
    assert!(pair.other.users.purge_events().await.expect("purged") >= 3);
    assert!(portion(pair, &other, 50, None).await.0.is_empty());
    pair.clock.forward(Duration::from_secs(1));
    assert_eq!(pair.one.users.purge_events().await.expect("purged"), 1);
}

/// A portion of a user's events, each by id and name, and where the next one begins.
async fn portion(
    pair: &Pair,
    user: &Member,
    limit: u32,
    cursor: Option<EventCursor>,
) -> (Vec<(String, String)>, Option<EventCursor>) {
    let page = pair.other.users.events(user, limit, cursor.as_ref()).await;
    let page = page.expect("a portion");
    let items = page.items.into_iter().map(|event| (event.id, event.name));
    (items.collect(), page.next)
}

/// Many purges at once, at both: each old row is deleted and counted once, and what is stored in the meantime stays.
pub(crate) async fn are_purged_once_by_many(pair: &Pair) {
    let user = pair.one.user("purged@example.com").await;
    let stored = async |number: usize| {
        let system = [&pair.one, &pair.other][number % 2];
        system
            .users
            .authenticate(&user.email, "wrong".into())
            .await
            .expect("an answer");
    };
    // What is there already, and more than one portion.
    pair.one.users.purge_events().await.expect("purged");
    for number in 0..520 {
        stored(number).await;
    }
    pair.clock.forward(Duration::from_hours(90 * 24));
    pair.clock.forward(Duration::from_secs(1));
    let mut purges = tokio::task::JoinSet::new();
    for number in 0..20 {
        let users = [&pair.one, &pair.other][number % 2].users.clone();
        purges.spawn(async move { users.purge_events().await.expect("purged") });
    }
    for number in 0..10 {
        stored(number).await;
    }
    let deleted: u64 = purges.join_all().await.into_iter().sum();
    // A request that stores an event deletes a portion, too.
    assert!((20..=1100).contains(&deleted), "{deleted} were deleted");
    assert_eq!(portion(pair, &user, 50, None).await.0.len(), 10);
    assert_eq!(pair.one.users.purge_events().await.expect("purged"), 0);
}
