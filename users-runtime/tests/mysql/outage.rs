//! A server that goes and comes back under a store.

use std::time::{Duration, Instant};

use sqlx::mysql::MySqlPoolOptions;
use users_runtime::{
    UserModel,
    store::{MySqlStore, StoreError, UserStore},
};

use crate::{
    server::Server,
    support::{User, create_database, user, values},
};

async fn store(server: &Server) -> MySqlStore<User> {
    let store = MySqlStore::connect(&create_database(server).await).await.expect("a database");
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
    let missing = MySqlStore::<User>::connect(&server.url("missing")).await.expect_err("no database");
    assert!(matches!(missing, StoreError::Database(_)), "{missing:?}");
    assert!(format!("{missing:?}").contains("Unknown database 'missing'"), "{missing:?}");
    let url = server.operator_url();
    server.stop();
    let away = MySqlStore::<User>::connect(&url).await.expect_err("no server");
    assert!(matches!(away, StoreError::Unavailable(_)), "{away:?}");
}

#[tokio::test]
async fn a_session_that_an_operator_ends_is_unavailable_and_the_next_is_not() {
    let server = Server::own().await;
    let store = store(&server).await;
    let ada = user(&store, "ada@example.com").await;
    let mut locking = store.pool().acquire().await.expect("a connection");
    sqlx::raw_sql("LOCK TABLES user WRITE").execute(&mut *locking).await.expect("a lock");
    let operator = sqlx::MySqlPool::connect(&server.operator_url()).await.expect("a pool");
    let ending = async {
        let waiting = "SELECT CAST(id AS SIGNED) FROM information_schema.processlist WHERE state LIKE '%metadata lock%'";
        loop {
            let ids = sqlx::query_scalar::<_, i64>(waiting).fetch_all(&operator).await.expect("an answer");
            for id in &ids {
                let kill = sqlx::AssertSqlSafe(format!("KILL {id}"));
                sqlx::raw_sql(kill).execute(&operator).await.expect("a session that ends");
            }
            if !ids.is_empty() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    let (found, ()) = tokio::join!(store.find(ada.account().id), ending);
    assert!(matches!(found, Err(StoreError::Unavailable(_))), "{found:?}");
    sqlx::raw_sql("UNLOCK TABLES").execute(&mut *locking).await.expect("unlocked");
    assert!(store.find(ada.account().id).await.expect("an answer").is_some());
}

#[tokio::test]
async fn a_statement_that_the_server_gives_up_by_a_limit_of_the_session_is_unavailable() {
    let server = Server::own().await;
    let url = create_database(&server).await;
    MySqlStore::<User>::connect(&url).await.expect("a database").migrate().await.expect("tables");
    // A pool of the application's own, whose mode is strict as well. MySQL has `max_execution_time` for this.
    let limited = "SET SESSION sql_mode = CONCAT(@@SESSION.sql_mode, ',STRICT_TRANS_TABLES'), max_statement_time = 0.3";
    let pool = MySqlPoolOptions::new()
        .after_connect(move |connection, _| Box::pin(async move { sqlx::raw_sql(limited).execute(connection).await.map(drop) }));
    let store = MySqlStore::<User>::new(pool.connect(&url).await.expect("a pool"));
    let ada = user(&store, "ada@example.com").await;
    let mut locking = store.pool().acquire().await.expect("a connection");
    sqlx::raw_sql("LOCK TABLES user WRITE").execute(&mut *locking).await.expect("a lock");
    let found = store.find(ada.account().id).await;
    assert!(matches!(found, Err(StoreError::Unavailable(_))), "{found:?}");
    assert!(format!("{found:?}").contains("1969"), "{found:?}");
    sqlx::raw_sql("UNLOCK TABLES").execute(&mut *locking).await.expect("unlocked");
    assert!(store.find(ada.account().id).await.expect("an answer").is_some());
}
