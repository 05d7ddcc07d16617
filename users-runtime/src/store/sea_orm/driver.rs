//! Running statements through SeaORM.

use std::fmt;

use ::sea_orm::{ConnectionTrait, DatabaseConnection, DatabaseTransaction, Statement, TransactionOptions, TransactionTrait};
use sqlx::SqlStr;

use super::{backend::Backend, failure::failure, values::bound};
use crate::{
    model::{Column, Kind, Value},
    store::{
        StoreError,
        sql::{
            dialect::Dialect,
            driver::{Argument, Driver, Failure, Query, Rows, TableInfo, Transaction},
        },
    },
};

/// The driver of [`SeaOrmStore`](super::SeaOrmStore).
#[derive(Clone)]
pub struct SeaOrm {
    connection: DatabaseConnection,
    backend: Backend,
}

impl SeaOrm {
    pub(super) fn new(connection: DatabaseConnection) -> Result<Self, StoreError> {
        Ok(Self { backend: Backend::of(&connection)?, connection })
    }

    pub(super) fn connection(&self) -> &DatabaseConnection {
        &self.connection
    }

    async fn begin(&self, options: TransactionOptions) -> Result<SeaOrmTransaction, Failure> {
        let inner = self.connection.begin_with_options(options).await;
        Ok(SeaOrmTransaction { inner: inner.map_err(|error| failure(error, self.backend))?, backend: self.backend })
    }
}

impl fmt::Debug for SeaOrm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SeaOrm").field("backend", &self.backend).finish_non_exhaustive()
    }
}

impl Driver for SeaOrm {
    type Transaction = SeaOrmTransaction;

    fn dialect(&self) -> &'static dyn Dialect {
        self.backend.dialect()
    }

    async fn rows(&self, query: Query, columns: &'static [Column]) -> Result<Rows, Failure> {
        rows(&self.connection, self.backend, query, columns).await
    }

    async fn execute(&self, query: Query) -> Result<u64, Failure> {
        execute(&self.connection, self.backend, query).await
    }

    async fn begin_write(&self) -> Result<Self::Transaction, Failure> {
        self.begin(self.backend.writing()).await
    }

    async fn begin_migration(&self) -> Result<Self::Transaction, Failure> {
        let mut transaction = self.begin_write().await?;
        if let Some(lock) = self.backend.migration_lock() {
            let arguments = vec![Argument { kind: Kind::BigInt, value: Value::Int(lock) }];
            transaction.execute(Query { sql: SqlStr::from_static("SELECT pg_advisory_xact_lock($1)"), arguments }).await?;
        }
        Ok(transaction)
    }

    async fn begin_read(&self) -> Result<Self::Transaction, Failure> {
        self.begin(self.backend.reading()).await
    }
}

/// A transaction of SeaORM's.
pub struct SeaOrmTransaction {
    inner: DatabaseTransaction,
    backend: Backend,
}

impl Transaction for SeaOrmTransaction {
    async fn rows(&mut self, query: Query, columns: &'static [Column]) -> Result<Rows, Failure> {
        rows(&self.inner, self.backend, query, columns).await
    }

    async fn execute(&mut self, query: Query) -> Result<u64, Failure> {
        execute(&self.inner, self.backend, query).await
    }

    async fn has_table(&mut self, table: &str) -> Result<bool, Failure> {
        self.backend.has_table(self, table).await
    }

    async fn has_index(&mut self, table: &str, index: &str) -> Result<bool, Failure> {
        self.backend.has_index(self, table, index).await
    }

    async fn inspect(&mut self, table: &str, email: Option<&str>) -> Result<Option<TableInfo>, Failure> {
        self.backend.inspect(self, table, email).await
    }

    async fn commit(self) -> Result<(), Failure> {
        self.inner.commit().await.map_err(|error| failure(error, self.backend))
    }
}

async fn rows(
    connection: &impl ConnectionTrait,
    backend: Backend,
    query: Query,
    columns: &'static [Column],
) -> Result<Rows, Failure> {
    // Every row, so that an error of the commit behind the last one is heard.
    let rows = connection.query_all_raw(statement(backend, query)).await.map_err(|error| failure(error, backend))?;
    rows.iter().map(|row| backend.read(row, columns)).collect()
}

async fn execute(connection: &impl ConnectionTrait, backend: Backend, query: Query) -> Result<u64, Failure> {
    let done = connection.execute_raw(statement(backend, query)).await.map_err(|error| failure(error, backend))?;
    Ok(done.rows_affected())
}

fn statement(backend: Backend, query: Query) -> Statement {
    let argument = |Argument { kind, value }| bound(Argument { kind, value: backend.sent(value) });
    Statement::from_sql_and_values(backend.name(), query.sql.as_str(), query.arguments.into_iter().map(argument))
}
