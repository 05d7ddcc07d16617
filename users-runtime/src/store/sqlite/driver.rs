//! Running statements on SQLite.

use sqlx::{Sqlite as Db, SqliteConnection, SqlitePool, query::Query as SqlxQuery, sqlite::SqliteArguments};

use super::{
    dialect::SqliteDialect,
    failure::failure,
    inspect,
    values::{Stored, read, stored},
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
}

impl Sqlite {
    pub(super) fn new(pool: SqlitePool) -> Self {
        Self { pool }
    }

    pub(super) fn pool(&self) -> &SqlitePool {
        &self.pool
    }
}

impl Driver for Sqlite {
    type Transaction = sqlx::Transaction<'static, Db>;

    fn dialect(&self) -> &'static dyn Dialect {
        &SqliteDialect
    }

    async fn rows(&self, query: Query, columns: &'static [Column]) -> Result<Rows, Failure> {
        // Not `fetch_optional`: it abandons the statement after the first row, and then nobody hears when the commit of an
        // `INSERT … RETURNING` fails.
        let rows = bound(query).fetch_all(&self.pool).await.map_err(failure)?;
        rows.iter().map(|row| read(row, columns)).collect()
    }

    async fn execute(&self, query: Query) -> Result<u64, Failure> {
        Ok(bound(query).execute(&self.pool).await.map_err(failure)?.rows_affected())
    }

    async fn begin_write(&self) -> Result<Self::Transaction, Failure> {
        self.pool.begin_with("BEGIN IMMEDIATE").await.map_err(failure)
    }

    async fn begin_read(&self) -> Result<Self::Transaction, Failure> {
        self.pool.begin().await.map_err(failure)
    }
}

impl Transaction for sqlx::Transaction<'static, Db> {
    async fn rows(&mut self, query: Query, columns: &'static [Column]) -> Result<Rows, Failure> {
        let connection: &mut SqliteConnection = self;
        let rows = bound(query).fetch_all(connection).await.map_err(failure)?;
        rows.iter().map(|row| read(row, columns)).collect()
    }

    async fn execute(&mut self, query: Query) -> Result<u64, Failure> {
        let connection: &mut SqliteConnection = self;
        Ok(bound(query).execute(connection).await.map_err(failure)?.rows_affected())
    }

    async fn has_table(&mut self, table: &str) -> Result<bool, Failure> {
        inspect::has_table(self, table).await.map_err(failure)
    }

    async fn inspect(&mut self, table: &str, email: Option<&str>) -> Result<Option<TableInfo>, Failure> {
        inspect::table(self, table, email).await.map_err(failure)
    }

    async fn commit(self) -> Result<(), Failure> {
        sqlx::Transaction::commit(self).await.map_err(failure)
    }
}

/// A statement that stays prepared on its connection, if it has arguments: those without run once in a store's life.
fn bound(query: Query) -> SqlxQuery<'static, Db, SqliteArguments> {
    let is_lasting = !query.arguments.is_empty();
    let statement = sqlx::query(query.sql).persistent(is_lasting);
    query.arguments.into_iter().fold(statement, |statement, argument| match stored(argument.value) {
        Stored::Null => statement.bind(None::<i64>),
        Stored::Int(number) => statement.bind(number),
        Stored::Real(number) => statement.bind(number),
        Stored::Text(text) => statement.bind(text),
        Stored::Blob(bytes) => statement.bind(bytes),
    })
}
