//! Sessions of MariaDB that wait for a lock, that are ended, and that have a limit.

pub(crate) use sqlx::MySqlPool as Operator;
use sqlx::mysql::MySqlPoolOptions;

use crate::support::{Store, User};

/// What takes the users' table from all other sessions, and gives it back.
pub(crate) const LOCK: &str = "LOCK TABLES user WRITE";
pub(crate) const UNLOCK: &str = "UNLOCK TABLES";

/// What the server says of a database that is missing, and of a statement that it has given up.
pub(crate) const MISSING_DATABASE: &str = "Unknown database 'missing'";
pub(crate) const GIVEN_UP: &str = "1969";

/// Ends the sessions that wait for a lock, and tells whether there were any.
pub(crate) async fn ended_those_who_wait(operator: &Operator) -> bool {
    let waiting = "SELECT CAST(id AS SIGNED) FROM information_schema.processlist WHERE state LIKE '%metadata lock%'";
    let ids = sqlx::query_scalar::<_, i64>(waiting)
        .fetch_all(operator)
        .await
        .expect("an answer");
    for id in &ids {
        let kill = sqlx::AssertSqlSafe(format!("KILL {id}"));
        sqlx::raw_sql(kill)
            .execute(operator)
            .await
            .expect("a session that ends");
    }
    !ids.is_empty()
}

/// A store whose statements the server gives up after three seconds: on a pool of the application's own, whose mode is strict as
/// well. MySQL has `max_execution_time` for this.
pub(crate) async fn limited(url: &str) -> Store<User> {
    let limit = "SET SESSION sql_mode = CONCAT(@@SESSION.sql_mode, ',STRICT_TRANS_TABLES'), max_statement_time = 3";
    let pool = MySqlPoolOptions::new().after_connect(move |connection, _| {
        Box::pin(async move { sqlx::raw_sql(limit).execute(connection).await.map(drop) })
    });
    Store::new(pool.connect(url).await.expect("a pool"))
}

/// What locks every user, and what keeps a session from waiting long for them.
pub(crate) const LOCK_ROWS: &str = "SELECT * FROM user FOR UPDATE";
pub(crate) const IMPATIENT: [&str; 2] = [
    "SET innodb_lock_wait_timeout = 1",
    "SET max_statement_time = 0.2",
];

/// What makes a patient session one that may only read, as on a standby, and one that may write.
pub(crate) const READ_ONLY: &str = "SET max_statement_time = 0; SET SESSION TRANSACTION READ ONLY";
pub(crate) const READ_WRITE: &str = "SET SESSION TRANSACTION READ WRITE";
