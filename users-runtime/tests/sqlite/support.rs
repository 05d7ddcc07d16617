//! Databases for tests.

use std::{ops::Deref, path::PathBuf};

use sqlx::AssertSqlSafe;
use users_runtime::UserModel;
pub(crate) use users_runtime::store::SqliteStore as Store;

pub(crate) use crate::shown::shown;
pub(crate) use crate::users::{User, column, text, user, values};

/// A store on a database of its own, which is in memory.
pub(crate) type Database<U> = Store<U>;

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
pub(crate) async fn empty<U: UserModel>() -> Store<U> {
    Store::connect("sqlite::memory:").await.expect("a database")
}

/// A store on a database in memory, with tables.
pub(crate) async fn migrated<U: UserModel>() -> Store<U> {
    let store = empty().await;
    store.migrate().await.expect("tables");
    store
}

/// Runs SQL that a test brings along.
pub(crate) async fn run<U: UserModel>(store: &Store<U>, sql: &'static str) {
    sqlx::raw_sql(sql)
        .execute(store.pool())
        .await
        .expect("valid SQL");
}

/// Runs SQL that a test puts together.
pub(crate) async fn run_text<U: UserModel>(store: &Store<U>, sql: String) {
    sqlx::raw_sql(AssertSqlSafe(sql))
        .execute(store.pool())
        .await
        .expect("valid SQL");
}

/// A database that several processes open.
pub(crate) struct File {
    store: Store<User>,
    pub(crate) url: String,
    _folder: Folder,
}

impl Deref for File {
    type Target = Store<User>;

    fn deref(&self) -> &Self::Target {
        &self.store
    }
}

/// A database that several processes open.
pub(crate) async fn opened_often() -> File {
    let folder = Folder::new();
    let url = folder.url();
    File {
        store: Store::connect(&url).await.expect("a database"),
        url,
        _folder: folder,
    }
}

/// Everything that the database has.
pub(crate) async fn dump(store: &Store<User>) -> Vec<String> {
    sqlx::query_scalar("SELECT concat_ws(' ', type, name, sql) FROM sqlite_master ORDER BY 1")
        .fetch_all(store.pool())
        .await
        .expect("a schema")
}
