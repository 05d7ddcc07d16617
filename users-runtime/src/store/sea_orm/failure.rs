//! What SeaORM's errors mean.

use std::sync::Arc;

use ::sea_orm::{DbErr, RuntimeErr};

use super::backend::Backend;
use crate::store::sql::driver::Failure;

/// Whether a statement must be prepared again, because the table was changed since.
pub(super) fn is_outdated(error: &DbErr, backend: Backend) -> bool {
    match error {
        DbErr::Conn(RuntimeErr::SqlxError(error))
        | DbErr::Exec(RuntimeErr::SqlxError(error))
        | DbErr::Query(RuntimeErr::SqlxError(error)) => backend.is_outdated(error),
        _ => false,
    }
}

/// Sorts an error. What the database itself says is sorted, and freed of what it quotes, as in the store of that database.
pub(super) fn failure(error: DbErr, backend: Backend) -> Failure {
    match error {
        DbErr::ConnectionAcquire(error) => Failure::Unavailable(error.into()),
        DbErr::Conn(RuntimeErr::SqlxError(error))
        | DbErr::Exec(RuntimeErr::SqlxError(error))
        | DbErr::Query(RuntimeErr::SqlxError(error)) => match Arc::into_inner(error) {
            Some(error) => backend.failure(error),
            None => Failure::Other("an error that SeaORM keeps to itself".into()),
        },
        error => Failure::Other(error.into()),
    }
}
