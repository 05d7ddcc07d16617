//! Users within transactions of SeaORM.

use sea_orm::{
    ConnectionTrait as _, DatabaseConnection, DbBackend, SqliteTransactionMode, Statement,
    TransactionOptions, TransactionTrait as _,
};
use users_runtime::{SeaOrmStore, Users};

use crate::{
    applications::{Conflicts, FOUND, Owner, TABLES, hold},
    support::connect,
};

async fn organisations(connection: &DatabaseConnection) -> i64 {
    let sql = "SELECT COUNT(*) AS number FROM organisation";
    let count = Statement::from_string(DbBackend::Sqlite, sql);
    let row = connection.query_one_raw(count).await.expect("an answer");
    let row = row.expect("a row");
    row.try_get("", "number").expect("a number")
}

#[tokio::test]
async fn a_user_and_rows_of_the_application_are_stored_both_or_neither() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!(
        "sqlite://{}?mode=rwc",
        folder.path().join("users.db").display()
    );
    let connection = connect(&url, 4).await;
    let store = SeaOrmStore::<Owner>::new(connection.clone()).expect("a store");
    store.migrate().await.expect("tables");
    for sql in TABLES {
        connection.execute_unprepared(sql).await.expect("valid SQL");
    }
    let immediate = || TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    hold(
        store,
        Conflicts::Wait,
        async || {
            let begun = connection.begin_with_options(immediate()).await;
            begun.expect("a server")
        },
        async |transaction| {
            let found = transaction.execute_unprepared(FOUND).await;
            found.expect("a row");
        },
        async || organisations(&connection).await,
    )
    .await;
}

#[tokio::test]
async fn a_transaction_of_another_database_is_refused() {
    let connection = connect("sqlite::memory:", 1).await;
    let store = SeaOrmStore::<Owner>::new(connection).expect("a store");
    let users = Users::<Owner>::builder(store, "a secret of the tests, long enough for HS256");
    let users = users.build().expect("a sound configuration");
    let pool = sqlx::SqlitePool::connect("sqlite::memory:").await;
    let transaction = pool.expect("a database").begin().await.expect("a server");
    let refused = users.within(transaction).err();
    assert!(refused.is_some());
}
