//! Transactions of the application, on which a store can run its statements.

use std::{any::Any, fmt, future::Future, sync::Arc};

use tokio::sync::Mutex;

use super::StoreError;

/// A transaction that the application has begun: what [`Users::within`](crate::Users::within) takes.
///
/// It is implemented for the transactions of the crates that this crate's stores use: `sqlx::Transaction` of SQLite, PostgreSQL and
/// MySQL, SeaORM's `DatabaseTransaction`, and MongoDB's `ClientSession` on which a transaction was started.
pub trait StoreTransaction: Send + Sized + 'static {
    /// What the application runs its own statements on.
    type Connection: Send;

    /// The connection of the transaction.
    fn connection(&mut self) -> &mut Self::Connection;

    /// Commits the transaction.
    ///
    /// # Errors
    ///
    /// When the database refuses or cannot be reached.
    fn commit(self) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Rolls the transaction back.
    ///
    /// # Errors
    ///
    /// When the database cannot be reached, which then rolls back by itself.
    fn rollback(self) -> impl Future<Output = Result<(), StoreError>> + Send;
}

/// A transaction of the application, as [`UserStore::within`](super::UserStore::within) receives it.
#[derive(Clone)]
pub struct SharedTransaction(Arc<dyn Any + Send + Sync>);

impl SharedTransaction {
    pub(crate) fn new<T: StoreTransaction>(transaction: Arc<Mutex<T>>) -> Self {
        Self(transaction)
    }

    /// The transaction; `None` where it is one of another type.
    pub fn get<T: StoreTransaction>(&self) -> Option<Arc<Mutex<T>>> {
        Arc::clone(&self.0).downcast().ok()
    }
}

impl fmt::Debug for SharedTransaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SharedTransaction").finish_non_exhaustive()
    }
}
