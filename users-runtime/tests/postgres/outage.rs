//! A server that goes and comes back under a store.

use std::time::Duration;

use users_runtime::{
    UserModel,
    store::{PostgresStore, StoreError, UserStore},
};

use crate::{
    away::{
        goes_and_comes_back, is_not_missed_by_the_idle, is_told_from_a_missing_database,
        is_unavailable,
    },
    server::Server,
    support::{User, create_database, user},
};

async fn store(server: &Server) -> PostgresStore<User> {
    let store = PostgresStore::connect(&create_database(server).await)
        .await
        .expect("a database");
    store.migrate().await.expect("tables");
    store
}

#[tokio::test]
async fn a_server_that_is_stopped_is_unavailable_and_then_available_again() {
    let server = Server::own().await;
    let store = store(&server).await;
    let open = store.pool().begin().await.expect("a transaction");
    goes_and_comes_back(&server, &store, open.commit()).await;
}

#[tokio::test]
async fn idle_connections_that_broke_are_noticed_before_they_are_used() {
    let server = Server::own().await;
    let store = store(&server).await;
    is_not_missed_by_the_idle(&server, &store, || store.pool().size()).await;
}

#[tokio::test]
async fn what_cannot_be_opened_says_whose_fault_it_is() {
    let server = Server::own().await;
    let connect = async |url: String| PostgresStore::<User>::connect(&url).await;
    is_told_from_a_missing_database(&server, connect, "database \\\"missing\\\" does not exist")
        .await;
}

#[tokio::test]
async fn a_session_that_an_operator_ends_is_unavailable_and_the_next_is_not() {
    let server = Server::own().await;
    let store = store(&server).await;
    let ada = user(&store, "ada@example.com").await;
    let mut transaction = store.pool().begin().await.expect("a transaction");
    sqlx::raw_sql("LOCK TABLE \"user\"")
        .execute(&mut *transaction)
        .await
        .expect("a lock");
    // An operator's own connection: within a transaction the list of sessions does not change.
    let operator = sqlx::PgPool::connect(&server.operator_url())
        .await
        .expect("a pool");
    let waiting = store.find(ada.account().id);
    let ending = async {
        let sql =
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event_type = 'Lock'";
        while sqlx::query(sql)
            .fetch_all(&operator)
            .await
            .expect("an answer")
            .is_empty()
        {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    let (found, ()) = tokio::join!(waiting, ending);
    is_unavailable(found);
    transaction.rollback().await.expect("unlocked");
    assert!(
        store
            .find(ada.account().id)
            .await
            .expect("an answer")
            .is_some()
    );
}

#[tokio::test]
async fn a_statement_that_the_server_gives_up_by_a_limit_in_the_url_is_unavailable() {
    let server = Server::own().await;
    let url = create_database(&server).await;
    let parameter = if url.contains('?') { '&' } else { '?' };
    let unlimited = PostgresStore::<User>::connect(&url)
        .await
        .expect("a database");
    unlimited.migrate().await.expect("tables");
    let ada = user(&unlimited, "ada@example.com").await;
    let store =
        PostgresStore::<User>::connect(&format!("{url}{parameter}options[statement_timeout]=3s"))
            .await;
    let store = store.expect("a database");
    let mut locking = store.pool().begin().await.expect("a transaction");
    sqlx::raw_sql("LOCK TABLE \"user\"")
        .execute(&mut *locking)
        .await
        .expect("a lock");
    let found = store.find(ada.account().id).await;
    assert!(
        matches!(found, Err(StoreError::Unavailable(_))),
        "{found:?}"
    );
    assert!(format!("{found:?}").contains("57014"), "{found:?}");
    locking.rollback().await.expect("unlocked");
    assert!(
        store
            .find(ada.account().id)
            .await
            .expect("an answer")
            .is_some()
    );
}
