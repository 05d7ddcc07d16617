//! The errors of stores.

use std::error::Error as StdError;

use crate::value::RowError;

/// Why an operation of a store failed.
///
/// The text names columns and constraints, never a stored value.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// There is no such user.
    #[error("there is no such user")]
    NotFound,
    /// Another user has the e-mail address.
    #[error("another user has this e-mail address")]
    EmailTaken,
    /// What the update relied on was changed by another request in the meantime.
    #[error("the user was changed in the meantime")]
    Outdated,
    /// Another row has a value that must be unique: the id, or a column that the application itself declared unique.
    #[error("another row has the same value: `{constraint}` is unique")]
    Conflict {
        /// The column, or the violated index where the database names no column.
        constraint: String,
    },
    /// Users belong to tenants, and the operation does not say to which.
    #[error(
        "users belong to tenants: call `users.in_tenant(…)` or `users.for_request(…)` first, or `--tenant` on the command line"
    )]
    NoTenant,
    /// The database cannot store a value, such as text with a NUL character.
    #[error("column `{column}` cannot hold this value: {reason}")]
    Value {
        /// The column.
        column: &'static str,
        /// Why not.
        reason: &'static str,
    },
    /// A stored row is not a user.
    #[error("a stored user cannot be read")]
    Row(#[from] RowError),
    /// The database cannot be reached, or is too busy to answer.
    #[error("the database is unavailable")]
    Unavailable(#[source] Box<dyn StdError + Send + Sync>),
    /// The database refused.
    #[error("the database refused the operation")]
    Database(#[source] Box<dyn StdError + Send + Sync>),
}

/// An error of the database's answers, which no application causes.
#[cfg(any(
    feature = "sqlite",
    feature = "postgres",
    feature = "mysql",
    feature = "mongodb"
))]
pub(super) fn unexpected(what: &'static str) -> StoreError {
    StoreError::Database(what.into())
}

crate::error_debug::debug_as_sentence!(StoreError);
