//! What the errors of MySQL and MariaDB mean.

use std::fmt;

use sqlx::{
    error::{DatabaseError, ErrorKind},
    mysql::MySqlDatabaseError,
};

use crate::store::sql::{
    driver::{Failure, Unfit, UnfitKind, Violated},
    unmigrated::Unmigrated,
};

/// A transaction that lost against another, and was undone as a whole: a deadlock, or a row that has changed since it was read.
const LOST: [u16; 2] = [1213, 1020];

/// A prepared statement whose table has changed too often in the meantime.
const OUTDATED: u16 = 1615;

/// A text that cannot be converted, among values that are none of their column's.
const INCORRECT: u16 = 1366;

/// Texts that cannot be compared, since one cannot be converted to the other's character set.
const INCOMPARABLE: [u16; 3] = [1267, 1270, 1271];

/// The errors that time or an operator mends.
const PASSING: [u16; 29] = [
    // Missing disk, memory, connections; a full table; an engine that fails.
    1021, 1030, 1037, 1038, 1041, 1040, 1114, 1135, 1203, 1226, 1637,
    // A server that goes, an operator who ends a session or a statement, a time limit.
    1053, 1077, 1079, 1080, 1317, 1927, 1969, 3024, 3168, 3169,
    4031, // A lock that was not free.
    1205, 3572, // A server that only reads at present, or that waits for its cluster.
    1047, 1290, 1792, 1836, 3100,
];

/// The errors whose messages speak of the server, the table and the column, never of values.
const TELLING: [u16; 36] = [
    1021, 1030, 1037, 1038, 1041, 1040, 1114, 1135, 1203, 1226, 1637, 1053, 1077, 1079, 1080, 1317,
    1927, 1969, 3024, 1205, 1213, 1047, 1290, 1792,
    1836, // A user, a database, a table or a column that there is not, or that may not be used.
    1044, 1045, 1046, 1049, 1054, 1142, 1143,
    1146, // A value that is missing, too long or out of range, of which it names the column.
    1264, 1364, 1406,
];

/// A table or column that does not exist.
const UNMIGRATED: [u16; 2] = [1146, 1054];

/// Sorts an error.
pub(super) fn failure(error: sqlx::Error) -> Failure {
    use sqlx::Error as E;
    match error {
        E::Database(database) => refusal(&*database),
        E::PoolTimedOut
        | E::PoolClosed
        | E::WorkerCrashed
        | E::Io(_)
        | E::Tls(_)
        | E::BeginFailed => Failure::Unavailable(error.into()),
        _ => Failure::Other(error.into()),
    }
}

/// Whether the server has undone everything, so that it can be done again.
pub(super) fn is_lost(error: &sqlx::Error) -> bool {
    number(error).is_some_and(|number| LOST.contains(&number) || number == OUTDATED)
}

fn number(error: &sqlx::Error) -> Option<u16> {
    Some(
        error
            .as_database_error()?
            .try_downcast_ref::<MySqlDatabaseError>()?
            .number(),
    )
}

fn refusal(error: &dyn DatabaseError) -> Failure {
    let number = error
        .try_downcast_ref::<MySqlDatabaseError>()
        .map_or(0, MySqlDatabaseError::number);
    match error.kind() {
        ErrorKind::UniqueViolation => {
            Failure::Unique(Violated::Index(violated(error.message()).to_owned()))
        }
        ErrorKind::ForeignKeyViolation => Failure::ForeignKey(Refused::new(number, error).into()),
        _ if number == INCORRECT
            && let Some(column) = unconverted(error.message()) =>
        {
            Failure::Charset {
                column: column.to_owned(),
                source: Refused::new(number, error).into(),
            }
        }
        _ if let Some(kind) = unfit(number)
            && let Some((_, column)) = error.message().rsplit_once(" for column ") =>
        {
            let unfit = Unfit {
                kind,
                column: column_name(column).map(str::to_owned),
                argument: None,
            };
            Failure::Unfit(unfit, Refused::new(number, error).into())
        }
        _ if INCOMPARABLE.contains(&number) => Failure::Charset {
            column: String::new(),
            source: Refused::new(number, error).into(),
        },
        _ if LOST.contains(&number) || number == OUTDATED => {
            Failure::Undone(Refused::new(number, error).into())
        }
        _ if PASSING.contains(&number) => Failure::Unavailable(Refused::new(number, error).into()),
        _ if UNMIGRATED.contains(&number) => {
            Failure::Other(Unmigrated(Refused::new(number, error).into()).into())
        }
        _ => Failure::Other(Refused::new(number, error).into()),
    }
}

