//! Running statements on SQLite.

use sqlx::{Sqlite as Db, SqlitePool, query::Query as SqlxQuery, sqlite::SqliteArguments};

use super::{
    dialect::{self, SqliteDialect},
    failure::failure,
    inspect,
    values::{Stored, UuidText, read, stored},
};
use crate::{
    model::Column,
    store::sql::{
        dialect::Dialect,
        driver::{Driver, Failure, Query, Rows, TableInfo, Transaction},
    },
};

/// The driver of [`SqliteStore`](super::SqliteStore).
#[derive(Clone, Debug)]
pub struct Sqlite {
    pool: SqlitePool,
    dialect: &'static SqliteDialect,
}

impl Sqlite {
    pub(super) fn new(pool: SqlitePool) -> Self {
        Self {
            pool,
            dialect: &dialect::HYPHENATED,
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
}

impl Driver for Sqlite {
    type Transaction = SqliteTransaction;

    fn dialect(&self) -> &'static dyn Dialect {
        self.dialect
    }

    async fn rows(&self, query: Query, columns: &[Column]) -> Result<Rows, Failure> {
        // Not `fetch_optional`: it abandons the statement after the first row, and then nothing reports when the commit of an
        // `INSERT … RETURNING` fails.
        let rows = bound(query, self.dialect.uuids)
            .fetch_all(&self.pool)
            .await
            .map_err(failure)?;
        rows.iter().map(|row| read(row, columns)).collect()
    }

    async fn execute(&self, query: Query) -> Result<u64, Failure> {
        Ok(bound(query, self.dialect.uuids)
            .execute(&self.pool)
            .await
            .map_err(failure)?
            .rows_affected())
    }

    async fn begin_write(&self) -> Result<Self::Transaction, Failure> {
        let inner = self
            .pool
            .begin_with("BEGIN IMMEDIATE")
            .await
            .map_err(failure)?;
        Ok(SqliteTransaction {
            inner,
            uuids: self.dialect.uuids,
        })
    }

    async fn begin_read(&self) -> Result<Self::Transaction, Failure> {
        let inner = self.pool.begin().await.map_err(failure)?;
        Ok(SqliteTransaction {
            inner,
            uuids: self.dialect.uuids,
        })
    }
}

/// A transaction on SQLite.
pub struct SqliteTransaction {
    inner: sqlx::Transaction<'static, Db>,
    uuids: UuidText,
}

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
        email: Option<&str>,
    ) -> Result<Option<TableInfo>, Failure> {
        inspect::table(self, table, email).await
    }

    async fn commit(self) -> Result<(), Failure> {
        self.inner.commit().await.map_err(failure)
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
