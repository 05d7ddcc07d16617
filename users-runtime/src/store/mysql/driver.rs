//! Running statements on MySQL and MariaDB.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use async_trait::async_trait;
use sqlx::{
    Connection, MySql as Db, MySqlConnection, MySqlPool,
    mysql::{MySqlArguments, MySqlQueryResult, MySqlRow},
    query::Query as SqlxQuery,
};

use super::{
    dialect::{self, MySqlDialect},
    failure::{failure, is_lost},
    inspect,
    values::{UuidForm, bind, read},
};
use crate::{
    store::{
        SharedTransaction, StoreError, StoreTransaction,
        sql::{
            again::again_while,
            dialect::Dialect,
            driver::{
                AddressColumns, Argument, Driver, Failure, Query, Rows, TableInfo, Transaction,
                Write,
            },
            held::{Held, Shared},
        },
    },
    value::{Column, Kind, Value},
};

/// Waits for the lock that migrations hold, one per database, for as long as the longest change to a large table may take.
const LOCK: &str =
    "SELECT GET_LOCK(CONCAT('users_migration_', LEFT(SHA2(DATABASE(), 256), 40)), 3600)";

/// Whether the server refuses what it cannot hold, and takes texts for what they are.
const IS_STRICT: &str = "SELECT (@@SESSION.sql_mode LIKE '%STRICT_TRANS_TABLES%' OR @@SESSION.sql_mode LIKE '%STRICT_ALL_TABLES%') \
                             AND @@SESSION.character_set_client = 'utf8mb4'";

/// The driver of [`MySqlStore`](super::MySqlStore).
#[derive(Clone, Debug)]
pub struct MySql {
    pool: MySqlPool,
    /// Whether the connections are known to be as they must be; `None` where each may be another, since the application makes them.
    is_strict: Option<Arc<AtomicBool>>,
    dialect: &'static MySqlDialect,
    /// The application's transaction on which the statements run.
    within: Option<Shared<Db>>,
}

impl MySql {
    /// A pool of the application's own.
    pub(super) fn new(pool: MySqlPool) -> Self {
        Self {
            pool,
            is_strict: None,
            dialect: &dialect::HYPHENATED,
            within: None,
        }
    }

    /// A pool whose connections are all set up alike, and strict.
    pub(super) fn with_own(pool: MySqlPool) -> Self {
        Self {
            pool,
            is_strict: Some(Arc::default()),
            dialect: &dialect::HYPHENATED,
            within: None,
        }
    }

    /// With UUIDs in another form.
    pub(super) fn with_uuids(self, dialect: &'static MySqlDialect) -> Self {
        Self { dialect, ..self }
    }

    pub(super) fn pool(&self) -> &MySqlPool {
        &self.pool
    }

    /// Refuses to write through a connection on which the server would cut a value or change it.
    async fn ensure_strict(&self, connection: &mut MySqlConnection) -> sqlx::Result<()> {
        if self
            .is_strict
            .as_ref()
            .is_some_and(|known| known.load(Ordering::Relaxed))
        {
            return Ok(());
        }
        if !sqlx::query_scalar(IS_STRICT).fetch_one(connection).await? {
            let told = "the pool's connections need the character set `utf8mb4`, and `STRICT_TRANS_TABLES` or \
                        `STRICT_ALL_TABLES` in their `sql_mode`: without, the server changes what it cannot hold";
            return Err(sqlx::Error::Configuration(told.into()));
        }
        self.is_strict
            .iter()
            .for_each(|known| known.store(true, Ordering::Relaxed));
        Ok(())
    }

    async fn begin(&self, how: &'static str) -> sqlx::Result<Held<Db>> {
        let mut transaction = match &self.within {
            Some(shared) => Held::savepoint(shared).await?,
            None => Held::Own(self.pool.begin_with(how).await?),
        };
        self.ensure_strict(&mut transaction).await?;
        Ok(transaction)
    }

