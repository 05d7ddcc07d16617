//! The store on PostgreSQL.

pub(super) mod dialect;
pub(super) mod driver;
pub(super) mod failure;
pub(super) mod inspect;
mod setup;
pub(super) mod values;

use sqlx::PgPool;

use super::{SqlStore, StoreError};
use crate::model::UserModel;

pub use driver::Postgres;

/// Users, access tokens and OAuth accounts in a PostgreSQL database, laid out as FastAPI Users' SQLAlchemy adapter does.
///
/// ```no_run
/// # use users_runtime::{UserModel, store::{SchemaError, PostgresStore}};
/// # async fn example<User: UserModel>() -> Result<(), SchemaError> {
/// let store = PostgresStore::<User>::connect("postgres://app@localhost/app").await?;
/// store.migrate().await?;
/// # Ok(())
/// # }
/// ```
///
/// A database of the original is served as it is. [`migrate`](SqlStore::migrate) adds what it lacks: a unique index on
/// `lower(email)`, with which a look-up costs the same however many users there are, and of two registrations that differ in
/// case exactly one wins, and one on accounts elsewhere unless some are linked twice. What case is, the database's locale says: in all but `C`, `zoë@example.com` and `ZOË@example.com`
/// are one user.
///
/// Every kind of value has PostgreSQL's own type, with what SQLAlchemy chooses where there are several: `JSON`, and `SERIAL` for
/// ids that the database assigns. Columns of a close type that loses nothing are served, too, such as `JSONB`, `CITEXT`, `TEXT`,
/// a wider integer, or `TIMESTAMP WITHOUT TIME ZONE`, which is taken to be UTC. Text with a NUL character is refused with
/// [`StoreError::Value`], because PostgreSQL has none.
pub type PostgresStore<U> = SqlStore<U, Postgres>;

impl<U: UserModel> PostgresStore<U> {
    /// A store on a pool of the application's own.
    ///
    /// Its connections must speak UTC, as those of sqlx do. How long a request waits for a connection is the pool's matter: 30
    /// seconds where nothing is said, 5 with [`connect`](Self::connect).
    pub fn new(pool: PgPool) -> Self {
        Self::on(Postgres::new(pool))
    }

    /// Opens a pool of up to 10 connections. `url` is sqlx's: `postgres://USER:PASSWORD@HOST:PORT/DATABASE?sslmode=verify-full`.
    ///
    /// The database must be there; [`migrate`](SqlStore::migrate) makes the tables. While the server is away, a request waits up
    /// to 5 seconds for it to come back, and then fails with [`Unavailable`](StoreError::Unavailable). Connections that have been
    /// idle are tested before they are used, so the first requests after a restart succeed.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] when the server does not answer, [`StoreError::Database`] when the URL is none, or the server
    /// refuses it: there is no such user or database.
    pub async fn connect(url: &str) -> Result<Self, StoreError> {
        setup::connect(url)
            .await
            .map(Self::new)
            .map_err(|error| failure::failure(error).into())
    }

    /// The pool, e.g. for the application's own queries or to close it.
    pub fn pool(&self) -> &PgPool {
        self.driver().pool()
    }
}
