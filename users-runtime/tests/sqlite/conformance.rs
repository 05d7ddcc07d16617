//! The suite that judges every store.

use std::sync::{Arc, Mutex};

use users_runtime::{
    UserModel, async_trait,
    conformance::{self, Holder, Stores, UuidId},
    store::{SqliteStore, UserStore},
};

use crate::{
    judged::{WITHOUT_EMAIL_INDEX, failed, is_whole},
    support::{Folder, User, migrated, run},
};

struct InMemory;

#[async_trait]
impl<U: UserModel> Stores<U> for InMemory {
    async fn fresh(&self) -> Arc<dyn UserStore<U>> {
        Arc::new(migrated().await)
    }
}

#[derive(Default)]
struct InFiles(Mutex<Vec<Folder>>);

#[async_trait]
impl<U: UserModel> Stores<U> for InFiles {
    async fn fresh(&self) -> Arc<dyn UserStore<U>> {
        let folder = Folder::new();
        let store = SqliteStore::connect(&folder.url())
            .await
            .expect("a database");
        store.migrate().await.expect("tables");
        store.check().await.expect("tables that fit");
        self.0.lock().expect("no panic").push(folder);
        Arc::new(store)
    }

    async fn pair(&self) -> [Arc<dyn UserStore<U>>; 2] {
        let folder = Folder::new();
        let connect = async || {
            let store = SqliteStore::connect(&folder.url()).await;
            store.expect("a database")
        };
        let (one, other) = (connect().await, connect().await);
        one.migrate().await.expect("tables");
        self.0.lock().expect("no panic").push(folder);
        [Arc::new(one), Arc::new(other)]
    }
}

/// Stores whose addresses are unique with regard to case, as the original's are.
struct WithoutIndex;

#[async_trait]
impl<U: UserModel> Stores<U> for WithoutIndex {
    async fn fresh(&self) -> Arc<dyn UserStore<U>> {
        let store = migrated().await;
        run(&store, "DROP INDEX ix_user_email_lower").await;
        Arc::new(store)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_does_not_conform_is_told_why() {
    let report = conformance::run_for::<User>(&WithoutIndex).await;
    assert_eq!(failed(&report), WITHOUT_EMAIL_INDEX);
    let text = report.to_string();
    assert!(
        text.contains(
            "- emails lets one of many concurrent registrations win: 32 of 32 registrations won"
        ),
        "{text}"
    );
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
    use users_runtime::{conformance::Member, value::ObjectId};
    conformance::run_for::<Member<ObjectId>>(&InFiles::default())
        .await
        .assert();
}

/// The suite passes stores over that hold none.
#[tokio::test]
async fn declared_tables_and_limits_are_held() {
    let holders = migrated::<Holder<UuidId>>().await;
    assert!(UserStore::records(&holders).is_some() && UserStore::limits(&holders).is_some());
    assert!(UserStore::limits(&migrated::<User>().await).is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_in_a_file_conforms() {
    conformance::run(&InFiles::default()).await.assert();
}
