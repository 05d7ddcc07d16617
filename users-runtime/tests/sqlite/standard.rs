//! SQL that every database takes.

use sqlx::AssertSqlSafe;

use crate::support::{Store, User};

/// Runs SQL of the standard, where `ID` stands for the type of the ids.
pub(crate) async fn run(store: &Store<User>, sql: &str) {
    let sql = AssertSqlSafe(sql.replace(" ID ", " CHAR(36) "));
    sqlx::raw_sql(sql)
        .execute(store.pool())
        .await
        .expect("valid SQL");
}
