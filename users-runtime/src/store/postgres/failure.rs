//! What PostgreSQL's errors mean.

use std::fmt;

use sqlx::{
    error::{DatabaseError, ErrorKind},
    postgres::PgDatabaseError,
};

use crate::store::sql::{
    driver::{Failure, Unfit, UnfitKind, Violated},
    unmigrated::Unmigrated,
};

/// The classes of errors that time or an operator mends: a broken connection, a transaction that lost against another, missing
/// resources, an operator's intervention, the system.
const PASSING_CLASSES: [&str; 5] = ["08", "40", "53", "57", "58"];

/// Single codes of that kind: a server that only reads at present, a lock that was not free.
const PASSING: [&str; 2] = ["25006", "55P03"];

/// A table or column that does not exist.
const UNMIGRATED: [&str; 2] = ["42P01", "42703"];

/// The classes whose messages speak of the server, the connection and the statement, never of values.
const TELLING_CLASSES: [&str; 12] = [
    "08", "0A", "25", "28", "3D", "3F", "40", "42", "53", "55", "57", "58",
];

/// What cannot be done, and the part of the server that says so of a prepared statement whose answer has another type now.
const OUTDATED: (&str, &str) = ("0A000", "RevalidateCachedQuery");

/// A prepared statement that is not there.
const UNPREPARED: &str = "26000";

/// Sorts an error.
pub(in crate::store) fn failure(error: sqlx::Error) -> Failure {
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

/// Whether a statement must be prepared again, because the table was changed since.
pub(in crate::store) fn is_outdated(error: &sqlx::Error) -> bool {
    server_error(error)
        .is_some_and(|error| (error.code(), error.routine().unwrap_or_default()) == OUTDATED)
}

/// Whether a statement was lost between its preparation and its run. sqlx asks for a type that a connection sees for the first time,
/// such as an enumeration, after it has prepared the statement, and the server then drops a statement without a name.
pub(super) fn is_unprepared(error: &sqlx::Error) -> bool {
    server_error(error).is_some_and(|error| error.code() == UNPREPARED)
}

fn server_error(error: &sqlx::Error) -> Option<&PgDatabaseError> {
    error
        .as_database_error()
        .and_then(|error| error.try_downcast_ref::<PgDatabaseError>())
}

fn refusal(error: &dyn DatabaseError) -> Failure {
    let code = error.code().unwrap_or_default();
    match error.kind() {
        ErrorKind::UniqueViolation => Failure::Unique(Violated::Index(
            error
                .constraint()
                .unwrap_or("a constraint without a name")
                .to_owned(),
        )),
        ErrorKind::ForeignKeyViolation => Failure::ForeignKey(Refused::new(error).into()),
        _ if let Some(unfit) = unfit(&code, error) => {
            Failure::Unfit(unfit, Refused::new(error).into())
        }
        _ if PASSING.contains(&&*code) || has_class(&code, &PASSING_CLASSES) => {
            Failure::Unavailable(Refused::new(error).into())
        }
        _ if UNMIGRATED.contains(&&*code) => {
            Failure::Other(Unmigrated(Refused::new(error).into()).into())
        }
        _ => Failure::Other(Refused::new(error).into()),
    }
}

/// A value that a column cannot hold: a text that is too long, a number that is out of range, a text that is none of an
/// enumeration's. What code in the database has done with values is no matter of the columns: such errors have another context.
fn unfit(code: &str, error: &dyn DatabaseError) -> Option<Unfit> {
    let kind = match code {
        "22001" => UnfitKind::Length,
        "22003" => UnfitKind::Range,
        "22P02" => UnfitKind::Label,
        _ => return None,
    };
    let argument = parameter(error);
    let is_direct = error
        .try_downcast_ref::<PgDatabaseError>()
        .is_some_and(|error| error.r#where().is_none());
    (argument.is_some() || is_direct && kind != UnfitKind::Label).then_some(Unfit {
        kind,
        column: None,
        argument,
    })
}

/// Reads the position of `unnamed portal parameter $7`, which stands where the server could not read a parameter.
fn parameter(error: &dyn DatabaseError) -> Option<usize> {
    let context = error.try_downcast_ref::<PgDatabaseError>()?.r#where()?;
    let (_, behind) = context.split_once(" parameter $")?;
    let digits = behind.split(|character: char| !character.is_ascii_digit());
    digits.into_iter().next()?.parse().ok()
}

fn has_class(code: &str, classes: &[&str]) -> bool {
    code.get(..2).is_some_and(|class| classes.contains(&class))
}

/// An error of the server without what it quotes: its details, its context and many of its messages show stored values.
#[derive(Debug)]
struct Refused {
    code: String,
    table: Option<String>,
    column: Option<String>,
    constraint: Option<String>,
    message: Option<String>,
}

impl Refused {
    fn new(error: &dyn DatabaseError) -> Self {
        let code = error.code().unwrap_or_default().into_owned();
        let server = error.try_downcast_ref::<PgDatabaseError>();
        // What code in the database has raised or built may quote anything, whatever its class.
        let is_direct = server.is_none_or(|server| server.r#where().is_none());
        let message =
            (is_direct && has_class(&code, &TELLING_CLASSES)).then(|| error.message().to_owned());
        Self {
            code,
            table: error.table().map(str::to_owned),
            column: server.and_then(PgDatabaseError::column).map(str::to_owned),
            constraint: error.constraint().map(str::to_owned),
            message,
        }
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PostgreSQL answered with SQLSTATE {}", self.code)?;
        for (what, name) in [
            ("table", &self.table),
            ("column", &self.column),
            ("constraint", &self.constraint),
        ] {
            if let Some(name) = name {
                write!(f, ", {what} `{name}`")?;
            }
        }
        self.message
            .as_ref()
            .map_or(Ok(()), |message| write!(f, ": {message}"))
    }
}

impl std::error::Error for Refused {}
