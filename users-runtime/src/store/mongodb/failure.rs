//! What the driver's errors mean.

use std::fmt;

use mongodb::{
    bson::Document,
    error::{Error, ErrorKind, UNKNOWN_TRANSACTION_COMMIT_RESULT, WriteFailure},
};

use crate::store::StoreError;

/// The operation is not allowed: in this crate, one of a transaction on a server without transactions.
const ILLEGAL_OPERATION: i32 = 20;
/// A unique index is violated.
const DUPLICATE_KEY: i32 = 11_000;

/// The codes of errors that time or an operator mends: hosts and sockets, a primary that steps down, locks, time limits, and
/// transactions that lost against others.
const PASSING: [i32; 23] = [
    6, 7, 24, 46, 50, 63, 64, 89, 91, 112, 134, 150, 189, 244, 251, 262, 9001, 10_107, 11_600,
    11_601, 11_602, 13_435, 13_436,
];

/// Sorts an error, of which only what shows no value is kept.
#[expect(clippy::needless_pass_by_value, reason = "`map_err` hands errors over")]
pub(super) fn failure(error: Error) -> StoreError {
    if let Some(violated) = violated(&error) {
        return StoreError::Conflict {
            constraint: violated.constraint(),
        };
    }
    let described = Described::new(&error);
    let is_unknown = error.contains_label(UNKNOWN_TRANSACTION_COMMIT_RESULT);
    let is_passing = match &*error.kind {
        ErrorKind::Io(_)
        | ErrorKind::ServerSelection { .. }
        | ErrorKind::ConnectionPoolCleared { .. }
        | ErrorKind::DnsResolve { .. }
        | ErrorKind::Shutdown
        | ErrorKind::Write(WriteFailure::WriteConcernError(_)) => true,
        _ => described.code.is_some_and(|code| PASSING.contains(&code)),
    };
    if is_passing || is_unknown {
        StoreError::Unavailable(described.into())
    } else {
        StoreError::Database(described.into())
    }
}

/// Whether an error is the server's with this code.
pub(super) fn has_code(error: &Error, code: i32) -> bool {
    Described::new(error).code == Some(code)
}

/// The unique index that was violated.
#[derive(Debug, PartialEq)]
pub(super) enum Violated {
    /// Its fields.
    Keys(Vec<String>),
    /// Its name, where the driver keeps the fields to itself, as it does for inserts.
    Index(String),
}

impl Violated {
    /// What to call it in an error.
    pub(super) fn constraint(self) -> String {
        match self {
            Self::Keys(keys) => keys.join(", "),
            Self::Index(name) => name,
        }
    }
}

/// The unique index that was violated, if that is what the error says.
pub(super) fn violated(error: &Error) -> Option<Violated> {
    let (code, message) = match &*error.kind {
        ErrorKind::Command(command) => (command.code, &command.message),
        ErrorKind::Write(WriteFailure::WriteError(write)) => (write.code, &write.message),
        _ => return None,
    };
    if code != DUPLICATE_KEY {
        return None;
    }
    let response = error
        .server_response()
        .and_then(|response| Document::try_from(response.as_ref()).ok());
    let keys = response.as_ref().and_then(pattern).map(Violated::Keys);
    Some(keys.unwrap_or_else(|| {
        Violated::Index(index_name(message).unwrap_or("a unique index").to_owned())
    }))
}

/// The index's keys, from the answer of a command or of a write.
fn pattern(response: &Document) -> Option<Vec<String>> {
    let of_write = response
        .get_array("writeErrors")
        .ok()
        .and_then(|errors| errors.first()?.as_document());
    let answer = of_write.unwrap_or(response);
    Some(
        answer
            .get_document("keyPattern")
            .ok()?
            .keys()
            .cloned()
            .collect(),
    )
}

/// The index's name from the message: what follows are its collation, if it has one, and the values.
fn index_name(message: &str) -> Option<&str> {
    let (_, rest) = message.split_once(" index: ")?;
    let (name, _) = rest.split_once(" dup key: ")?;
    Some(
        name.split_once(" collation: ")
            .map_or(name, |(name, _)| name),
    )
}

