//! A server that goes and comes back under a store.

use std::time::Duration;

use sea_orm::{ConnectOptions, ConnectionTrait, Database, TransactionTrait};
use users_runtime::{
    UserModel,
    store::{SeaOrmStore, UserStore},
};

use crate::{
    away::{goes_and_comes_back, is_not_missed_by_the_idle, is_unavailable},
    server::Server,
    support::{User, create_database, values},
};

/// A store on a pool that does not wait for half a minute, as SeaORM's do.
async fn store(server: &Server) -> SeaOrmStore<User> {
    let mut options = ConnectOptions::new(create_database(server).await);
    options.acquire_timeout(Duration::from_secs(5));
    let store =
        SeaOrmStore::new(Database::connect(options).await.expect("a database")).expect("a store");
    store.migrate().await.expect("tables");
    store
}

#[tokio::test]
async fn a_server_that_is_stopped_is_unavailable_and_then_available_again() {
    let server = Server::own().await;
    let store = store(&server).await;
    let open = store.connection().begin().await.expect("a transaction");
    goes_and_comes_back(&server, &store, open.commit()).await;
}

#[tokio::test]
async fn idle_connections_that_broke_are_noticed_before_they_are_used() {
    let server = Server::own().await;
    let store = store(&server).await;
    let pool = store.connection().get_postgres_connection_pool();
    is_not_missed_by_the_idle(&server, &store, || pool.size()).await;
}

#[tokio::test]
async fn a_session_that_an_operator_ends_is_unavailable_and_the_next_is_not() {
    let server = Server::own().await;
    let store = store(&server).await;
    let ada = store
        .insert(values::<User>("ada@example.com"))
        .await
        .expect("a new user");
    let transaction = store.connection().begin().await.expect("a transaction");
    transaction
        .execute_unprepared("LOCK TABLE \"user\"")
        .await
        .expect("a lock");
    let operator = sqlx::PgPool::connect(&server.operator_url())
        .await
        .expect("a pool");
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
    let (found, ()) = tokio::join!(store.find(ada.account().id), ending);
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
