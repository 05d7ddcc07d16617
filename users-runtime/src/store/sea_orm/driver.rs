//! Running statements through SeaORM.

use std::{fmt, sync::Arc};

use ::sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, Statement, TransactionOptions,
    TransactionTrait,
};
use async_trait::async_trait;
use sqlx::SqlStr;
use tokio::sync::Mutex;

use super::{
    backend::Backend,
    failure::{failure, is_outdated},
    values::bound,
};
use crate::{
    store::{
        SharedTransaction, StoreError, StoreTransaction,
        sql::{
            dialect::Dialect,
            driver::{
                AddressColumns, Argument, Driver, Failure, Query, Rows, TableInfo, Transaction,
            },
            prepared::{Prepared, numbered},
        },
    },
    value::{Column, Kind, Value},
};

/// The driver of [`SeaOrmStore`](super::SeaOrmStore).
#[derive(Clone)]
pub struct SeaOrm {
    connection: DatabaseConnection,
    backend: Backend,
    prepared: Prepared,
    /// The application's transaction on which the statements run.
    within: Option<Arc<Mutex<DatabaseTransaction>>>,
}

impl SeaOrm {
    pub(super) fn new(connection: DatabaseConnection) -> Result<Self, StoreError> {
        Ok(Self {
            backend: Backend::of(connection.get_database_backend())?,
            connection,
            prepared: Prepared::default(),
            within: None,
        })
    }

    pub(super) fn connection(&self) -> &DatabaseConnection {
        &self.connection
    }

    async fn begin(&self, options: TransactionOptions) -> Result<SeaOrmTransaction, Failure> {
        let inner = match &self.within {
            // A savepoint; SeaORM lets the application's statements wait for each of its own.
            Some(shared) => shared.lock().await.begin().await,
            None => self.connection.begin_with_options(options).await,
        }
        .map_err(|error| failure(error, self.backend))?;
        Ok(SeaOrmTransaction {
            inner,
            backend: self.backend,
            prepared: self.prepared.clone(),
        })
    }
}

/// A part of the application's transaction is kept or undone with its only statement.
async fn ended<T>(
    transaction: SeaOrmTransaction,
    result: Result<T, Failure>,
) -> Result<T, Failure> {
    match result {
        Ok(value) => transaction.commit().await.map(|()| value),
        Err(error) => {
            let _ = transaction.rollback().await;
            Err(error)
        }
    }
}

impl fmt::Debug for SeaOrm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SeaOrm")
            .field("backend", &self.backend)
            .finish_non_exhaustive()
    }
}

#[async_trait]
impl Driver for SeaOrm {
    type Transaction = SeaOrmTransaction;

