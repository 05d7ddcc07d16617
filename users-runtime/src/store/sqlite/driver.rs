//! Running statements on SQLite.

use std::sync::Arc;

use async_trait::async_trait;
use sqlx::{
    Sqlite as Db, SqliteConnection, SqlitePool, query::Query as SqlxQuery, sqlite::SqliteArguments,
};

use super::{
    dialect::{self, SqliteDialect},
    failure::failure,
    inspect,
    values::{Stored, UuidText, read, stored},
};
use crate::{
    store::{
        SharedTransaction, StoreError, StoreTransaction,
        sql::{
            dialect::Dialect,
            driver::{AddressColumns, Driver, Failure, Query, Rows, TableInfo, Transaction},
            held::{Held, Shared},
        },
    },
    value::{Column, Value},
};

/// The driver of [`SqliteStore`](super::SqliteStore).
#[derive(Clone, Debug)]
pub struct Sqlite {
    pool: SqlitePool,
    dialect: &'static SqliteDialect,
    /// The application's transaction on which the statements run.
    within: Option<Shared<Db>>,
}

impl Sqlite {
    pub(super) fn new(pool: SqlitePool) -> Self {
        Self {
            pool,
            dialect: &dialect::HYPHENATED,
            within: None,
        }
    }

    pub(super) fn without_hyphens(self) -> Self {
        Self {
            dialect: &dialect::SIMPLE,
            ..self
        }
    }

    pub(super) fn pool(&self) -> &SqlitePool {
        &self.pool
    }

    /// The application's transaction, where the statements run on one.
    async fn applications(&self) -> Option<SqliteTransaction> {
        let guard = Arc::clone(self.within.as_ref()?).lock_owned().await;
        Some(self.transaction(Held::Application(guard)))
    }

    fn transaction(&self, inner: Held<Db>) -> SqliteTransaction {
        SqliteTransaction {
            inner,
            uuids: self.dialect.uuids,
        }
    }

    async fn begin(&self, how: &'static str) -> Result<SqliteTransaction, Failure> {
        let inner = match &self.within {
            Some(shared) => Held::savepoint(shared).await,
            None => self.pool.begin_with(how).await.map(Held::Own),
        };
        Ok(self.transaction(inner.map_err(failure)?))
    }
}

#[async_trait]
impl Driver for Sqlite {
    type Transaction = SqliteTransaction;

    fn dialect(&self) -> &'static dyn Dialect {
        self.dialect
    }

    fn within(&self, transaction: &SharedTransaction) -> Option<Self> {
        Some(Self {
            within: Some(transaction.get()?),
            ..self.clone()
        })
    }

    fn is_within(&self) -> bool {
        self.within.is_some()
    }

    async fn rows(&self, query: Query, columns: &[Column]) -> Result<Rows, Failure> {
        if let Some(mut transaction) = self.applications().await {
            return transaction.rows(query, columns).await;
        }
        // Not `fetch_optional`: it abandons the statement after the first row, and then nothing reports when the commit of an
        // `INSERT … RETURNING` fails.
        let rows = bound(query, self.dialect.uuids)
            .fetch_all(&self.pool)
            .await
            .map_err(failure)?;
        rows.iter().map(|row| read(row, columns)).collect()
    }

    /// The thread of the connection sends one message and not two, so that the request waits for it once.
    async fn row(&self, query: Query, columns: &[Column]) -> Result<Option<Vec<Value>>, Failure> {
        if let Some(mut transaction) = self.applications().await {
            return Ok(transaction.rows(query, columns).await?.into_iter().next());
        }
        let row = bound(query, self.dialect.uuids)
            .fetch_optional(&self.pool)
            .await
            .map_err(failure)?;
        row.map(|row| read(&row, columns)).transpose()
    }

    async fn execute(&self, query: Query) -> Result<u64, Failure> {
        if let Some(mut transaction) = self.applications().await {
            return transaction.execute(query).await;
        }
        Ok(bound(query, self.dialect.uuids)
            .execute(&self.pool)
            .await
            .map_err(failure)?
            .rows_affected())
    }

    async fn begin_write(&self) -> Result<Self::Transaction, Failure> {
        self.begin("BEGIN IMMEDIATE").await
    }

    async fn begin_read(&self) -> Result<Self::Transaction, Failure> {
        self.begin("BEGIN").await
    }
}

/// A transaction on SQLite.
pub struct SqliteTransaction {
    inner: Held<Db>,
    uuids: UuidText,
}

#[async_trait]
impl Transaction for SqliteTransaction {
    async fn rows(&mut self, query: Query, columns: &[Column]) -> Result<Rows, Failure> {
        let rows = bound(query, self.uuids)
            .fetch_all(&mut *self.inner)
            .await
            .map_err(failure)?;
        rows.iter().map(|row| read(row, columns)).collect()
    }

    async fn execute(&mut self, query: Query) -> Result<u64, Failure> {
        Ok(bound(query, self.uuids)
            .execute(&mut *self.inner)
            .await
            .map_err(failure)?
            .rows_affected())
    }

    async fn has_table(&mut self, table: &str) -> Result<bool, Failure> {
        inspect::has_table(self, table).await
    }

    async fn has_index(&mut self, _table: &str, index: &str) -> Result<bool, Failure> {
        inspect::has_index(self, index).await
    }

    async fn inspect(
        &mut self,
        table: &str,
        email: Option<AddressColumns>,
    ) -> Result<Option<TableInfo>, Failure> {
        inspect::table(self, table, email).await
    }

    async fn commit(self) -> Result<(), Failure> {
        self.inner.commit().await.map_err(failure)
    }

    async fn rollback(self) -> Result<(), Failure> {
        self.inner.rollback().await.map_err(failure)
    }
}

impl StoreTransaction for sqlx::Transaction<'static, Db> {
    type Connection = SqliteConnection;

    fn connection(&mut self) -> &mut SqliteConnection {
        self
    }

    async fn commit(self) -> Result<(), StoreError> {
        Ok(Self::commit(self).await.map_err(failure)?)
    }

    async fn rollback(self) -> Result<(), StoreError> {
        Ok(Self::rollback(self).await.map_err(failure)?)
    }
}

/// A statement that stays prepared on its connection, if it has arguments: those without run once in a store's life.
fn bound(query: Query, uuids: UuidText) -> SqlxQuery<'static, Db, SqliteArguments> {
    let is_lasting = !query.arguments.is_empty();
    let statement = sqlx::query(query.sql).persistent(is_lasting);
    query
        .arguments
        .into_iter()
        .fold(statement, |statement, argument| {
            match stored(argument.value, uuids) {
                Stored::Null => statement.bind(None::<i64>),
                Stored::Int(number) => statement.bind(number),
                Stored::Real(number) => statement.bind(number),
                Stored::Text(text) => statement.bind(text),
                Stored::Blob(bytes) => statement.bind(bytes),
            }
        })
}
