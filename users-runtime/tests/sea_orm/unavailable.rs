//! What keeps a store from answering for a while.

use std::time::Duration;

use sea_orm::{
    ConnectOptions, Database, SqliteTransactionMode, TransactionOptions, TransactionTrait,
};
use users_runtime::{
    UserModel as _,
    store::{SeaOrmStore, StoreError, UserStore as _},
};

use crate::support::{User, migrated, user, values};

#[tokio::test]
async fn a_locked_database_is_unavailable_and_then_available_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite://{}/users.db?mode=rwc", folder.path().display());
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(2)
        .map_sqlx_sqlite_opts(|options| options.busy_timeout(Duration::from_millis(50)));
    let store = SeaOrmStore::<User>::new(Database::connect(options).await.expect("a database"))
        .expect("a store");
    store.migrate().await.expect("tables");
    let ada = user(&store, "ada@example.com").await;
    let writing = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    let lock = store
        .connection()
        .begin_with_options(writing)
        .await
        .expect("the lock");
    assert!(matches!(
        store.insert(values::<User>("bob@example.com")).await,
        Err(StoreError::Unavailable(_))
    ));
    assert!(matches!(
        store.delete(ada.account().id).await,
        Err(StoreError::Unavailable(_))
    ));
    lock.rollback().await.expect("unlocked");
    user(&store, "bob@example.com").await;
}

#[tokio::test]
async fn a_closed_connection_is_unavailable() {
    let store = migrated::<User>().await;
    store.connection().close_by_ref().await.expect("closed");
    assert!(matches!(
        store.find_by_email("ada@example.com").await,
        Err(StoreError::Unavailable(_))
    ));
    assert!(matches!(
        store.insert(values::<User>("ada@example.com")).await,
        Err(StoreError::Unavailable(_))
    ));
}