    /// The application's transaction, where the statements run on one.
    async fn applications(&self) -> Result<Option<MySqlTransaction>, Failure> {
        let Some(shared) = &self.within else {
            return Ok(None);
        };
        let mut guard = Arc::clone(shared).lock_owned().await;
        self.ensure_strict(&mut guard).await.map_err(failure)?;
        Ok(Some(
            self.transaction(Inner::Open(Held::Application(guard))),
        ))
    }

    fn transaction(&self, inner: Inner) -> MySqlTransaction {
        MySqlTransaction {
            inner,
            uuids: self.dialect.uuids,
        }
    }

    async fn try_write(&self, write: &Write<'_>) -> sqlx::Result<Vec<MySqlRow>> {
        let mut transaction = self.begin("START TRANSACTION").await?;
        match write_and_read(&mut transaction, write, self.dialect.uuids).await {
            Ok(rows) => transaction.commit().await.map(|()| rows),
            Err(error) => {
                // Now, or others would wait for the locks. If it fails, the connection is gone, and the server does it.
                let _ = transaction.rollback().await;
                Err(error)
            }
        }
    }

    async fn try_execute(&self, query: &Query) -> sqlx::Result<MySqlQueryResult> {
        let mut connection = self.pool.acquire().await?;
        self.ensure_strict(&mut connection).await?;
        bound(query.clone(), self.dialect.uuids)
            .execute(&mut *connection)
            .await
    }
}

#[async_trait]
impl Driver for MySql {
    type Transaction = MySqlTransaction;

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
        if let Some(mut transaction) = self.applications().await? {
            return transaction.rows(query, columns).await;
        }
        let rows = bound(query, self.dialect.uuids)
            .fetch_all(&self.pool)
            .await
            .map_err(failure)?;
        rows.iter().map(|row| read(row, columns)).collect()
    }

    async fn write(&self, write: Write<'_>, columns: &[Column]) -> Result<Rows, Failure> {
        if let Some(mut transaction) = self.applications().await? {
            return transaction.write(write, columns).await;
        }
        let result = again_while(is_lost, || self.try_write(&write)).await;
        result
            .map_err(failure)?
            .iter()
            .map(|row| read(row, columns))
            .collect()
    }

    async fn execute(&self, query: Query) -> Result<u64, Failure> {
        if let Some(mut transaction) = self.applications().await? {
            return transaction.execute(query).await;
        }
        let result = again_while(is_lost, || self.try_execute(&query)).await;
        Ok(result.map_err(failure)?.rows_affected())
    }

    async fn begin_write(&self) -> Result<Self::Transaction, Failure> {
        let transaction = self.begin("START TRANSACTION").await.map_err(failure)?;
        Ok(self.transaction(Inner::Open(transaction)))
    }

    /// A connection outside of the pool: the lock is the connection's, and goes with it however the migration ends.
    async fn begin_migration(&self) -> Result<Self::Transaction, Failure> {
        let mut connection = self.pool.acquire().await.map_err(failure)?.detach();
        self.ensure_strict(&mut connection).await.map_err(failure)?;
        let is_locked: Option<i64> = sqlx::query_scalar(LOCK)
            .fetch_one(&mut connection)
            .await
            .map_err(failure)?;
        match is_locked {
            Some(1) => Ok(self.transaction(Inner::Migrating(connection))),
            _ => Err(Failure::Unavailable("another process is migrating".into())),
        }
    }

    async fn begin_read(&self) -> Result<Self::Transaction, Failure> {
        let transaction = self.begin("START TRANSACTION READ ONLY").await;
        Ok(self.transaction(Inner::Open(transaction.map_err(failure)?)))
    }
}

/// A transaction on MySQL or MariaDB.
pub struct MySqlTransaction {
    inner: Inner,
    uuids: UuidForm,
}

enum Inner {
    /// One that can be undone.
    Open(Held<Db>),
    /// A connection that keeps other migrations away. The server keeps each change to a table at once.
    Migrating(MySqlConnection),
}

impl MySqlTransaction {
    fn connection(&mut self) -> &mut MySqlConnection {
        match &mut self.inner {
            Inner::Open(transaction) => transaction,
            Inner::Migrating(connection) => connection,
        }
    }
}

