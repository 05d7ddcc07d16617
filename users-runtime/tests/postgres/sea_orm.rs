//! The store on SeaORM, over PostgreSQL.

mod doctor;
mod fields_typed;
mod outage;
mod plans;

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use sea_orm::{ConnectionTrait, Database, DatabaseConnection};
use users_runtime::{
    UserModel, async_trait,
    conformance::{self, Stores},
    store::{PostgresStore, SeaOrmStore, StoreError, UserStore},
};

use crate::{
    judged::is_whole,
    server::{self, Server},
    support::{User, create_database, user, values},
};

async fn connect(url: &str) -> DatabaseConnection {
    Database::connect(url).await.expect("a database")
}

/// A database in which every store has a schema of its own.
struct Schemas {
    url: String,
    made: AtomicU32,
    _server: Arc<Server>,
}

impl Schemas {
    async fn new() -> Self {
        let server = server::shared().await;
        Self {
            url: create_database(&server).await,
            made: AtomicU32::new(0),
            _server: server,
        }
    }
}

impl Schemas {
    /// A new store, and its database's URL.
    async fn made<U: UserModel>(&self) -> (SeaOrmStore<U>, String) {
        let name = format!("s{}", self.made.fetch_add(1, Ordering::Relaxed));
        let url = format!("{}?options[search_path]={name}", self.url);
        let connection = connect(&url).await;
        connection
            .execute_unprepared(&format!("CREATE SCHEMA {name}"))
            .await
            .expect("a schema");
        let store = SeaOrmStore::new(connection).expect("a store");
        store.migrate().await.expect("tables");
        store.check().await.expect("tables that fit");
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
        let twin = SeaOrmStore::new(connect(&url).await).expect("a store");
        [Arc::new(store), Arc::new(twin)]
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_conforms() {
    let report = conformance::run(&Schemas::new().await).await;
    is_whole(&report);
}

/// An id of MongoDB's is a text here.
#[cfg(feature = "mongodb")]
#[tokio::test(flavor = "multi_thread")]
async fn a_database_with_object_ids_conforms() {
    conformance::run_for::<conformance::Member<users_runtime::value::ObjectId>>(
        &Schemas::new().await,
    )
    .await
    .assert();
}

#[tokio::test]
async fn both_stores_serve_one_database() {
    let server = server::shared().await;
    let url = create_database(&server).await;
    let plain = PostgresStore::<User>::connect(&url).await.expect("a store");
    plain.migrate().await.expect("tables");
    let store = SeaOrmStore::<User>::new(connect(&url).await).expect("a store");
    store.migrate().await.expect("nothing to do");
    let ada = user(&plain, "ada@example.com").await;
    let bob = store
        .insert(values::<User>("bob@example.com"))
        .await
        .expect("a new user");
    assert!(
        store
            .find(ada.account().id)
            .await
            .expect("an answer")
            .is_some()
    );
    assert!(
        plain
            .find(bob.account().id)
            .await
            .expect("an answer")
            .is_some()
    );
    assert!(matches!(
        store.insert(values::<User>("ADA@example.com")).await,
        Err(StoreError::EmailTaken)
    ));
}
