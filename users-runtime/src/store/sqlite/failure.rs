//! What SQLite's errors mean.

use sqlx::error::{DatabaseError, ErrorKind};

use crate::store::sql::{
    driver::{Failure, Violated},
    unmigrated::Unmigrated,
};

/// `SQLITE_BUSY`
pub(super) const BUSY: u32 = 5;

/// The primary result codes that time or an operator mends: BUSY, LOCKED, NOMEM, READONLY (also a file that was moved away),
/// INTERRUPT, IOERR, FULL, CANTOPEN, PROTOCOL.
const PASSING: [u32; 9] = [BUSY, 6, 7, 8, 9, 10, 13, 14, 15];

/// What SQLite says of a table or column that does not exist: its code is that of every error in a statement.
const UNMIGRATED: [&str; 3] = [
    "no such table: ",
    "no such column: ",
    " has no column named ",
];

/// The code of an error without its details.
pub(super) fn primary_code(error: &dyn DatabaseError) -> Option<u32> {
    error.code()?.parse::<u32>().ok().map(|code| code & 0xff)
}

/// Sorts an error. SQLite's messages name tables, columns and indexes, never values.
pub(in crate::store) fn failure(error: sqlx::Error) -> Failure {
    use sqlx::Error as E;
    match &error {
        E::Database(database) => match database.kind() {
            ErrorKind::UniqueViolation => Failure::Unique(violated(database.message())),
            ErrorKind::ForeignKeyViolation => Failure::ForeignKey(error.into()),
            _ if primary_code(&**database).is_some_and(|code| PASSING.contains(&code)) => {
                Failure::Unavailable(error.into())
            }
            _ if UNMIGRATED
                .iter()
                .any(|text| database.message().contains(text)) =>
            {
                Failure::Other(Unmigrated(error.into()).into())
            }
            _ => Failure::Other(error.into()),
        },
        E::PoolTimedOut | E::PoolClosed | E::WorkerCrashed | E::Io(_) | E::BeginFailed => {
            Failure::Unavailable(error.into())
        }
        _ => Failure::Other(error.into()),
    }
}

/// Reads `UNIQUE constraint failed: user.email` (several with commas) or `… index 'ix_user_email_lower'`.
fn violated(message: &str) -> Violated {
    let what = message
        .strip_prefix("UNIQUE constraint failed: ")
        .unwrap_or(message);
    match what
        .strip_prefix("index '")
        .and_then(|name| name.strip_suffix('\''))
    {
        Some(name) => Violated::Index(name.to_owned()),
        None => Violated::Columns(
            what.split(", ")
                .map(|part| part.rsplit('.').next().unwrap_or(part).to_owned())
                .collect(),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_table_that_is_missing_is_reported_with_what_to_call() {
        let pool = sqlx::SqlitePool::connect("sqlite::memory:")
            .await
            .expect("a database");
        for statement in ["SELECT id FROM user", "SELECT missing FROM sqlite_master"] {
            let error = sqlx::query(sqlx::AssertSqlSafe(statement))
                .execute(&pool)
                .await
                .expect_err("there is none");
            let error = crate::store::StoreError::from(failure(error));
            let text = format!("{error:?}");
            assert!(
                text.contains("call `migrate().await` on the store"),
                "{text}"
            );
            assert!(text.contains("no such "), "{text}");
        }
    }

    #[test]
    fn a_violated_constraint_is_read_from_the_message() {
        let columns = |message| match violated(message) {
            Violated::Columns(columns) => columns,
            Violated::Index(name) => panic!("an index: {name}"),
        };
        assert_eq!(columns("UNIQUE constraint failed: user.email"), ["email"]);
        assert_eq!(
            columns("UNIQUE constraint failed: user.tenant, user.email"),
            ["tenant", "email"]
        );
        let index = violated("UNIQUE constraint failed: index 'ix_user_email_lower'");
        assert!(matches!(index, Violated::Index(name) if name == "ix_user_email_lower"));
    }
}
