//! The store on SQLite.

pub(super) mod dialect;
mod driver;
pub(super) mod failure;
pub(super) mod inspect;
#[cfg(all(test, feature = "conformance"))]
mod plans;
mod setup;
pub(super) mod values;

use sqlx::SqlitePool;

use super::{
    SqlStore, StoreError,
    url::{DatabaseKind, accepted},
};
use crate::model::UserModel;

pub use driver::Sqlite;

/// Users, access tokens and OAuth accounts in an SQLite database, laid out as FastAPI Users' SQLAlchemy adapter does.
///
/// ```no_run
/// # use users_runtime::{UserModel, store::{SchemaError, SqliteStore}};
/// # async fn example<User: UserModel>() -> Result<(), SchemaError> {
/// let store = SqliteStore::<User>::connect("sqlite://users.db").await?;
/// store.migrate().await?;
/// # Ok(())
/// # }
/// ```
///
/// A database of the original is served as it is. [`migrate`](SqlStore::migrate) adds what it lacks: a unique index on
/// `lower(email)`, with which a look-up costs the same however many users there are, and of two registrations that differ in
/// case exactly one succeeds, and one on linked accounts unless some are linked twice. As in the original, only the case of ASCII letters is ignored: `zoë@example.com` and `ZOË@example.com` are two users.
///
/// UUIDs are stored as 36 characters of text, instants as `YYYY-MM-DD HH:MM:SS.ffffff` in UTC; other common forms of both are
/// read, too. Ids that the database assigns are never used twice in tables that [`migrate`](SqlStore::migrate) makes
/// (`AUTOINCREMENT`), so a token of a deleted user never gives access to another user's account; the original's tables lack that.
pub type SqliteStore<U> = SqlStore<U, Sqlite>;

impl<U: UserModel> SqliteStore<U> {
    /// A store on a pool of the application's own.
    ///
    /// Foreign keys, a busy timeout and the write-ahead log are the pool's matter; [`connect`](Self::connect) sets them.
    /// A pool on `sqlite::memory:` must have one connection that is never closed.
    pub fn new(pool: SqlitePool) -> Self {
        Self::on(Sqlite::new(pool))
    }

    /// Opens a database, and creates its file if it is missing. `url` is sqlx's: `sqlite://PATH` or `sqlite::memory:`.
    /// SQLAlchemy's are read as [`DatabaseUrl`](super::DatabaseUrl) says.
    ///
    /// The pool is set up as a server wants it: a write-ahead log, so that readers never wait for a writer; foreign keys; up
    /// to 5 seconds of waiting for another writer, and for a free connection, before
    /// [`Unavailable`](StoreError::Unavailable). Every commit is flushed to the disk (`synchronous = FULL`), so what was
    /// answered survives the death of the process and of the machine: writes are rare here, and most cost a password hash
    /// beside which the flush is small.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] when the file cannot be opened, [`StoreError::Database`] when the URL or the file is invalid.
    pub async fn connect(url: &str) -> Result<Self, StoreError> {
        let url = accepted(url, DatabaseKind::Sqlite)?;
        setup::connect(&url)
            .await
            .map(Self::new)
            .map_err(|error| failure::failure(error).into())
    }

    /// Stores UUIDs as 32 digits, as SQLAlchemy's own `Uuid` type does: for a database whose ids were declared as
    /// `Mapped[uuid.UUID]`. The adapter's base classes write hyphens, as this store does without this call. Both are read, but
    /// an id is only found in the form in which it is stored; [`check`](SqlStore::check) distinguishes them.
    #[must_use]
    pub fn uuids_without_hyphens(self) -> Self {
        self.map_driver(Sqlite::without_hyphens)
    }

    /// The pool, e.g. for the application's own queries or to close it.
    pub fn pool(&self) -> &SqlitePool {
        self.driver().pool()
    }
}
