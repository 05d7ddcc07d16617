//! SQL that every database takes.

use sqlx::{
    AssertSqlSafe,
    sqlite::{SqliteConnectOptions, SqlitePoolOptions},
};

use crate::support::{Database, Store, User, migrated};

/// Runs SQL of the standard, where `ID` stands for the type of the ids.
pub(crate) async fn run(store: &Store<User>, sql: &str) {
    let sql = AssertSqlSafe(sql.replace(" ID ", " CHAR(36) "));
    sqlx::raw_sql(sql)
        .execute(store.pool())
        .await
        .expect("valid SQL");
}

/// A store with tables, beside others of other numbers.
pub(crate) async fn another(_: &Database<User>, _: usize) -> Store<User> {
    migrated().await
}

/// A store that may only read.
pub(crate) async fn reader(url: &str) -> Store<User> {
    let options = SqliteConnectOptions::new()
        .filename(url.trim_start_matches("sqlite://"))
        .read_only(true);
    let pool = SqlitePoolOptions::new().connect_with(options).await;
    Store::new(pool.expect("a pool"))
}