/// An error without what it quotes: the server's messages show stored values, the driver's show URLs.
#[derive(Debug)]
pub(super) struct Described {
    what: &'static str,
    code: Option<i32>,
    name: String,
}

impl Described {
    /// An error that is only named.
    pub(super) fn kind(what: &'static str) -> Self {
        Self {
            what,
            code: None,
            name: String::new(),
        }
    }

    fn new(error: &Error) -> Self {
        let coded = |code: i32, name: &str| Self {
            what: "MongoDB answered",
            code: Some(code),
            name: name.to_owned(),
        };
        match &*error.kind {
            ErrorKind::Command(command) => coded(command.code, &command.code_name),
            ErrorKind::Write(WriteFailure::WriteError(write)) => {
                coded(write.code, write.code_name.as_deref().unwrap_or_default())
            }
            ErrorKind::Write(WriteFailure::WriteConcernError(write)) => {
                coded(write.code, &write.code_name)
            }
            ErrorKind::Authentication { .. } => Self::kind("MongoDB refused the credentials"),
            ErrorKind::Io(_) => Self::kind("the connection to MongoDB broke"),
            ErrorKind::ServerSelection { .. } => Self::kind("no MongoDB server was there in time"),
            ErrorKind::ConnectionPoolCleared { .. } => {
                Self::kind("the connections to MongoDB were closed")
            }
            ErrorKind::DnsResolve { .. } => {
                Self::kind("the name of the MongoDB server was not resolved")
            }
            ErrorKind::InvalidArgument { .. } => {
                Self::kind("the MongoDB driver refused the operation")
            }
            ErrorKind::Bson(_) => {
                Self::kind("the MongoDB driver could not write or read a document")
            }
            ErrorKind::InvalidResponse { .. } => Self::kind("the answer was not MongoDB's"),
            ErrorKind::IncompatibleServer { .. } => {
                Self::kind("the server does not support the operation")
            }
            ErrorKind::Transaction { .. } => Self::kind(
                "the MongoDB driver refused the transaction: it needs the read preference `primary`, and a replica set or a sharded cluster",
            ),
            ErrorKind::Shutdown => Self::kind("the MongoDB client was shut down"),
            _ => Self::kind("the MongoDB driver failed"),
        }
    }
}

impl fmt::Display for Described {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { what, code, name } = self;
        match code {
            None => f.write_str(what),
            Some(code) if name.is_empty() => write!(f, "{what} with code {code}"),
            Some(code) => write!(f, "{what} with code {code} ({name})"),
        }?;
        if *code == Some(ILLEGAL_OPERATION) {
            f.write_str(": transactions need a replica set or a sharded cluster")?;
        }
        Ok(())
    }
}

impl std::error::Error for Described {}

#[cfg(test)]
mod tests {
    use mongodb::bson::doc;

    use super::*;

    #[test]
    fn a_violated_index_is_told_by_its_keys() {
        let command = doc! { "ok": 0.0, "code": 11_000, "keyPattern": { "email": 1 }, "keyValue": { "email": "secret" } };
        assert_eq!(pattern(&command), Some(vec!["email".to_owned()]));
        let write = doc! { "ok": 1.0, "writeErrors": [{ "code": 11_000, "keyPattern": { "a": 1, "b": 1 } }] };
        assert_eq!(pattern(&write), Some(vec!["a".to_owned(), "b".to_owned()]));
        assert_eq!(pattern(&doc! { "ok": 0.0 }), None);
    }

    #[test]
    fn a_server_that_tells_no_keys_names_the_index() {
        let message = "E11000 duplicate key error collection: app.User index: mine dup key: { nick: \"secret\" }";
        assert_eq!(index_name(message), Some("mine"));
        let collated = "E11000 duplicate key error collection: app.User index: mine collation: { locale: \"en\" } dup key: { a: 1 }";
        assert_eq!(index_name(collated), Some("mine"));
        assert_eq!(index_name("something else"), None);
    }
}
