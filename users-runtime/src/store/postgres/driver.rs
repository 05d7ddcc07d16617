//! Running statements on PostgreSQL.

use sqlx::{Connection, PgPool, Postgres as Db, postgres::PgArguments, query::Query as SqlxQuery};

use super::{
    dialect::PostgresDialect,
    failure::{failure, is_outdated},
    inspect,
    values::{bind, read},
};
use crate::{
    model::Column,
    store::sql::{
        dialect::Dialect,
        driver::{Driver, Failure, Query, Rows, TableInfo, Transaction},
    },
};

/// The number of the lock that migrations hold; it is one per database, and nobody else's by chance.
pub(in crate::store) const MIGRATING: i64 = 0x7573_6572_735f_7273;

/// The driver of [`PostgresStore`](super::PostgresStore).
#[derive(Clone, Debug)]
pub struct Postgres {
    pool: PgPool,
}

impl Postgres {
    pub(super) fn new(pool: PgPool) -> Self {
        Self { pool }
    }

    pub(super) fn pool(&self) -> &PgPool {
        &self.pool
    }

    async fn begin(&self, how: &'static str) -> Result<PostgresTransaction, Failure> {
        Ok(PostgresTransaction { inner: self.pool.begin_with(how).await.map_err(failure)? })
    }
}

impl Driver for Postgres {
    type Transaction = PostgresTransaction;

    fn dialect(&self) -> &'static dyn Dialect {
        &PostgresDialect
    }

    async fn rows(&self, query: Query, columns: &'static [Column]) -> Result<Rows, Failure> {
        let mut connection = self.pool.acquire().await.map_err(failure)?;
        let rows = match bound(query.clone()).fetch_all(&mut *connection).await {
            // Nothing has run yet. Without this, a connection would refuse the statement for the rest of its life.
            Err(error) if is_outdated(&error) => {
                connection.clear_cached_statements().await.map_err(failure)?;
                bound(query).fetch_all(&mut *connection).await
            }
            result => result,
        };
        rows.map_err(failure)?.iter().map(|row| read(row, columns)).collect()
    }

    async fn execute(&self, query: Query) -> Result<u64, Failure> {
        Ok(bound(query).execute(&self.pool).await.map_err(failure)?.rows_affected())
    }

    async fn begin_write(&self) -> Result<Self::Transaction, Failure> {
        self.begin("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE").await
    }

    /// A statement sees what was committed before it, so after the wait it sees what the other process has made.
    async fn begin_migration(&self) -> Result<Self::Transaction, Failure> {
        let mut transaction = self.begin_write().await?;
        let lock = sqlx::query("SELECT pg_advisory_xact_lock($1)").bind(MIGRATING);
        lock.execute(&mut *transaction.inner).await.map_err(failure)?;
        Ok(transaction)
    }

    async fn begin_read(&self) -> Result<Self::Transaction, Failure> {
        self.begin("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await
    }
}

/// A transaction on PostgreSQL.
pub struct PostgresTransaction {
    inner: sqlx::Transaction<'static, Db>,
}

impl Transaction for PostgresTransaction {
    async fn rows(&mut self, query: Query, columns: &'static [Column]) -> Result<Rows, Failure> {
        let rows = bound(query).fetch_all(&mut *self.inner).await.map_err(failure)?;
        rows.iter().map(|row| read(row, columns)).collect()
    }

    async fn execute(&mut self, query: Query) -> Result<u64, Failure> {
        Ok(bound(query).execute(&mut *self.inner).await.map_err(failure)?.rows_affected())
    }

    async fn has_table(&mut self, table: &str) -> Result<bool, Failure> {
        inspect::has_table(self, table).await
    }

    async fn has_index(&mut self, table: &str, index: &str) -> Result<bool, Failure> {
        inspect::has_index(self, table, index).await
    }

    async fn inspect(&mut self, table: &str, email: Option<&str>) -> Result<Option<TableInfo>, Failure> {
        inspect::table(self, table, email).await
    }

    async fn commit(self) -> Result<(), Failure> {
        self.inner.commit().await.map_err(failure)
    }
}

/// A statement that stays prepared on its connection, if it has arguments: those without run once in a store's life.
fn bound(query: Query) -> SqlxQuery<'static, Db, PgArguments> {
    let is_lasting = !query.arguments.is_empty();
    query.arguments.into_iter().fold(sqlx::query(query.sql).persistent(is_lasting), bind)
}
