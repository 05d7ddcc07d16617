//! What differs between the databases under SeaORM.

#[cfg(feature = "postgres")]
use ::sea_orm::{AccessMode, IsolationLevel};
use ::sea_orm::{DbBackend, QueryResult, TransactionOptions};

#[cfg(feature = "postgres")]
use crate::store::postgres;
#[cfg(feature = "sqlite")]
use crate::store::sqlite;
use crate::{
    store::{
        StoreError,
        sql::{
            dialect::Dialect,
            driver::{AddressColumns, Failure, TableInfo, Transaction},
        },
    },
    value::{Column, Value},
};

/// A database under SeaORM.
#[derive(Clone, Copy, Debug)]
pub(super) enum Backend {
    #[cfg(feature = "postgres")]
    Postgres,
    #[cfg(feature = "sqlite")]
    Sqlite,
}

impl Backend {
    /// The database of a connection or transaction.
    pub(super) fn of(backend: DbBackend) -> Result<Self, StoreError> {
        match backend {
            #[cfg(feature = "postgres")]
            DbBackend::Postgres => Ok(Self::Postgres),
            #[cfg(feature = "sqlite")]
            DbBackend::Sqlite => Ok(Self::Sqlite),
            other => Err(StoreError::Database(
                format!("users-runtime has no store on {other:?}, or its feature is off").into(),
            )),
        }
    }

    /// SeaORM's name of it.
    pub(super) fn name(self) -> DbBackend {
        match self {
            #[cfg(feature = "postgres")]
            Self::Postgres => DbBackend::Postgres,
            #[cfg(feature = "sqlite")]
            Self::Sqlite => DbBackend::Sqlite,
        }
    }

    /// How it writes SQL.
    pub(super) fn dialect(self) -> &'static dyn Dialect {
        match self {
            #[cfg(feature = "postgres")]
            Self::Postgres => &postgres::dialect::PostgresDialect {
                // SeaORM gives every value a type.
                sends_untyped: false,
            },
            #[cfg(feature = "sqlite")]
            Self::Sqlite => &super::dialect::SeaOrmSqlite,
        }
    }

    /// A transaction that waits for other writers now instead of failing later.
    pub(super) fn writing(self) -> TransactionOptions {
        match self {
            #[cfg(feature = "postgres")]
            Self::Postgres => TransactionOptions {
                isolation_level: Some(IsolationLevel::ReadCommitted),
                access_mode: Some(AccessMode::ReadWrite),
                sqlite_transaction_mode: None,
            },
            #[cfg(feature = "sqlite")]
            Self::Sqlite => TransactionOptions {
                sqlite_transaction_mode: Some(::sea_orm::SqliteTransactionMode::Immediate),
                ..TransactionOptions::default()
            },
        }
    }

    /// A transaction that sees one state of the database.
    pub(super) fn reading(self) -> TransactionOptions {
        match self {
            #[cfg(feature = "postgres")]
            Self::Postgres => TransactionOptions {
                isolation_level: Some(IsolationLevel::RepeatableRead),
                access_mode: Some(AccessMode::ReadOnly),
                sqlite_transaction_mode: None,
            },
            #[cfg(feature = "sqlite")]
            Self::Sqlite => TransactionOptions::default(),
        }
    }

    /// The number of the lock that migrations hold, where a transaction that writes does not keep others waiting.
    #[cfg_attr(
        not(feature = "sqlite"),
        expect(clippy::unnecessary_wraps, reason = "SQLite needs none")
    )]
    pub(super) fn migration_lock(self) -> Option<i64> {
        match self {
            #[cfg(feature = "postgres")]
            Self::Postgres => Some(postgres::driver::MIGRATING),
            #[cfg(feature = "sqlite")]
            Self::Sqlite => None,
        }
    }

    /// A value as it is sent.
    pub(super) fn sent(self, value: Value) -> Value {
        match (self, value) {
            #[cfg(feature = "postgres")]
            (Self::Postgres, Value::Timestamp(instant)) => {
                Value::Timestamp(postgres::values::whole(instant))
            }
            (_, value) => value,
        }
    }

    /// Reads a row.
    pub(super) fn read(self, row: &QueryResult, columns: &[Column]) -> Result<Vec<Value>, Failure> {
        let values = match self {
            #[cfg(feature = "postgres")]
            Self::Postgres => row
                .try_as_pg_row()
                .map(|row| postgres::values::read(row, columns)),
            #[cfg(feature = "sqlite")]
            Self::Sqlite => row
                .try_as_sqlite_row()
                .map(|row| sqlite::values::read(row, columns)),
        };
        values.unwrap_or_else(|| Err(Failure::Other("the rows are not sqlx's".into())))
    }

    /// Whether a statement must be prepared again, because the table was changed since.
    pub(super) fn is_outdated(self, error: &sqlx::Error) -> bool {
        match self {
            #[cfg(feature = "postgres")]
            Self::Postgres => postgres::failure::is_outdated(error),
            // It prepares them again by itself.
            #[cfg(feature = "sqlite")]
            Self::Sqlite => {
                let _ = error;
                false
            }
        }
    }

    /// Sorts an error of the driver's.
    pub(super) fn failure(self, error: sqlx::Error) -> Failure {
        match self {
            #[cfg(feature = "postgres")]
            Self::Postgres => postgres::failure::failure(error),
            #[cfg(feature = "sqlite")]
            Self::Sqlite => sqlite::failure::failure(error),
        }
    }

    /// Whether the database has a table of this name.
    pub(super) async fn has_table(
        self,
        transaction: &mut impl Transaction,
        table: &str,
    ) -> Result<bool, Failure> {
        match self {
            #[cfg(feature = "postgres")]
            Self::Postgres => postgres::inspect::has_table(transaction, table).await,
            #[cfg(feature = "sqlite")]
            Self::Sqlite => sqlite::inspect::has_table(transaction, table).await,
        }
    }

    /// Whether an index of this name is there, so that creating it on the table would do nothing.
    pub(super) async fn has_index(
        self,
        transaction: &mut impl Transaction,
        #[cfg_attr(
            not(feature = "postgres"),
            expect(unused_variables, reason = "an index of SQLite has a name of its own")
        )]
        table: &str,
        index: &str,
    ) -> Result<bool, Failure> {
        match self {
            #[cfg(feature = "postgres")]
            Self::Postgres => postgres::inspect::has_index(transaction, table, index).await,
            #[cfg(feature = "sqlite")]
            Self::Sqlite => sqlite::inspect::has_index(transaction, index).await,
        }
    }

    /// What the database has under this name.
    pub(super) async fn inspect(
        self,
        transaction: &mut impl Transaction,
        table: &str,
        email: Option<AddressColumns>,
    ) -> Result<Option<TableInfo>, Failure> {
        match self {
            #[cfg(feature = "postgres")]
            Self::Postgres => postgres::inspect::table(transaction, table, email).await,
            #[cfg(feature = "sqlite")]
            Self::Sqlite => sqlite::inspect::table(transaction, table, email).await,
        }
    }
}
