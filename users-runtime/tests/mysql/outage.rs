//! A server that goes and comes back under a store.

use std::time::Duration;

use sqlx::mysql::MySqlPoolOptions;
use users_runtime::{
    UserModel,
    store::{MySqlStore, StoreError, UserStore},
};

use crate::{
    away::{
        goes_and_comes_back, is_not_missed_by_the_idle, is_told_from_a_missing_database,
        is_unavailable,
    },
    server::Server,
    support::{User, create_database, user},
};

async fn store(server: &Server) -> MySqlStore<User> {
    let store = MySqlStore::connect(&create_database(server).await)
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
    let connect = async |url: String| MySqlStore::<User>::connect(&url).await;
    is_told_from_a_missing_database(&server, connect, "Unknown database 'missing'").await;
}

#[tokio::test]
async fn a_session_that_an_operator_ends_is_unavailable_and_the_next_is_not() {
    let server = Server::own().await;
    let store = store(&server).await;
    let ada = user(&store, "ada@example.com").await;
    let mut locking = store.pool().acquire().await.expect("a connection");
    sqlx::raw_sql("LOCK TABLES user WRITE")
        .execute(&mut *locking)
        .await
        .expect("a lock");
    let operator = sqlx::MySqlPool::connect(&server.operator_url())
        .await
        .expect("a pool");
    let ending = async {
        let waiting = "SELECT CAST(id AS SIGNED) FROM information_schema.processlist WHERE state LIKE '%metadata lock%'";
        loop {
            let ids = sqlx::query_scalar::<_, i64>(waiting)
                .fetch_all(&operator)
                .await
                .expect("an answer");
            for id in &ids {
                let kill = sqlx::AssertSqlSafe(format!("KILL {id}"));
                sqlx::raw_sql(kill)
                    .execute(&operator)
                    .await
                    .expect("a session that ends");
            }
            if !ids.is_empty() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    let (found, ()) = tokio::join!(store.find(ada.account().id), ending);
    is_unavailable(found);
    sqlx::raw_sql("UNLOCK TABLES")
        .execute(&mut *locking)
        .await
        .expect("unlocked");
    assert!(
        store
            .find(ada.account().id)
            .await
            .expect("an answer")
            .is_some()
    );
}

#[tokio::test]
async fn a_statement_that_the_server_gives_up_by_a_limit_of_the_session_is_unavailable() {
    let server = Server::own().await;
    let url = create_database(&server).await;
    MySqlStore::<User>::connect(&url)
        .await
        .expect("a database")
        .migrate()
        .await
        .expect("tables");
    // A pool of the application's own, whose mode is strict as well. MySQL has `max_execution_time` for this.
    let limited = "SET SESSION sql_mode = CONCAT(@@SESSION.sql_mode, ',STRICT_TRANS_TABLES'), max_statement_time = 3";
    let pool = MySqlPoolOptions::new().after_connect(move |connection, _| {
        Box::pin(async move { sqlx::raw_sql(limited).execute(connection).await.map(drop) })
    });
    let store = MySqlStore::<User>::new(pool.connect(&url).await.expect("a pool"));
    let ada = user(&store, "ada@example.com").await;
    let mut locking = store.pool().acquire().await.expect("a connection");
    sqlx::raw_sql("LOCK TABLES user WRITE")
        .execute(&mut *locking)
        .await
        .expect("a lock");
    let found = store.find(ada.account().id).await;
    assert!(
        matches!(found, Err(StoreError::Unavailable(_))),
        "{found:?}"
    );
    assert!(format!("{found:?}").contains("1969"), "{found:?}");
    sqlx::raw_sql("UNLOCK TABLES")
        .execute(&mut *locking)
        .await
        .expect("unlocked");
    assert!(
        store
            .find(ada.account().id)
            .await
            .expect("an answer")
            .is_some()
    );
}
