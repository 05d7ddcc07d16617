//! A state of an OAuth login is used once.

use chrono::{DateTime, TimeDelta, Utc};
use tokio::task::JoinSet;
use users_runtime::store::{TICKETS, records::Record};
use users_tests::{Answer, Client};

use crate::pair::{Pair, code};

/// How many requests come at once.
const REQUESTS: usize = 20;

/// A browser on its way.
struct Flow {
    cookie: String,
    callback: String,
}

impl Flow {
    async fn start(client: &Client, code: &str) -> Self {
        let answer = client.get("/auth/github/authorize").await;
        assert_eq!(answer.status, 200, "{answer:?}");
        let body = answer.json();
        let url = body["authorization_url"].as_str().expect("a URL");
        let (_, query) = url.split_once('?').expect("parameters");
        let state = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "state");
        let (_, state) = state.expect("a state");
        Self {
            cookie: answer.cookie().to_owned(),
            callback: format!("/auth/github/callback?code={code}&state={state}"),
        }
    }

    async fn back(&self, client: &Client) -> Answer {
        client.cookie(&self.cookie).get(&self.callback).await
    }
}

/// One after the other: at the system that has made it, and at the other one.
pub(crate) async fn is_used_once_at_both(pair: &Pair) {
    for (number, first, second) in [(1, &pair.one, &pair.other), (2, &pair.other, &pair.one)] {
        let code = code(number, &format!("jo{number}@example.com"));
        let flow = Flow::start(&pair.one.client, &code).await;
        let used = flow.back(&first.client).await;
        assert_eq!(used.status, 200, "{used:?}");
        for system in [second, first] {
            let again = flow.back(&system.client).await;
            again.assert_detail(400, "OAUTH_INVALID_STATE");
        }
    }
}

/// Many at once, at both: one wins.
pub(crate) async fn is_used_once_of_many(pair: &Pair) {
    let code = code(9, "al@example.com");
    let flow = std::sync::Arc::new(Flow::start(&pair.one.client, &code).await);
    let mut requests = JoinSet::new();
    for number in 0..REQUESTS {
        let system = [&pair.one, &pair.other][number % 2];
        let (flow, client) = (flow.clone(), system.client.clone());
        requests.spawn(async move { flow.back(&client).await });
    }
    let (won, lost): (Vec<_>, Vec<_>) = requests
        .join_all()
        .await
        .into_iter()
        .partition(|answer| answer.status == 200);
    assert_eq!(won.len(), 1, "{won:?}");
    for answer in lost {
        answer.assert_detail(400, "OAUTH_INVALID_STATE");
    }
}

/// Logins with a provider delete all that has expired, however much it is, and nothing else.
pub(crate) async fn expired_ones_are_deleted(pair: &Pair) {
    let records = pair.one.users.store().records().expect("records");
    let now = Utc::now();
    for number in 0..1_300 {
        let expires_at: DateTime<Utc> = now + TimeDelta::seconds(number % 2 * 7200 - 3600);
        let record = Record::new()
            .with("id", format!("purged {number}"))
            .with("kind", "test")
            .with("created_at", now)
            .with("expires_at", expires_at);
        records.insert(&TICKETS, record).await.expect("a row");
    }
    // Each process looks once a minute: one of these is the first of its own.
    for number in 0..2 {
        let (system, code) = (
            &pair.one,
            code(200 + number, &format!("purge{number}@example.com")),
        );
        let flow = Flow::start(&system.client, &code).await;
        assert_eq!(flow.back(&system.client).await.status, 200);
    }
    let expired = records.purge(&TICKETS, now, 5_000).await;
    assert_eq!(expired.expect("an answer"), 0, "nothing is left");
    let later = now + TimeDelta::hours(2);
    let others = records.purge(&TICKETS, later, 5_000).await;
    assert!(others.expect("an answer") >= 650, "the others stay");
}
