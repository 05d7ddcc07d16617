//! The store on PostgreSQL.

pub(super) mod arrays;
pub(super) mod dialect;
pub(super) mod driver;
pub(super) mod failure;
pub(super) mod inspect;
mod setup;
pub(super) mod values;

use sqlx::PgPool;

use super::{
    SqlStore, StoreError,
    url::{DatabaseKind, accepted},
};
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
/// case exactly one succeeds, and one on linked accounts unless some are linked twice. The database's locale defines case: in all but `C`, `zoë@example.com` and `ZOË@example.com`
/// are one user.
///
/// Every kind of value has PostgreSQL's own type, with what SQLAlchemy chooses where there are several: `JSON`, and `SERIAL` for
/// ids that the database assigns. Columns of a close type that loses nothing are served, too, such as `JSONB`, `CITEXT`, `TEXT`,
/// a wider integer, or `TIMESTAMP WITHOUT TIME ZONE`, which is taken to be UTC; so are enumerations for a `String` of your own,
/// `NUMERIC` of up to 15 digits for an `f64`, and columns of the address and the hash that are shorter than ours, whose longer
/// values are refused with [`StoreError::Value`]. Text with a NUL character is refused with
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

    /// Opens a pool of up to 10 connections. `url` is sqlx's: `postgres://USER:PASSWORD@HOST:PORT/DATABASE?sslmode=verify-full`;
    /// SQLAlchemy's `postgresql+asyncpg://…` is the same.
    ///
    /// The database must be there; [`migrate`](SqlStore::migrate) makes the tables. While the server is away, a request waits up
    /// to 5 seconds for it to come back, and then fails with [`Unavailable`](StoreError::Unavailable). Connections that have been
    /// idle are tested before they are used, so the first requests after a restart succeed.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] when the server does not answer, [`StoreError::Database`] when the URL is invalid, or the server
    /// refuses it: there is no such user or database.
    pub async fn connect(url: &str) -> Result<Self, StoreError> {
        let url = accepted(url, DatabaseKind::Postgres)?;
        let store = setup::connect(&url)
            .await
            .map(Self::new)
            .map_err(failure::failure)?;
        Ok(if setup::pools_transactions(&url) {
            store.transaction_pooling()
        } else {
            store
        })
    }

    /// For a connection pooler in between that gives a connection to a transaction, such as `PgBouncer` with
    /// `pool_mode = transaction`: no statement stays prepared, and each runs in a transaction, at the price of two round trips
    /// more. [`connect`](Self::connect) calls it for a URL with `?statement-cache-capacity=0`.
    ///
    /// `PgBouncer` from 1.21 on with `max_prepared_statements` does not need it.
    #[must_use]
    pub fn transaction_pooling(self) -> Self {
        self.map_driver(Postgres::with_transaction_pooling)
    }

    /// The pool, e.g. for the application's own queries or to close it.
    pub fn pool(&self) -> &PgPool {
        self.driver().pool()
    }
}
