//! What a store says while its server is away, and that it comes back with it.

use std::{
    fmt::Debug,
    time::{Duration, Instant},
};

use users_runtime::{
    UserModel,
    store::{AccessTokenStore, StoreError, UserStore},
};

use crate::{
    server::Server,
    users::{User, values},
};

/// How long the drivers would wait for a server by themselves.
const DRIVERS_PATIENCE: Duration = Duration::from_secs(30);

/// Everything is unavailable while the server is away, a transaction that was open is over, and the same store goes on afterwards.
pub(crate) async fn goes_and_comes_back<S, E: Debug>(
    server: &Server,
    store: &S,
    committed: impl Future<Output = Result<(), E>>,
) where
    S: UserStore<User> + AccessTokenStore<<User as UserModel>::Id>,
{
    let ada = store
        .insert(values::<User>("ada@example.com"))
        .await
        .expect("a new user");
    let id = ada.account().id;
    // A connection that knows nothing of it yet.
    store.find(id).await.expect("an answer");
    server.stop();
    for _ in 0..2 {
        let begun = Instant::now();
        is_unavailable(store.find_by_email("ada@example.com").await);
        assert!(
            begun.elapsed() < DRIVERS_PATIENCE,
            "a request waits for {:?}",
            begun.elapsed()
        );
    }
    let (inserted, deleted, tokens) = tokio::join!(
        store.insert(values::<User>("bob@example.com")),
        store.delete(id),
        store.delete_tokens_of(id, None),
    );
    is_unavailable(inserted);
    is_unavailable(deleted);
    is_unavailable(tokens);
    committed.await.expect_err("the transaction is gone");

    server.start();
    server.wait().await;
    assert!(store.find(id).await.expect("an answer").is_some());
    store
        .insert(values::<User>("bob@example.com"))
        .await
        .expect("a new user");
    store.delete(id).await.expect("deleted");
}

/// A server that was away while nobody asked is not missed: every connection is tested after a second of idleness.
pub(crate) async fn is_not_missed_by_the_idle(
    server: &Server,
    store: &impl UserStore<User>,
    connections: impl Fn() -> u32,
) {
    let ada = store
        .insert(values::<User>("ada@example.com"))
        .await
        .expect("a new user");
    let id = ada.account().id;
    let (one, two) = tokio::join!(store.find(id), store.find(id));
    assert!(one.is_ok() && two.is_ok());
    server.stop();
    server.start();
    server.wait().await;
    tokio::time::sleep(Duration::from_millis(1100)).await;
    for _ in 0..=connections() {
        assert!(store.find(id).await.expect("an answer").is_some());
    }
}

/// A database that is missing is the application's fault, in these words of the server's; a server that is away is nobody's.
pub(crate) async fn is_told_from_a_missing_database<S: Debug>(
    server: &Server,
    connect: impl AsyncFn(String) -> Result<S, StoreError>,
    says: &str,
) {
    let missing = connect(server.url("missing"))
        .await
        .expect_err("no database");
    assert!(matches!(missing, StoreError::Database(_)), "{missing:?}");
    assert!(format!("{missing:?}").contains(says), "{missing:?}");
    server.stop();
    is_unavailable(connect(server.operator_url()).await);
}

/// Fails unless this could not be answered.
pub(crate) fn is_unavailable<T: Debug>(answer: Result<T, StoreError>) {
    let error = answer.expect_err("the server is away");
    assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}");
}