    fn dialect(&self) -> &'static dyn Dialect {
        self.backend.dialect()
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
        if self.is_within() {
            let mut transaction = self.begin_write().await?;
            let rows = transaction.rows(query, columns).await;
            return ended(transaction, rows).await;
        }
        match rows(
            &self.connection,
            self.backend,
            &self.prepared,
            query.clone(),
            columns,
        )
        .await
        {
            // Nothing has run yet.
            Err(Failure::Undone(_)) => {
                rows(
                    &self.connection,
                    self.backend,
                    &self.prepared,
                    query,
                    columns,
                )
                .await
            }
            result => result,
        }
    }

    async fn execute(&self, query: Query) -> Result<u64, Failure> {
        if self.is_within() {
            let mut transaction = self.begin_write().await?;
            let executed = transaction.execute(query).await;
            return ended(transaction, executed).await;
        }
        execute(&self.connection, self.backend, &self.prepared, query).await
    }

    async fn begin_write(&self) -> Result<Self::Transaction, Failure> {
        self.begin(self.backend.writing()).await
    }

    async fn begin_migration(&self) -> Result<Self::Transaction, Failure> {
        let mut transaction = self.begin_write().await?;
        if let Some(lock) = self.backend.migration_lock() {
            let arguments = vec![Argument::new(Kind::BigInt, Value::Int(lock))];
            transaction
                .execute(Query {
                    sql: SqlStr::from_static("SELECT pg_advisory_xact_lock($1)"),
                    arguments,
                })
                .await?;
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
    prepared: Prepared,
}

#[async_trait]
impl Transaction for SeaOrmTransaction {
    async fn rows(&mut self, query: Query, columns: &[Column]) -> Result<Rows, Failure> {
        rows(&self.inner, self.backend, &self.prepared, query, columns).await
    }

    async fn try_rows(&mut self, query: Query, columns: &[Column]) -> Result<Rows, Failure> {
        let failed = |error| failure(error, self.backend);
        let savepoint = self.inner.begin().await.map_err(failed)?;
        let rows = rows(&savepoint, self.backend, &self.prepared, query, columns).await;
        let ended = match &rows {
            Ok(_) => savepoint.commit().await,
            Err(_) => savepoint.rollback().await,
        };
        ended.map_err(failed)?;
        rows
    }

    async fn execute(&mut self, query: Query) -> Result<u64, Failure> {
        execute(&self.inner, self.backend, &self.prepared, query).await
    }

    async fn has_table(&mut self, table: &str) -> Result<bool, Failure> {
        self.backend.has_table(self, table).await
    }

    async fn has_index(&mut self, table: &str, index: &str) -> Result<bool, Failure> {
        self.backend.has_index(self, table, index).await
    }

    async fn inspect(
        &mut self,
        table: &str,
        email: Option<AddressColumns>,
    ) -> Result<Option<TableInfo>, Failure> {
        self.backend.inspect(self, table, email).await
    }

    async fn commit(self) -> Result<(), Failure> {
        self.inner
            .commit()
            .await
            .map_err(|error| failure(error, self.backend))
    }

    async fn rollback(self) -> Result<(), Failure> {
        self.inner
            .rollback()
            .await
            .map_err(|error| failure(error, self.backend))
    }
}

impl StoreTransaction for DatabaseTransaction {
    type Connection = Self;

    fn connection(&mut self) -> &mut Self {
        self
    }

    async fn commit(self) -> Result<(), StoreError> {
        let backend = Backend::of(self.get_database_backend())?;
        Ok(Self::commit(self)
            .await
            .map_err(|error| failure(error, backend))?)
    }

    async fn rollback(self) -> Result<(), StoreError> {
        let backend = Backend::of(self.get_database_backend())?;
        Ok(Self::rollback(self)
            .await
            .map_err(|error| failure(error, backend))?)
    }
}

/// Reads every row of an answer. What must be prepared again is reported as undone.
async fn rows(
    connection: &impl ConnectionTrait,
    backend: Backend,
    prepared: &Prepared,
    query: Query,
    columns: &[Column],
) -> Result<Rows, Failure> {
    // Every row, so that an error of the commit behind the last one is heard.
    let number = prepared.number();
    let rows = match connection
        .query_all_raw(statement(backend, query, number))
        .await
    {
        Err(error) if is_outdated(&error, backend) => {
            prepared.renew(number);
            return Err(failure(error, backend).into_undone());
        }
        result => result.map_err(|error| failure(error, backend))?,
    };
    rows.iter().map(|row| backend.read(row, columns)).collect()
}

async fn execute(
    connection: &impl ConnectionTrait,
    backend: Backend,
    prepared: &Prepared,
    query: Query,
) -> Result<u64, Failure> {
    let statement = statement(backend, query, prepared.number());
    Ok(connection
        .execute_raw(statement)
        .await
        .map_err(|error| failure(error, backend))?
        .rows_affected())
}

fn statement(backend: Backend, query: Query, number: u32) -> Statement {
    let has_arrays = backend.dialect().has_arrays();
    let argument = |argument: Argument| {
        bound(Argument {
            value: backend.sent(argument.value),
            items: argument.items.filter(|_| has_arrays),
            ..argument
        })
    };
    let sql = numbered(query.sql, number);
    Statement::from_sql_and_values(
        backend.name(),
        sql.as_str(),
        query.arguments.into_iter().map(argument),
    )
}
