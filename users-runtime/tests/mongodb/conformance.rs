//! The suite that judges every store.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use chrono::TimeDelta;
use mongodb::bson::doc;
use users_runtime::{
    UserModel, async_trait,
    conformance::{self, Member, Stores},
    store::{MongoStore, UserStore},
    value::ObjectId,
};

use crate::{
    judged::{WITHOUT_EMAIL_INDEX, failed, is_whole},
    server::{self, Server},
    support::{User, new_url, run},
};

/// A server on which every store has a database of its own.
struct Databases {
    server: Arc<Server>,
    made: AtomicU32,
    /// The index that is dropped once it is there.
    dropped: Option<&'static str>,
}

impl Databases {
    fn new(server: Arc<Server>, dropped: Option<&'static str>) -> Self {
        Self {
            server,
            made: AtomicU32::new(0),
            dropped,
        }
    }
}

#[async_trait]
impl<U: UserModel> Stores<U> for Databases {
    async fn fresh(&self) -> Arc<dyn UserStore<U>> {
        let [store, _] = self.pair().await;
        store
    }

    async fn pair(&self) -> [Arc<dyn UserStore<U>>; 2] {
        let url = format!(
            "{}_{}",
            new_url(&self.server),
            self.made.fetch_add(1, Ordering::Relaxed)
        );
        let store = MongoStore::connect(&url).await.expect("a store");
        store.migrate().await.expect("indexes");
        store.check().await.expect("indexes that serve");
        if let Some(index) = self.dropped {
            run(&store, doc! { "dropIndexes": U::TABLE, "index": index }).await;
        }
        let twin = MongoStore::connect(&url).await.expect("a second store");
        [Arc::new(store), Arc::new(twin)]
    }

    fn instant_unit(&self) -> TimeDelta {
        TimeDelta::milliseconds(1)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_conforms() {
    let report = conformance::run(&Databases::new(server::shared().await, None)).await;
    is_whole(&report);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_with_object_ids_conforms() {
    conformance::run_for::<Member<ObjectId>>(&Databases::new(server::shared().await, None))
        .await
        .assert();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_without_transactions_conforms() {
    let server = Arc::new(Server::with(&["--standalone"]).await);
    conformance::run(&Databases::new(server, None))
        .await
        .assert();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_does_not_conform_is_told_why() {
    let without_index =
        Databases::new(server::shared().await, Some("case_insensitive_email_index"));
    let report = conformance::run_for::<User>(&without_index).await;
    assert_eq!(failed(&report), WITHOUT_EMAIL_INDEX[..4]);
}
