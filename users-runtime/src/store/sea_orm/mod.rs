//! The store on SeaORM.

mod backend;
#[cfg(feature = "sqlite")]
mod dialect;
mod driver;
mod failure;
mod hash;
mod values;

use ::sea_orm::DatabaseConnection;

use super::{SqlStore, StoreError};
use crate::model::UserModel;

pub use driver::SeaOrm;

/// Users, access tokens and OAuth accounts on the connection of an application that has its other tables in SeaORM.
///
/// ```no_run
/// # use users_runtime::{UserModel, store::SeaOrmStore};
/// # async fn example<User: UserModel>() -> Result<(), Box<dyn std::error::Error>> {
/// let database = sea_orm::Database::connect("sqlite://shop.db?mode=rwc").await?;
/// let store = SeaOrmStore::<User>::new(database.clone())?;
/// store.migrate().await?;
/// # Ok(())
/// # }
/// ```
///
/// Every value is stored as SeaORM stores it, so the user's struct may be the `Model` of one of the application's entities
/// ([`PasswordHash`](crate::PasswordHash) can be a column of one), and entities of the application's own may refer to it. On
/// SQLite that means UUIDs of 16 bytes and instants as RFC 3339 writes them, where [`SqliteStore`](super::SqliteStore) keeps
/// what SQLAlchemy writes: a database of the original's that is an SQLite file is served by that one. On PostgreSQL both are
/// the same.
///
/// The tables may be the application's own, by SeaORM's migrations or from its entities. [`migrate`](SqlStore::migrate) makes
/// those that are missing and adds what SeaORM cannot say, the unique index on `lower(email)`; [`check`](SqlStore::check)
/// checks the existing tables.
///
/// The statements are those of the other stores, run by SeaORM: its callbacks for metrics are called with them, and its cargo
/// feature `debug-print`, where the application turns it on, writes their values to the log, password hashes among them.
///
/// A cargo feature says which databases: `sqlite` and `postgres`. The application adds those features of SeaORM's that it
/// needs itself, such as `macros`.
pub type SeaOrmStore<U> = SqlStore<U, SeaOrm>;

impl<U: UserModel> SeaOrmStore<U> {
    /// A store on a connection of the application's own, which is a pool and cheap to clone.
    ///
    /// Several connections to an SQLite file should wait for each other, which is sqlx's default, and write ahead; those to
    /// `sqlite::memory:` must be one, which is SeaORM's default.
    ///
    /// # Errors
    ///
    /// [`StoreError::Database`] for a database whose cargo feature is off, and for those that the crate has none for.
    pub fn new(connection: DatabaseConnection) -> Result<Self, StoreError> {
        Ok(Self::on(SeaOrm::new(connection)?))
    }

    /// The connection, e.g. for the application's own queries.
    pub fn connection(&self) -> &DatabaseConnection {
        self.driver().connection()
    }
}
