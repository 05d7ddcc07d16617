//! The use of a session is written once per interval, by whichever system comes first.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::task::JoinSet;
use users_runtime::store::UserStore;

use crate::{
    counted_uses::CountedUses,
    pair::{Member, Pair},
    strict::REQUESTS,
};

/// The interval is five minutes.
const AN_INTERVAL: Duration = Duration::from_mins(6);

/// Many requests at once at both systems, interval after interval.
pub(crate) async fn are_written_once(one: impl UserStore<Member>, other: impl UserStore<Member>) {
    let written = Arc::default();
    let (one, other) = (
        CountedUses::new(one, &written),
        CountedUses::new(other, &written),
    );
    let pair = Pair::on(one, other).await;
    let user = pair.one.user("often@example.com").await;
    let token = pair.one.login("session", &user.email).await;
    for interval in 1..=3 {
        pair.clock.forward(AN_INTERVAL);
        requests_at_once(&pair, &token).await;
        assert_eq!(AtomicU64::load(&written, Ordering::Relaxed), interval);
    }
}

async fn requests_at_once(pair: &Pair, token: &str) {
    let mut requests = JoinSet::new();
    for number in 0..2 * REQUESTS {
        let system = [&pair.one, &pair.other][number % 2];
        let client = system.client.bearer(token);
        requests.spawn(async move {
            let answer = client.get("/users/me").await;
            assert_eq!(answer.status, 200, "{answer:?}");
        });
    }
    requests.join_all().await;
}
