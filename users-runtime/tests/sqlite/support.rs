//! Databases for tests.

use std::path::PathBuf;

use users_runtime::{
    UserModel,
    conformance::{Member, UuidId},
    store::{SqliteStore, UserStore},
};

pub(crate) use crate::values::values;

pub(crate) type User = Member<UuidId>;

/// A folder for a database, which goes with the value.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        let path = std::env::temp_dir().join(format!("users-sqlite-{}", uuid::Uuid::new_v4()));
        std::fs::create_dir(&path).expect("a folder");
        Self(path)
    }

    pub(crate) fn url(&self) -> String {
        format!("sqlite://{}", self.0.join("users.db").display())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A store on a database in memory, without tables.
pub(crate) async fn empty<U: UserModel>() -> SqliteStore<U> {
    SqliteStore::connect("sqlite::memory:")
        .await
        .expect("a database")
}

/// A store on a database in memory, with tables.
pub(crate) async fn memory<U: UserModel>() -> SqliteStore<U> {
    let store = empty().await;
    store.migrate().await.expect("tables");
    store
}

/// Runs SQL that a test brings along.
pub(crate) async fn run<U: UserModel>(store: &SqliteStore<U>, sql: &'static str) {
    sqlx::raw_sql(sql)
        .execute(store.pool())
        .await
        .expect("valid SQL");
}

/// Stores a new user.
pub(crate) async fn user<U: UserModel>(store: &SqliteStore<U>, email: &str) -> U {
    store.insert(values::<U>(email)).await.expect("a new user")
}
