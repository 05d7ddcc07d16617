//! The store on MySQL and MariaDB.

mod dialect;
mod driver;
mod failure;
mod inspect;
mod setup;
mod types;
mod values;

use sqlx::MySqlPool;

use super::{
    SqlStore, StoreError,
    url::{DatabaseKind, accepted},
};
use crate::model::UserModel;

pub use driver::MySql;

/// Users, access tokens and OAuth accounts in a MySQL or MariaDB database, laid out as FastAPI Users' SQLAlchemy adapter does.
///
/// ```no_run
/// # use users_runtime::{UserModel, store::{SchemaError, MySqlStore}};
/// # async fn example<User: UserModel>() -> Result<(), SchemaError> {
/// let store = MySqlStore::<User>::connect("mysql://app:password@localhost/app").await?;
/// store.migrate().await?;
/// # Ok(())
/// # }
/// ```
///
/// It is written for MySQL 8.0.13 or newer and MariaDB 10.3 or newer, with `InnoDB`; its tests run on MariaDB 10.11.
///
/// A database of the original is served once [`migrate`](SqlStore::migrate) has added what it lacks: a column beside the e-mail
/// address's own (`email_key`, say), which the server fills with the address in small letters, and a unique index on it; the same
/// for the ids of linked accounts (`account_id_key`), compared exactly, unless some are linked twice. With them, the cost of a look-up does not depend on the number of users, and of two registrations that differ in case exactly one succeeds.
/// The original goes on working beside it. What case is, the server says: `zoë@example.com` and `ZOË@example.com` are one user,
/// `zoe@example.com` is another. The original's own index stays; where its collation takes both for the same, the second is
/// refused as taken, as by the original.
///
/// These servers keep every change to a table at once, so migrating is not one transaction here: everything is checked before the
/// first change, a lock of the server's (`GET_LOCK`) keeps other processes' migrations away, and one that breaks off is
/// completed by the next.
///
/// New tables compare text exactly (`utf8mb4_bin`). In tables with another collation, tokens, ids and hashes are distinguished
/// apart by case even so. Types are those that SQLAlchemy chooses: `CHAR(36)` for UUIDs, `BOOL`, `JSON`; but instants are
/// `DATETIME(6)` in UTC, texts and bytes without a limit are `LONGTEXT` and `LONGBLOB`, and `f64` is `DOUBLE`. Columns of a
/// close type that loses nothing are served, too, and the original's `DATETIME` and `TIMESTAMP`, which keep whole seconds only.
/// A `TIMESTAMP` is read as what it is; the original, whose sessions have the server's time zone, means another instant by it
/// where that is not UTC. Tables of other origins are served with ids of `BIGINT UNSIGNED`, UUIDs as `BINARY(16)`
/// ([`uuids_as_bytes`](Self::uuids_as_bytes)) or `CHAR(32)` ([`uuids_without_hyphens`](Self::uuids_without_hyphens)), `ENUM`,
/// `DECIMAL` of up to 15 digits for an `f64`, and columns of the address and the hash that are shorter than ours, whose longer
/// values are refused with [`StoreError::Value`]. A number that is infinite is refused with [`StoreError::Value`], because these servers have none.
///
/// Of TLS and passwords: the connection is encrypted where the server can, and `?ssl-mode=VERIFY_IDENTITY` insists on it. MySQL's
/// `caching_sha2_password` needs either TLS or sqlx's cargo feature `mysql-rsa`, which an application may add for itself; it
/// brings in a crate with a known weakness, so it is not part of the feature `mysql`.
pub type MySqlStore<U> = SqlStore<U, MySql>;

impl<U: UserModel> MySqlStore<U> {
    /// A store on a pool of the application's own.
    ///
    /// Its connections must speak UTC and `utf8mb4`, as those of sqlx do, and their `sql_mode` must be strict, as it is unless a
    /// server is configured otherwise: through one with another, no write is done but fails with [`StoreError::Database`], since the
    /// server would cut what is too long. Each connection may be another one, so each write asks, at the price of a round trip that
    /// those of [`connect`](Self::connect) do not need. How long a request waits for a connection is the pool's matter: 30 seconds where nothing is said, 5 with
    /// [`connect`](Self::connect).
    pub fn new(pool: MySqlPool) -> Self {
        Self::on(MySql::new(pool))
    }

    /// Opens a pool of up to 10 connections, whose `sql_mode` is strict. `url` is sqlx's:
    /// `mysql://USER:PASSWORD@HOST:PORT/DATABASE?ssl-mode=VERIFY_IDENTITY`; `mariadb://` is the
    /// same, and so is SQLAlchemy's `mysql+aiomysql://…`.
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
        let url = accepted(url, DatabaseKind::MySql)?;
        let pool = setup::connect(&url).await;
        pool.map(|pool| Self::on(MySql::with_own(pool)))
            .map_err(|error| failure::failure(error).into())
    }

    /// Writes UUIDs without hyphens, for tables whose ids are `CHAR(32)`. Every form is read, but an id is only found in the form
    /// in which it is stored; [`check`](SqlStore::check) reports the one that a table has.
    #[must_use]
    pub fn uuids_without_hyphens(self) -> Self {
        self.map_driver(|driver| driver.with_uuids(&dialect::SIMPLE))
    }

    /// Writes UUIDs as 16 bytes, for tables whose ids are `BINARY(16)`: in the order of the text, as `UUID_TO_BIN(id)` does. Every
    /// form is read, but an id is only found in the form in which it is stored; [`check`](SqlStore::check) reports the one that a
    /// table has.
    #[must_use]
    pub fn uuids_as_bytes(self) -> Self {
        self.map_driver(|driver| driver.with_uuids(&dialect::BYTES))
    }

    /// The pool, e.g. for the application's own queries or to close it.
    pub fn pool(&self) -> &MySqlPool {
        self.driver().pool()
    }
}
