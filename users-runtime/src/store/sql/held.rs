//! The transaction that a driver's statements run in: the store's own, or a part of the application's.

use std::{
    ops::{Deref, DerefMut},
    sync::Arc,
};

use sqlx::{Database, Executor, Transaction};
use tokio::sync::{Mutex, OwnedMutexGuard};

/// A transaction of the application, shared with it.
pub(in crate::store) type Shared<Db> = Arc<Mutex<Transaction<'static, Db>>>;

/// A transaction on one connection.
pub(in crate::store) enum Held<Db: Database> {
    /// The store's own.
    Own(Transaction<'static, Db>),
    /// The application's, whose next statements wait until this is dropped.
    Application(OwnedMutexGuard<Transaction<'static, Db>>),
}

impl<Db: Database> Held<Db>
where
    for<'c> &'c mut Db::Connection: Executor<'c, Database = Db>,
{
    /// A part of the application's transaction that can be undone alone.
    pub(in crate::store) async fn savepoint(shared: &Shared<Db>) -> sqlx::Result<Self> {
        let mut guard = Arc::clone(shared).lock_owned().await;
        run(&mut guard, "SAVEPOINT users_runtime").await?;
        Ok(Self::Application(guard))
    }

    /// Keeps what was done, as far as the application commits.
    pub(in crate::store) async fn commit(self) -> sqlx::Result<()> {
        match self {
            Self::Own(transaction) => transaction.commit().await,
            Self::Application(mut guard) => {
                run(&mut guard, "RELEASE SAVEPOINT users_runtime").await
            }
        }
    }

    /// Undoes what was done since it began.
    pub(in crate::store) async fn rollback(self) -> sqlx::Result<()> {
        match self {
            Self::Own(transaction) => transaction.rollback().await,
            Self::Application(mut guard) => {
                run(&mut guard, "ROLLBACK TO SAVEPOINT users_runtime").await
            }
        }
    }
}

async fn run<Db: Database>(
    connection: &mut Transaction<'static, Db>,
    sql: &'static str,
) -> sqlx::Result<()>
where
    for<'c> &'c mut Db::Connection: Executor<'c, Database = Db>,
{
    // Not a prepared statement: MySQL does not prepare all of these.
    (&mut **connection).execute(sqlx::raw_sql(sql)).await?;
    Ok(())
}

impl<Db: Database> Deref for Held<Db> {
    type Target = Db::Connection;

    fn deref(&self) -> &Self::Target {
        match self {
            Self::Own(transaction) => transaction,
            Self::Application(guard) => guard,
        }
    }
}

impl<Db: Database> DerefMut for Held<Db> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        match self {
            Self::Own(transaction) => transaction,
            Self::Application(guard) => guard,
        }
    }
}
