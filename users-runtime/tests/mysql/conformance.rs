//! The suite that judges every store.

use std::sync::Arc;

use users_runtime::{
    UserModel, async_trait,
    conformance::{self, Member, Stores, TextId},
    store::{MySqlStore, UserStore},
};

use crate::{
    judged::{WITHOUT_EMAIL_INDEX, failed, is_whole},
    server::{self, Server},
    support::{User, create_database, run, run_text},
};

/// A server on which every store has a database of its own.
struct Databases {
    server: Arc<Server>,
    /// The collation of the tables, if it is not the store's own choice.
    collation: Option<&'static str>,
    /// What is run once the tables are there.
    change: Option<&'static str>,
}

impl Databases {
    async fn new() -> Self {
        Self {
            server: server::shared().await,
            collation: None,
            change: None,
        }
    }
}

impl Databases {
    /// A new store, and its database's URL.
    async fn made<U: UserModel>(&self) -> (MySqlStore<U>, String) {
        let url = create_database(&self.server).await;
        let store = MySqlStore::connect(&url).await.expect("a store");
        if let Some(collation) = self.collation {
            run_text(
                &store,
                store
                    .schema_sql()
                    .replace("=utf8mb4_bin;", &format!("={collation};")),
            )
            .await;
        }
        store.migrate().await.expect("tables");
        store.check().await.expect("tables that fit");
        if let Some(sql) = self.change {
            run(&store, sql).await;
        }
        (store, url)
    }
}

#[async_trait]
impl<U: UserModel> Stores<U> for Databases {
    async fn fresh(&self) -> Arc<dyn UserStore<U>> {
        let (store, _) = self.made().await;
        Arc::new(store)
    }

    async fn pair(&self) -> [Arc<dyn UserStore<U>>; 2] {
        let (store, url) = self.made().await;
        let twin = MySqlStore::connect(&url).await.expect("a store");
        [Arc::new(store), Arc::new(twin)]
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_conforms() {
    let report = conformance::run(&Databases::new().await).await;
    is_whole(&report);
}

/// An id of MongoDB's is a text here.
#[cfg(feature = "mongodb")]
#[tokio::test(flavor = "multi_thread")]
async fn a_database_with_object_ids_conforms() {
    conformance::run_for::<Member<users_runtime::value::ObjectId>>(&Databases::new().await)
        .await
        .assert();
}

/// In tables of the collation that these servers choose where nothing is said, as the original's are.
#[tokio::test(flavor = "multi_thread")]
async fn tables_of_a_lax_collation_conform_but_for_what_their_indexes_refuse() {
    let lax = Databases {
        collation: Some("utf8mb4_general_ci"),
        ..Databases::new().await
    };
    let report = conformance::run_for::<Member<TextId>>(&lax).await;
    let failures = failed(&report);
    assert_eq!(failures, ["tokens are told apart by case"]);
    let failure = report
        .failures()
        .next()
        .and_then(|outcome| outcome.failure.clone());
    assert_eq!(
        failure.as_deref(),
        Some("another row has the same value: `PRIMARY` is unique")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_does_not_conform_is_told_why() {
    let without_index = Databases {
        change: Some("DROP INDEX ix_user_email_lower ON `user`"),
        ..Databases::new().await
    };
    let report = conformance::run_for::<User>(&without_index).await;
    assert_eq!(failed(&report), WITHOUT_EMAIL_INDEX);
}
