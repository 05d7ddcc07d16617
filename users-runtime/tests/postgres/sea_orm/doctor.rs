//! Examining a live database.

use sea_orm::ConnectionTrait;
use users_runtime::store::{Administration as _, SeaOrmStore};

use super::connect;
use crate::{
    cases::{self, cases, healthy, is_answered},
    support::{Database, User, empty},
};

async fn run(store: &SeaOrmStore<User>, sql: &str) {
    store
        .connection()
        .execute_unprepared(&sql.replace(" ID ", " UUID "))
        .await
        .expect("valid SQL");
}

/// A store in a schema of its own, with tables and users with whom nothing is wrong.
async fn in_schema(database: &Database<User>, name: &str) -> SeaOrmStore<User> {
    let connection = connect(&format!("{}?options[search_path]={name}", database.url)).await;
    connection
        .execute_unprepared(&format!("CREATE SCHEMA {name}"))
        .await
        .expect("a schema");
    let store = SeaOrmStore::<User>::new(connection).expect("a store");
    store.migrate().await.expect("tables");
    run(&store, &healthy()).await;
    store
}

#[tokio::test]
async fn every_problem_is_found_and_nothing_else() {
    let database = empty::<User>().await;
    let healthy = in_schema(&database, "healthy").await;
    assert_eq!(healthy.doctor().await.expect("an answer"), []);
    for (number, case) in cases().into_iter().enumerate() {
        let store = in_schema(&database, &format!("case_{number}")).await;
        run(&store, &case.sql).await;
        let findings = store.examine(&case.expected()).await;
        case.judge(&findings.expect("an answer"));
    }
}

#[tokio::test]
async fn a_connection_that_may_only_read_is_enough() {
    let database = empty::<User>().await;
    let store = in_schema(&database, "healthy").await;
    run(&store, &cases::user(1, "ada@example.com", "hash")).await;
    let url = format!(
        "{}?options[search_path]=healthy&options[default_transaction_read_only]=on",
        database.url
    );
    let reader = SeaOrmStore::<User>::new(connect(&url).await).expect("a store");
    reader
        .connection()
        .execute_unprepared("DELETE FROM \"user\"")
        .await
        .expect_err("it may write");
    is_answered::<User>(&reader).await;
}
