//! Typed errors, and what they do not show.

use std::time::Duration;

use chrono::Utc;
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, SqliteTransactionMode, TransactionOptions,
    TransactionTrait,
};
use users_runtime::{
    UserModel, UserStore,
    conformance::{Member, UuidId},
    store::{AccessToken, AccessTokenStore, SeaOrmStore, StoreError},
};

use crate::support::{memory, user, values};

type User = Member<UuidId>;

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
    let store = memory::<User>().await;
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

#[tokio::test]
async fn a_deletion_that_fails_deletes_nothing() {
    let store = memory::<User>().await;
    let ada = user(&store, "ada@example.com").await;
    let token = AccessToken {
        token: "t".into(),
        user_id: ada.account().id.clone(),
        created_at: Utc::now(),
    };
    store.insert_token(token).await.expect("a token");
    let sql = "CREATE TRIGGER no BEFORE DELETE ON user BEGIN SELECT RAISE(ABORT, 'no'); END";
    store
        .connection()
        .execute_unprepared(sql)
        .await
        .expect("valid SQL");
    assert!(store.delete(ada.account().id).await.is_err());
    assert!(store.find_token(&["t"]).await.expect("an answer").is_some());
    assert!(
        store
            .find(ada.account().id)
            .await
            .expect("an answer")
            .is_some()
    );
}

#[tokio::test]
async fn a_token_for_a_user_who_is_gone_is_refused() {
    let store = memory::<User>().await;
    let ada = user(&store, "ada@example.com").await;
    store.delete(ada.account().id).await.expect("deleted");
    let token = AccessToken {
        token: "t".into(),
        user_id: ada.account().id.clone(),
        created_at: Utc::now(),
    };
    assert!(matches!(
        store.insert_token(token).await,
        Err(StoreError::NotFound)
    ));
}

#[tokio::test]
async fn what_is_no_user_is_named_by_its_column_only() {
    let store = memory::<User>().await;
    let ada = user(&store, "ada@example.com").await;
    store
        .connection()
        .execute_unprepared("UPDATE user SET is_active = 'secret'")
        .await
        .expect("valid SQL");
    let error = store.find(ada.account().id).await.expect_err("no user");
    let shown = format!(
        "{error} {error:?} {}",
        std::error::Error::source(&error).expect("a source")
    );
    assert!(
        shown.contains("is_active") && !shown.contains("secret"),
        "{shown}"
    );
}
