//! The suite that judges every store.

use std::sync::{Arc, Mutex};

use users_runtime::{
    UserModel, UserStore, async_trait,
    conformance::{self, Stores},
    store::SqliteStore,
};

use crate::support::{Folder, memory};

struct InMemory;

#[async_trait]
impl<U: UserModel> Stores<U> for InMemory {
    async fn fresh(&self) -> Arc<dyn UserStore<U>> {
        Arc::new(memory().await)
    }
}

#[derive(Default)]
struct InFiles(Mutex<Vec<Folder>>);

#[async_trait]
impl<U: UserModel> Stores<U> for InFiles {
    async fn fresh(&self) -> Arc<dyn UserStore<U>> {
        let folder = Folder::new();
        let store = SqliteStore::connect(&folder.url()).await.expect("a database");
        store.migrate().await.expect("tables");
        store.check().await.expect("tables that fit");
        self.0.lock().expect("no panic").push(folder);
        Arc::new(store)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_in_memory_conforms() {
    let report = conformance::run(&InMemory).await;
    report.assert();
    assert!(report.outcomes().len() > 100, "{} checks", report.outcomes().len());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_in_a_file_conforms() {
    conformance::run(&InFiles::default()).await.assert();
}
