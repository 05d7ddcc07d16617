//! Running statements on PostgreSQL.

use std::sync::Arc;

use async_trait::async_trait;
use sqlx::{
    Connection as _, PgConnection, PgPool, Postgres as Db, postgres::PgArguments,
    query::Query as SqlxQuery,
};

use super::{
    dialect::PostgresDialect,
    failure::{failure, is_outdated, is_unprepared},
    inspect,
    values::{bind, read},
};
use crate::{
    store::{
        SharedTransaction, StoreError, StoreTransaction,
        sql::{
            dialect::Dialect,
            driver::{AddressColumns, Driver, Failure, Query, Rows, TableInfo, Transaction},
            held::{Held, Shared},
            prepared::{Prepared, numbered},
        },
    },
    value::Column,
};

/// The number of the lock that migrations hold; it is one per database, and unlikely to be used by another program.
pub(in crate::store) const MIGRATING: i64 = 0x7573_6572_735f_7273;

/// The driver of [`PostgresStore`](super::PostgresStore).
#[derive(Clone, Debug)]
pub struct Postgres {
    pool: PgPool,
    prepared: Prepared,
    /// Whether a connection is only the same one within a transaction.
    pools_transactions: bool,
    /// The application's transaction on which the statements run.
    within: Option<Shared<Db>>,
}

impl Postgres {
    pub(super) fn new(pool: PgPool) -> Self {
        Self {
            pool,
            prepared: Prepared::default(),
            pools_transactions: false,
            within: None,
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

    async fn rows_on(
        &self,
        connection: &mut PgConnection,
        query: Query,
        columns: &[Column],
    ) -> Result<Rows, Failure> {
        if !self.pools_transactions {
            return rows(connection, &self.prepared, true, query, columns).await;
        }
        let mut transaction = connection.begin().await.map_err(failure)?;
        let rows = rows(&mut transaction, &self.prepared, false, query, columns).await?;
        transaction.commit().await.map_err(failure)?;
        Ok(rows)
    }

    async fn begin(&self, how: &'static str) -> Result<PostgresTransaction, Failure> {
        let inner = match &self.within {
            Some(shared) => Held::savepoint(shared).await,
            None => self.pool.begin_with(how).await.map(Held::Own),
        };
        Ok(self.transaction(inner.map_err(failure)?))
    }

    fn transaction(&self, inner: Held<Db>) -> PostgresTransaction {
        PostgresTransaction {
            inner,
            prepared: self.prepared.clone(),
            stays_prepared: !self.pools_transactions,
        }
    }

    /// The application's transaction, where the statements run on one.
    async fn applications(&self) -> Option<PostgresTransaction> {
        let guard = Arc::clone(self.within.as_ref()?).lock_owned().await;
        Some(self.transaction(Held::Application(guard)))
    }
}

#[async_trait]
impl Driver for Postgres {
    type Transaction = PostgresTransaction;

    fn dialect(&self) -> &'static dyn Dialect {
        &PostgresDialect {
            sends_untyped: true,
        }
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
            return transaction.try_rows(query, columns).await;
        }
        // One connection for both attempts: it has learnt what the second needs.
        let mut connection = self.pool.acquire().await.map_err(failure)?;
        match self.rows_on(&mut connection, query.clone(), columns).await {
            // Nothing has run yet.
            Err(Failure::Undone(_)) => self.rows_on(&mut connection, query, columns).await,
            result => result,
        }
    }

    async fn execute(&self, query: Query) -> Result<u64, Failure> {
        if let Some(mut transaction) = self.applications().await {
            return transaction.execute(query).await;
        }
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
    inner: Held<Db>,
    prepared: Prepared,
    stays_prepared: bool,
}

#[async_trait]
impl Transaction for PostgresTransaction {
    async fn rows(&mut self, query: Query, columns: &[Column]) -> Result<Rows, Failure> {
        let (prepared, lasts) = (&self.prepared, self.stays_prepared);
        rows(&mut self.inner, prepared, lasts, query, columns).await
    }

    async fn try_rows(&mut self, query: Query, columns: &[Column]) -> Result<Rows, Failure> {
        match self.rows_in_savepoint(query.clone(), columns).await {
            // Nothing has run yet.
            Err(Failure::Undone(_)) => self.rows_in_savepoint(query, columns).await,
            result => result,
        }
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
    type Connection = PgConnection;

    fn connection(&mut self) -> &mut PgConnection {
        self
    }

    async fn commit(self) -> Result<(), StoreError> {
        Ok(Self::commit(self).await.map_err(failure)?)
    }

    async fn rollback(self) -> Result<(), StoreError> {
        Ok(Self::rollback(self).await.map_err(failure)?)
    }
}

impl PostgresTransaction {
    /// Runs a statement whose failure does not end the transaction.
    async fn rows_in_savepoint(
        &mut self,
        query: Query,
        columns: &[Column],
    ) -> Result<Rows, Failure> {
        let mut savepoint = self.inner.begin().await.map_err(failure)?;
        let (prepared, lasts) = (&self.prepared, self.stays_prepared);
        let rows = rows(&mut savepoint, prepared, lasts, query, columns).await;
        let ended = match &rows {
            Ok(_) => savepoint.commit().await,
            Err(_) => savepoint.rollback().await,
        };
        ended.map_err(failure)?;
        rows
    }
}

/// Reads every row of an answer. What must be prepared again is reported as undone: it has not run, but it ends a transaction.
async fn rows(
    connection: &mut PgConnection,
    prepared: &Prepared,
    stays_prepared: bool,
    query: Query,
    columns: &[Column],
) -> Result<Rows, Failure> {
    let number = prepared.number();
    let rows = match bound(query, number, stays_prepared)
        .fetch_all(connection)
        .await
    {
        Err(error) if is_outdated(&error) => {
            prepared.renew(number);
            return Err(failure(error).into_undone());
        }
        Err(error) if is_unprepared(&error) => return Err(failure(error).into_undone()),
        result => result.map_err(failure)?,
    };
    rows.iter().map(|row| read(row, columns)).collect()
}

/// A statement, which may stay prepared on its connection, if it has arguments: those without run once in a store's life.
fn bound(query: Query, number: u32, stays_prepared: bool) -> SqlxQuery<'static, Db, PgArguments> {
    let is_lasting = stays_prepared && !query.arguments.is_empty();
    query.arguments.into_iter().fold(
        sqlx::query(numbered(query.sql, number)).persistent(is_lasting),
        bind,
    )
}
