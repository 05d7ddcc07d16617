//! The suite that judges every store.

use std::sync::{Arc, Mutex};

use sea_orm::ConnectionTrait;
use tempfile::TempDir;
use users_runtime::{
    UserModel, async_trait,
    conformance::{self, Member, Stores, UuidId},
    store::{SeaOrmStore, UserStore},
};

use crate::{
    judged::{WITHOUT_EMAIL_INDEX, failed, is_whole},
    support::{connect, migrated},
};

struct InMemory;

#[async_trait]
impl<U: UserModel> Stores<U> for InMemory {
    async fn fresh(&self) -> Arc<dyn UserStore<U>> {
        let store = migrated().await;
        store.check().await.expect("tables that fit");
        Arc::new(store)
    }
}

/// Files with several connections each.
#[derive(Default)]
struct InFiles(Mutex<Vec<TempDir>>);

#[async_trait]
impl<U: UserModel> Stores<U> for InFiles {
    async fn fresh(&self) -> Arc<dyn UserStore<U>> {
        let folder = tempfile::tempdir().expect("a folder");
        let connection = connect(
            &format!("sqlite://{}/users.db?mode=rwc", folder.path().display()),
            8,
        )
        .await;
        connection
            .execute_unprepared("PRAGMA journal_mode = WAL")
            .await
            .expect("a write-ahead log");
        let store = SeaOrmStore::new(connection).expect("a store");
        store.migrate().await.expect("tables");
        self.0.lock().expect("no panic").push(folder);
        Arc::new(store)
    }
}

/// Stores whose addresses are unique with regard to case.
struct WithoutIndex;

#[async_trait]
impl<U: UserModel> Stores<U> for WithoutIndex {
    async fn fresh(&self) -> Arc<dyn UserStore<U>> {
        let store = migrated().await;
        store
            .connection()
            .execute_unprepared("DROP INDEX ix_user_email_lower")
            .await
            .expect("valid SQL");
        Arc::new(store)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_in_memory_conforms() {
    let report = conformance::run(&InMemory).await;
    is_whole(&report);
}

/// An id of MongoDB's is a text here.
#[cfg(feature = "mongodb")]
#[tokio::test(flavor = "multi_thread")]
async fn a_database_with_object_ids_conforms() {
    conformance::run_for::<Member<users_runtime::value::ObjectId>>(&InFiles::default())
        .await
        .assert();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_in_a_file_conforms() {
    conformance::run(&InFiles::default()).await.assert();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_does_not_conform_is_told_why() {
    let report = conformance::run_for::<Member<UuidId>>(&WithoutIndex).await;
    let checks = failed(&report);
    assert!(checks.contains(&WITHOUT_EMAIL_INDEX[2]), "{checks:?}");
}
