//! A server that goes and comes back under a store.

use std::time::{Duration, Instant};

use users_runtime::{
    UserModel,
    store::{PostgresStore, StoreError, UserStore},
};

use crate::{
    server::Server,
    support::{User, create_database, user, values},
};

async fn store(server: &Server) -> PostgresStore<User> {
    let store = PostgresStore::connect(&create_database(server).await).await.expect("a database");
    store.migrate().await.expect("tables");
    store
}

#[tokio::test]
async fn a_server_that_is_stopped_is_unavailable_and_then_available_again() {
    let server = Server::own().await;
    let store = store(&server).await;
    let ada = user(&store, "ada@example.com").await;
    // A transaction that is open when the server goes, and a connection that knows nothing of it yet.
    let open = store.pool().begin().await.expect("a transaction");
    store.find(ada.account().id).await.expect("an answer");
    server.stop();
    for _ in 0..2 {
        let begun = Instant::now();
        assert!(matches!(store.find_by_email("ada@example.com").await, Err(StoreError::Unavailable(_))));
        assert!(begun.elapsed().as_secs() < 8, "a request waits for {:?}", begun.elapsed());
    }
    assert!(matches!(store.insert(values::<User>("bob@example.com")).await, Err(StoreError::Unavailable(_))));
    assert!(matches!(store.delete(ada.account().id).await, Err(StoreError::Unavailable(_))));
    assert!(open.commit().await.is_err());

    server.start();
    server.wait().await;
    assert!(store.find(ada.account().id).await.expect("an answer").is_some());
    user(&store, "bob@example.com").await;
    store.delete(ada.account().id).await.expect("deleted");
}

#[tokio::test]
async fn idle_connections_that_broke_are_noticed_before_they_are_used() {
    let server = Server::own().await;
    let store = store(&server).await;
    let ada = user(&store, "ada@example.com").await;
    let (one, two) = tokio::join!(store.find(ada.account().id), store.find(ada.account().id));
    assert!(one.is_ok() && two.is_ok());
    server.stop();
    server.start();
    server.wait().await;
    tokio::time::sleep(Duration::from_millis(1100)).await;
    for _ in 0..=store.pool().size() {
        assert!(store.find(ada.account().id).await.expect("an answer").is_some());
    }
}

#[tokio::test]
async fn what_cannot_be_opened_says_whose_fault_it_is() {
    let server = Server::own().await;
    let missing = PostgresStore::<User>::connect(&server.url("missing")).await.expect_err("no database");
    assert!(matches!(missing, StoreError::Database(_)), "{missing:?}");
    assert!(format!("{missing:?}").contains("database \\\"missing\\\" does not exist"), "{missing:?}");
    let url = server.operator_url();
    server.stop();
    let away = PostgresStore::<User>::connect(&url).await.expect_err("no server");
    assert!(matches!(away, StoreError::Unavailable(_)), "{away:?}");
}

#[tokio::test]
async fn a_session_that_an_operator_ends_is_unavailable_and_the_next_is_not() {
    let server = Server::own().await;
    let store = store(&server).await;
    let ada = user(&store, "ada@example.com").await;
    let mut transaction = store.pool().begin().await.expect("a transaction");
    sqlx::raw_sql("LOCK TABLE \"user\"").execute(&mut *transaction).await.expect("a lock");
    // An operator's own connection: within a transaction the list of sessions does not change.
    let operator = sqlx::PgPool::connect(&server.operator_url()).await.expect("a pool");
    let waiting = store.find(ada.account().id);
    let ending = async {
        let sql = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event_type = 'Lock'";
        while sqlx::query(sql).fetch_all(&operator).await.expect("an answer").is_empty() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    let (found, ()) = tokio::join!(waiting, ending);
    assert!(matches!(found, Err(StoreError::Unavailable(_))));
    transaction.rollback().await.expect("unlocked");
    assert!(store.find(ada.account().id).await.expect("an answer").is_some());
}

#[tokio::test]
async fn a_statement_that_the_server_gives_up_by_a_limit_in_the_url_is_unavailable() {
    let server = Server::own().await;
    let url = create_database(&server).await;
    let parameter = if url.contains('?') { '&' } else { '?' };
    let store = PostgresStore::<User>::connect(&format!("{url}{parameter}options[statement_timeout]=300ms")).await;
    let store = store.expect("a database");
    store.migrate().await.expect("tables");
    let ada = user(&store, "ada@example.com").await;
    let mut locking = store.pool().begin().await.expect("a transaction");
    sqlx::raw_sql("LOCK TABLE \"user\"").execute(&mut *locking).await.expect("a lock");
    let found = store.find(ada.account().id).await;
    assert!(matches!(found, Err(StoreError::Unavailable(_))), "{found:?}");
    assert!(format!("{found:?}").contains("57014"), "{found:?}");
    locking.rollback().await.expect("unlocked");
    assert!(store.find(ada.account().id).await.expect("an answer").is_some());
}
