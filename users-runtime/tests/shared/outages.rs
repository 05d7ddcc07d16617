//! A server that goes and comes back under a store.

use std::time::Duration;

use users_runtime::{
    UserModel as _,
    store::{StoreError, UserStore as _},
};

use crate::{
    away::{
        goes_and_comes_back, is_not_missed_by_the_idle, is_told_from_a_missing_database,
        is_unavailable,
    },
    server::Server,
    sessions::{GIVEN_UP, LOCK, MISSING_DATABASE, Operator, UNLOCK, ended_those_who_wait, limited},
    support::{Connection, Store, User, create_database, user},
};

/// A store on a server that no other test uses.
async fn store(server: &Server) -> Store<User> {
    let store = Store::connect(&create_database(server).await)
        .await
        .expect("a database");
    store.migrate().await.expect("tables");
    store
}

async fn execute(connection: &mut Connection, sql: &'static str) {
    sqlx::raw_sql(sql)
        .execute(connection)
        .await
        .expect("valid SQL");
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
    let connect = async |url: String| Store::<User>::connect(&url).await;
    is_told_from_a_missing_database(&server, connect, MISSING_DATABASE).await;
}

#[tokio::test]
async fn a_session_that_an_operator_ends_is_unavailable_and_the_next_is_not() {
    let server = Server::own().await;
    let store = store(&server).await;
    let ada = user(&store, "ada@example.com").await;
    let id = ada.account().id;
    let mut locking = store.pool().acquire().await.expect("a connection");
    execute(&mut locking, LOCK).await;
    // An operator's own connection: within a transaction the list of sessions may not change.
    let operator = Operator::connect(&server.operator_url())
        .await
        .expect("a pool");
    let ending = async {
        while !ended_those_who_wait(&operator).await {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    let (found, ()) = tokio::join!(store.find(id), ending);
    is_unavailable(found);
    execute(&mut locking, UNLOCK).await;
    assert!(store.find(id).await.expect("an answer").is_some());
}

#[tokio::test]
async fn a_statement_that_the_server_gives_up_by_a_limit_is_unavailable() {
    let server = Server::own().await;
    let url = create_database(&server).await;
    let unlimited = Store::<User>::connect(&url).await.expect("a database");
    unlimited.migrate().await.expect("tables");
    let store = limited(&url).await;
    let ada = user(&store, "ada@example.com").await;
    let id = ada.account().id;
    let mut locking = store.pool().acquire().await.expect("a connection");
    execute(&mut locking, LOCK).await;
    let found = store.find(id).await;
    assert!(
        matches!(found, Err(StoreError::Unavailable(_))),
        "{found:?}"
    );
    assert!(format!("{found:?}").contains(GIVEN_UP), "{found:?}");
    execute(&mut locking, UNLOCK).await;
    assert!(store.find(id).await.expect("an answer").is_some());
}
