//! The suite that judges every store.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use users_runtime::{
    UserModel, async_trait,
    conformance::{self, Stores},
    store::{PostgresStore, UserStore},
};

use crate::{
    judged::{WITHOUT_EMAIL_INDEX, failed, is_whole},
    support::{Database, User, empty, run, run_text},
};

/// A database in which every store has a schema of its own.
struct Schemas {
    database: Database<User>,
    made: AtomicU32,
    /// What is run once the tables are there.
    change: Option<&'static str>,
}

impl Schemas {
    async fn new(change: Option<&'static str>) -> Self {
        Self {
            database: empty().await,
            made: AtomicU32::new(0),
            change,
        }
    }
}

impl Schemas {
    /// A new store, and its database's URL.
    async fn made<U: UserModel>(&self) -> (PostgresStore<U>, String) {
        let name = format!("s{}", self.made.fetch_add(1, Ordering::Relaxed));
        run_text(&self.database, format!("CREATE SCHEMA {name}")).await;
        let url = format!("{}?options[search_path]={name}", self.database.url);
        let store = PostgresStore::connect(&url).await.expect("a store");
        store.migrate().await.expect("tables");
        store.check().await.expect("tables that fit");
        if let Some(sql) = self.change {
            run(&store, sql).await;
        }
        (store, url)
    }
}

#[async_trait]
impl<U: UserModel> Stores<U> for Schemas {
    async fn fresh(&self) -> Arc<dyn UserStore<U>> {
        let (store, _) = self.made().await;
        Arc::new(store)
    }

    async fn pair(&self) -> [Arc<dyn UserStore<U>>; 2] {
        let (store, url) = self.made().await;
        let twin = PostgresStore::connect(&url).await.expect("a store");
        [Arc::new(store), Arc::new(twin)]
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_conforms() {
    let report = conformance::run(&Schemas::new(None).await).await;
    is_whole(&report);
}

/// An id of MongoDB's is a text here.
#[cfg(feature = "mongodb")]
#[tokio::test(flavor = "multi_thread")]
async fn a_database_with_object_ids_conforms() {
    use users_runtime::{conformance::Member, value::ObjectId};
    conformance::run_for::<Member<ObjectId>>(&Schemas::new(None).await)
        .await
        .assert();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_does_not_conform_is_told_why() {
    let without_index = Schemas::new(Some("DROP INDEX ix_user_email_lower")).await;
    let report = conformance::run_for::<User>(&without_index).await;
    assert_eq!(failed(&report), WITHOUT_EMAIL_INDEX);
}
