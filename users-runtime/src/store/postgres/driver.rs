//! Running statements on PostgreSQL.

use sqlx::{PgPool, Postgres as Db, postgres::PgArguments, query::Query as SqlxQuery};

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
        prepared::{Prepared, numbered},
    },
};

/// The number of the lock that migrations hold; it is one per database, and nobody else's by chance.
pub(in crate::store) const MIGRATING: i64 = 0x7573_6572_735f_7273;

/// The driver of [`PostgresStore`](super::PostgresStore).
#[derive(Clone, Debug)]
pub struct Postgres {
    pool: PgPool,
    prepared: Prepared,
    /// Whether a connection is only the same one within a transaction.
    pools_transactions: bool,
}

impl Postgres {
    pub(super) fn new(pool: PgPool) -> Self {
        Self {
            pool,
            prepared: Prepared::default(),
            pools_transactions: false,
        }
    }

    /// For a connection that is only the same one within a transaction.
    pub(super) fn with_transaction_pooling(self) -> Self {
        Self {
            pools_transactions: true,
            ..self
        }
    }

    pub(super) fn pool(&self) -> &PgPool {
        &self.pool
    }

    async fn begin(&self, how: &'static str) -> Result<PostgresTransaction, Failure> {
        let inner = self.pool.begin_with(how).await.map_err(failure)?;
        Ok(PostgresTransaction {
            inner,
            prepared: self.prepared.clone(),
            stays_prepared: !self.pools_transactions,
        })
    }
}

impl Driver for Postgres {
    type Transaction = PostgresTransaction;

    fn dialect(&self) -> &'static dyn Dialect {
        &PostgresDialect {
            sends_untyped: true,
        }
    }

    async fn rows(&self, query: Query, columns: &[Column]) -> Result<Rows, Failure> {
        if self.pools_transactions {
            let mut transaction = self.begin("BEGIN").await?;
            let rows = transaction.rows(query, columns).await?;
            return transaction.commit().await.map(|()| rows);
        }
        let number = self.prepared.number();
        let rows = match bound(query.clone(), number, true)
            .fetch_all(&self.pool)
            .await
        {
            // Nothing has run yet.
            Err(error) if is_outdated(&error) => {
                self.prepared.renew(number);
                bound(query, self.prepared.number(), true)
                    .fetch_all(&self.pool)
                    .await
            }
            result => result,
        };
        rows.map_err(failure)?
            .iter()
            .map(|row| read(row, columns))
            .collect()
    }

    async fn execute(&self, query: Query) -> Result<u64, Failure> {
        if self.pools_transactions {
            let mut transaction = self.begin("BEGIN").await?;
            let rows = transaction.execute(query).await?;
            return transaction.commit().await.map(|()| rows);
        }
        Ok(bound(query, self.prepared.number(), true)
            .execute(&self.pool)
            .await
            .map_err(failure)?
            .rows_affected())
    }

    async fn begin_write(&self) -> Result<Self::Transaction, Failure> {
        self.begin("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE")
            .await
    }

    /// A statement sees what was committed before it, so after the wait it sees what the other process has made.
    async fn begin_migration(&self) -> Result<Self::Transaction, Failure> {
        let mut transaction = self.begin_write().await?;
        let lock = sqlx::query("SELECT pg_advisory_xact_lock($1)").bind(MIGRATING);
        lock.persistent(false)
            .execute(&mut *transaction.inner)
            .await
            .map_err(failure)?;
        Ok(transaction)
    }

    async fn begin_read(&self) -> Result<Self::Transaction, Failure> {
        self.begin("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            .await
    }
}

/// A transaction on PostgreSQL.
pub struct PostgresTransaction {
    inner: sqlx::Transaction<'static, Db>,
    prepared: Prepared,
    stays_prepared: bool,
}

impl Transaction for PostgresTransaction {
    async fn rows(&mut self, query: Query, columns: &[Column]) -> Result<Rows, Failure> {
        let number = self.prepared.number();
        let rows = match bound(query, number, self.stays_prepared)
            .fetch_all(&mut *self.inner)
            .await
        {
            // The server does nothing more in this transaction.
            Err(error) if is_outdated(&error) => {
                self.prepared.renew(number);
                return Err(failure(error).into_undone());
            }
            result => result.map_err(failure)?,
        };
        rows.iter().map(|row| read(row, columns)).collect()
    }

    async fn execute(&mut self, query: Query) -> Result<u64, Failure> {
        Ok(bound(query, self.prepared.number(), self.stays_prepared)
            .execute(&mut *self.inner)
            .await
            .map_err(failure)?
            .rows_affected())
    }

    async fn has_table(&mut self, table: &str) -> Result<bool, Failure> {
        inspect::has_table(self, table).await
    }

    async fn has_index(&mut self, table: &str, index: &str) -> Result<bool, Failure> {
        inspect::has_index(self, table, index).await
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

/// A statement, which may stay prepared on its connection, if it has arguments: those without run once in a store's life.
fn bound(query: Query, number: u32, stays_prepared: bool) -> SqlxQuery<'static, Db, PgArguments> {
    let is_lasting = stays_prepared && !query.arguments.is_empty();
    query.arguments.into_iter().fold(
        sqlx::query(numbered(query.sql, number)).persistent(is_lasting),
        bind,
    )
}
