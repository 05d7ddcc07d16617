//! SQL that every database takes.

use sqlx::{AssertSqlSafe, Connection as _, MySqlConnection, mysql::MySqlPoolOptions};

use crate::support::{Database, Store, User, migrated};

/// Runs SQL of the standard: names stand between double quotes, and an index is found by its name alone.
pub(crate) async fn run(store: &Database<User>, sql: &str) {
    let mut sql = sql.replace(" ID ", " CHAR(36) ");
    for (index, table) in [
        ("ix_user_email_lower", "\"user\""),
        ("uq_oauth_account_account", "oauth_account"),
    ] {
        sql = sql.replace(
            &format!("DROP INDEX {index}"),
            &format!("DROP INDEX {index} ON {table}"),
        );
    }
    let mut connection = MySqlConnection::connect(&store.url)
        .await
        .expect("a connection");
    let quotes = "SET SESSION sql_mode = CONCAT(@@SESSION.sql_mode, ',ANSI_QUOTES')";
    sqlx::raw_sql(quotes)
        .execute(&mut connection)
        .await
        .expect("a mode");
    sqlx::raw_sql(AssertSqlSafe(sql))
        .execute(&mut connection)
        .await
        .expect("valid SQL");
    connection
        .close()
        .await
        .expect("a connection that is closed");
}

/// A store with tables, beside others of other numbers.
pub(crate) async fn another(_: &Database<User>, _: usize) -> Database<User> {
    migrated().await
}

/// A store that may only read.
pub(crate) async fn reader(url: &str) -> Store<User> {
    let pool = MySqlPoolOptions::new().after_connect(|connection, _| {
        Box::pin(async move {
            sqlx::raw_sql("SET SESSION TRANSACTION READ ONLY")
                .execute(connection)
                .await
                .map(drop)
        })
    });
    Store::new(pool.connect(url).await.expect("a database"))
}