#[async_trait]
impl Transaction for MySqlTransaction {
    async fn rows(&mut self, query: Query, columns: &[Column]) -> Result<Rows, Failure> {
        let rows = bound(query, self.uuids)
            .fetch_all(self.connection())
            .await
            .map_err(failure)?;
        rows.iter().map(|row| read(row, columns)).collect()
    }

    async fn write(&mut self, write: Write<'_>, columns: &[Column]) -> Result<Rows, Failure> {
        let uuids = self.uuids;
        let rows = write_and_read(self.connection(), &write, uuids)
            .await
            .map_err(failure)?;
        rows.iter().map(|row| read(row, columns)).collect()
    }

    async fn execute(&mut self, query: Query) -> Result<u64, Failure> {
        Ok(bound(query, self.uuids)
            .execute(self.connection())
            .await
            .map_err(failure)?
            .rows_affected())
    }

    async fn has_table(&mut self, table: &str) -> Result<bool, Failure> {
        inspect::has_table(self.connection(), table)
            .await
            .map_err(failure)
    }

    async fn has_index(&mut self, table: &str, index: &str) -> Result<bool, Failure> {
        inspect::has_index(self.connection(), table, index)
            .await
            .map_err(failure)
    }

    async fn inspect(
        &mut self,
        table: &str,
        email: Option<AddressColumns>,
    ) -> Result<Option<TableInfo>, Failure> {
        inspect::table(self.connection(), table, email)
            .await
            .map_err(failure)
    }

    async fn commit(self) -> Result<(), Failure> {
        match self.inner {
            Inner::Open(transaction) => transaction.commit().await.map_err(failure),
            Inner::Migrating(connection) => connection.close().await.map_err(failure),
        }
    }

    async fn rollback(self) -> Result<(), Failure> {
        match self.inner {
            Inner::Open(transaction) => transaction.rollback().await.map_err(failure),
            Inner::Migrating(connection) => connection.close().await.map_err(failure),
        }
    }
}

impl StoreTransaction for sqlx::Transaction<'static, Db> {
    type Connection = MySqlConnection;

    fn connection(&mut self) -> &mut MySqlConnection {
        self
    }

    async fn commit(self) -> Result<(), StoreError> {
        Ok(Self::commit(self).await.map_err(failure)?)
    }

    async fn rollback(self) -> Result<(), StoreError> {
        Ok(Self::rollback(self).await.map_err(failure)?)
    }
}

/// Writes a row, which keeps it from others until the transaction ends, and reads it again.
async fn write_and_read(
    connection: &mut MySqlConnection,
    write: &Write<'_>,
    uuids: UuidForm,
) -> sqlx::Result<Vec<MySqlRow>> {
    let done = bound(write.query.clone(), uuids)
        .execute(&mut *connection)
        .await?;
    // A row that is found counts as changed, be there what was there already: sqlx asks for that.
    if done.rows_affected() == 0 {
        return Ok(Vec::new());
    }
    let assigned = || {
        Argument::new(
            Kind::BigInt,
            Value::Int(i64::try_from(done.last_insert_id()).unwrap_or(i64::MAX)),
        )
    };
    let id = write
        .id
        .and_then(|position| write.query.arguments.get(position))
        .cloned()
        .unwrap_or_else(assigned);
    let times = if id.kind == Kind::Text {
        dialect::HYPHENATED.arguments_of_text_equals()
    } else {
        1
    };
    let arguments = std::iter::repeat_n(id, times).collect();
    let find = Query {
        sql: write.find.clone(),
        arguments,
    };
    bound(find, uuids).fetch_all(connection).await
}

/// A statement that stays prepared on its connection, if it has arguments: those without run once in a store's life.
fn bound(query: Query, uuids: UuidForm) -> SqlxQuery<'static, Db, MySqlArguments> {
    let is_lasting = !query.arguments.is_empty();
    query.arguments.into_iter().fold(
        sqlx::query(query.sql).persistent(is_lasting),
        |statement, argument| bind(statement, argument, uuids),
    )
}