/// Reads the index of `Duplicate entry 'VALUE' for key 'user.ix_user_email'`; MariaDB does not name the table.
fn violated(message: &str) -> &str {
    let index = message
        .rsplit_once(" for key '")
        .and_then(|(_, key)| key.strip_suffix('\''));
    index.map_or("an index without a name", |key| {
        key.rsplit_once('.').map_or(key, |(_, index)| index)
    })
}

/// Reads the column of `Incorrect string value: 'VALUE' for column 'email' at row 1`; MariaDB has `` `app`.`user`.`email` ``.
fn unconverted(message: &str) -> Option<&str> {
    let (_, end) = message
        .strip_prefix("Incorrect string value: ")?
        .rsplit_once(" for column ")?;
    column_name(end)
}

/// Reads the column of `'email' at row 1` or `` `app`.`user`.`email` at row 1 ``.
fn column_name(end: &str) -> Option<&str> {
    let (name, _) = end.rsplit_once(" at row ")?;
    let name = name.rsplit_once("`.`").map_or(name, |(_, column)| column);
    Some(name.trim_matches(['`', '\'']))
}

/// A value that its column cannot hold: a text that is too long, a number that is out of range, a text that is none of an
/// enumeration's.
fn unfit(number: u16) -> Option<UnfitKind> {
    match number {
        1406 => Some(UnfitKind::Length),
        1264 => Some(UnfitKind::Range),
        1265 => Some(UnfitKind::Label),
        _ => None,
    }
}

/// An error of the server without what it quotes: many of its messages show stored values.
#[derive(Debug)]
struct Refused {
    number: u16,
    state: String,
    message: Option<String>,
}

impl Refused {
    fn new(number: u16, error: &dyn DatabaseError) -> Self {
        let state = error.code().unwrap_or_default().into_owned();
        // What a trigger raises may have any number and quote anything.
        let is_own = state != "45000";
        let message = (is_own && TELLING.contains(&number)).then(|| error.message().to_owned());
        Self {
            number,
            state,
            message,
        }
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the server answered with error {} (SQLSTATE {})",
            self.number, self.state
        )?;
        self.message
            .as_ref()
            .map_or(Ok(()), |message| write!(f, ": {message}"))
    }
}

impl std::error::Error for Refused {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_column_of_a_text_that_cannot_be_converted_is_read_from_the_message() {
        for (message, column) in [
            (
                "Incorrect string value: '\\xF0' for column 'email' at row 1",
                Some("email"),
            ),
            (
                "Incorrect string value: '\\xF0' for column `app`.`user`.`email` at row 1",
                Some("email"),
            ),
            (
                "Incorrect string value: 'x for column `a` at row 1\\xF0' for column `app`.`user`.`email` at row 1",
                Some("email"),
            ),
            (
                "Incorrect integer value: 'secret' for column 'small' at row 1",
                None,
            ),
        ] {
            assert_eq!(unconverted(message), column, "{message}");
        }
    }

    #[test]
    fn a_violated_index_is_read_from_the_message() {
        for (message, index) in [
            (
                "Duplicate entry 'a@x.y' for key 'ix_user_email'",
                "ix_user_email",
            ),
            (
                "Duplicate entry 'a@x.y' for key 'user.ix_user_email'",
                "ix_user_email",
            ),
            (
                "Duplicate entry 'x' for key 'secret'' for key 'user.PRIMARY'",
                "PRIMARY",
            ),
            (
                "Duplicate entry 'secret' for something else",
                "an index without a name",
            ),
        ] {
            assert_eq!(violated(message), index);
        }
    }
}
