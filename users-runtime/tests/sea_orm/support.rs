//! Databases for tests.

use sea_orm::{ConnectOptions, ConnectionTrait as _, Database, DatabaseConnection};
use users_runtime::{
    UserModel,
    conformance::{Member, UuidId},
    store::{SeaOrmStore, UserStore},
};

pub(crate) use crate::values::values;

pub(crate) type User = Member<UuidId>;

/// A store on a database in memory, without tables.
pub(crate) async fn empty<U: UserModel>() -> SeaOrmStore<U> {
    SeaOrmStore::new(connect("sqlite::memory:", 1).await).expect("a store")
}

/// A store on a database in memory, with tables.
pub(crate) async fn migrated<U: UserModel>() -> SeaOrmStore<U> {
    let store = empty().await;
    store.migrate().await.expect("tables");
    store
}

/// A pool of so many connections.
pub(crate) async fn connect(url: &str, connections: u32) -> DatabaseConnection {
    let mut options = ConnectOptions::new(url);
    options.max_connections(connections);
    Database::connect(options).await.expect("a database")
}

/// Stores a new user.
pub(crate) async fn user<U: UserModel>(store: &SeaOrmStore<U>, email: &str) -> U {
    store.insert(values::<U>(email)).await.expect("a new user")
}

/// Runs SQL that a test brings along.
pub(crate) async fn run<U: UserModel>(store: &SeaOrmStore<U>, sql: &str) {
    store
        .connection()
        .execute_unprepared(sql)
        .await
        .expect("valid SQL");
}
