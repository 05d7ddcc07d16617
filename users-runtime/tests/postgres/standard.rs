//! SQL that every database takes.

use sqlx::AssertSqlSafe;

use crate::support::{Database, Store, User};

/// Runs SQL of the standard, where `ID` stands for the type of the ids.
pub(crate) async fn run(store: &Store<User>, sql: &str) {
    let sql = AssertSqlSafe(sql.replace(" ID ", " UUID "));
    sqlx::raw_sql(sql)
        .execute(store.pool())
        .await
        .expect("valid SQL");
}

/// A store with tables, beside others of other numbers: a database for each would take seconds to make, so each has a schema.
pub(crate) async fn another(database: &Database<User>, number: usize) -> Store<User> {
    run(database, &format!("CREATE SCHEMA case_{number}")).await;
    let url = format!("{}?options[search_path]=case_{number}", database.url);
    let store = Store::connect(&url).await.expect("a database");
    store.migrate().await.expect("tables");
    store
}

/// A store that may only read.
pub(crate) async fn reader(url: &str) -> Store<User> {
    let url = format!("{url}?options[default_transaction_read_only]=on");
    Store::connect(&url).await.expect("a database")
}
