//! Where attempts are counted.

use chrono::{DateTime, Utc};
use users_runtime::{
    async_trait,
    store::{LimitKey, LimitStore, Pass, Quota, StoreError},
};
use users_tests::{Database, PASSWORD};

use super::application::{Server, known_browser};

#[tokio::test]
async fn processes_count_together_and_a_restart_forgets_nothing() {
    let database = Database::new();
    let (one, other) = (
        Server::start(&database).await,
        Server::start(&database).await,
    );
    one.member("jo@example.com").await;
    let mut judged = 0;
    for number in 0..8 {
        let server = if number % 2 == 0 { &one } else { &other };
        let client = server.at("203.0.113.9");
        let answer = client.login("jwt", "jo@example.com", "wrong").await;
        judged += usize::from(answer.status == 400);
    }
    assert_eq!(judged, 5);
    let client = one.at("198.51.100.1");
    let home = client.login("jwt", "jo@example.com", PASSWORD).await;
    let cookie = known_browser(&home).expect("the cookie");
    for _ in 0..5 {
        let client = one.at("203.0.113.8");
        client.login("jwt", "jo@example.com", "wrong").await;
    }
    drop((one, other));
    let again = Server::start(&database).await;
    let client = again.at("203.0.113.8");
    let answer = client.login("jwt", "jo@example.com", PASSWORD).await;
    answer.assert_detail(429, "TOO_MANY_ATTEMPTS");
    let known = client.cookie(&cookie);
    let answer = known.login("jwt", "jo@example.com", PASSWORD).await;
    assert_eq!(answer.status, 200, "{answer:?}");
}

/// A store that cannot be reached.
struct Unreachable;

#[async_trait]
impl LimitStore for Unreachable {
    async fn pass(&self, _: &[(LimitKey, Quota)], _: DateTime<Utc>) -> Result<Pass, StoreError> {
        Err(StoreError::Unavailable("no answer".into()))
    }

    async fn refund(&self, _: &[(LimitKey, Quota)]) -> Result<(), StoreError> {
        Err(StoreError::Unavailable("no answer".into()))
    }

    async fn forget(&self, _: &[LimitKey]) -> Result<(), StoreError> {
        Err(StoreError::Unavailable("no answer".into()))
    }
}

#[tokio::test]
async fn limits_fail_open() {
    let database = Database::new();
    let server = Server::with(&database, |builder| builder.limit_store(Unreachable)).await;
    server.member("jo@example.com").await;
    let client = server.at("203.0.113.9");
    for _ in 0..12 {
        let wrong = client.login("jwt", "jo@example.com", "wrong").await;
        assert_eq!(wrong.status, 400, "{wrong:?}");
    }
    let right = client.login("jwt", "jo@example.com", PASSWORD).await;
    assert_eq!(right.status, 200, "{right:?}");
    for _ in 0..8 {
        assert_eq!(server.forgot(&client, "jo@example.com").await.status, 202);
    }
    assert_eq!(server.letters.all().len(), 8);
}
