//! Sessions of PostgreSQL that wait for a lock, that are ended, and that have a limit.

pub(crate) use sqlx::PgPool as Operator;

use crate::support::{Store, User};

/// What takes the users' table from all other sessions, and gives it back.
pub(crate) const LOCK: &str = "BEGIN; LOCK TABLE \"user\"";
pub(crate) const UNLOCK: &str = "ROLLBACK";

/// What the server says of a database that is missing, and of a statement that it has given up.
pub(crate) const MISSING_DATABASE: &str = "database \"missing\" does not exist";
pub(crate) const GIVEN_UP: &str = "57014";

/// Ends the sessions that wait for a lock, and tells whether there were any.
pub(crate) async fn ended_those_who_wait(operator: &Operator) -> bool {
    let sql =
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event_type = 'Lock'";
    let ended = sqlx::query(sql)
        .fetch_all(operator)
        .await
        .expect("an answer");
    !ended.is_empty()
}

/// A store whose statements the server gives up after three seconds, as its URL says.
pub(crate) async fn limited(url: &str) -> Store<User> {
    let parameter = if url.contains('?') { '&' } else { '?' };
    Store::connect(&format!("{url}{parameter}options[statement_timeout]=3s"))
        .await
        .expect("a database")
}

/// What locks every user, and what keeps a session from waiting long for them.
pub(crate) const LOCK_ROWS: &str = "SELECT FROM \"user\" FOR UPDATE";
pub(crate) const IMPATIENT: [&str; 2] = [
    "SET lock_timeout = 500",
    "SET lock_timeout = 0; SET statement_timeout = 500",
];

/// What makes a patient session one that may only read, as on a standby, and one that may write.
pub(crate) const READ_ONLY: &str =
    "SET statement_timeout = 0; SET default_transaction_read_only = on";
pub(crate) const READ_WRITE: &str = "SET default_transaction_read_only = off";
