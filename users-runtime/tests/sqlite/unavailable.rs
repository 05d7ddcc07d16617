//! What keeps a store from answering for a while.

use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};
use users_runtime::{
    UserModel as _,
    store::{SqliteStore, StoreError, UserStore as _},
};

use crate::support::{Folder, User, migrated, user, values};

#[tokio::test]
async fn a_locked_database_is_unavailable_and_then_available_again() {
    let folder = Folder::new();
    let store = SqliteStore::<User>::connect(&folder.url())
        .await
        .expect("a database");
    store.migrate().await.expect("tables");
    let options =
        SqliteConnectOptions::new().filename(folder.url().trim_start_matches("sqlite://"));
    let pool = SqlitePoolOptions::new()
        .connect_with(options.busy_timeout(Duration::from_millis(50)))
        .await
        .expect("a pool");
    let impatient = SqliteStore::<User>::new(pool);
    let ada = user(&store, "ada@example.com").await;
    let lock = store
        .pool()
        .begin_with("BEGIN IMMEDIATE")
        .await
        .expect("the lock");
    assert!(matches!(
        impatient.insert(values::<User>("bob@example.com")).await,
        Err(StoreError::Unavailable(_))
    ));
    assert!(matches!(
        impatient.delete(ada.account().id).await,
        Err(StoreError::Unavailable(_))
    ));
    assert!(
        impatient
            .find(ada.account().id)
            .await
            .expect("readers do not wait")
            .is_some()
    );
    lock.rollback().await.expect("unlocked");
    user(&impatient, "bob@example.com").await;
}

#[tokio::test]
async fn a_closed_pool_a_missing_folder_and_an_exhausted_pool_are_unavailable() {
    let store = migrated::<User>().await;
    store.pool().close().await;
    assert!(matches!(
        store.find_by_email("ada@example.com").await,
        Err(StoreError::Unavailable(_))
    ));
    assert!(matches!(
        SqliteStore::<User>::connect("sqlite:///no/such/folder/users.db").await,
        Err(StoreError::Unavailable(_))
    ));
    let pool = SqlitePoolOptions::new()
        .max_connections(1)
        .acquire_timeout(Duration::from_secs(5));
    let store = SqliteStore::<User>::new(pool.connect("sqlite::memory:").await.expect("a pool"));
    store.migrate().await.expect("tables");
    let _only = store.pool().acquire().await.expect("the connection");
    assert!(matches!(
        store.find_by_email("ada@example.com").await,
        Err(StoreError::Unavailable(_))
    ));
}
