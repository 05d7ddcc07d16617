//! Databases for tests.

use sea_orm::{ConnectOptions, Database, DatabaseConnection};
use users_runtime::{
    Column, Field, Role, UserModel, UserStore, Value,
    store::{ColumnValue, SeaOrmStore},
};

/// A store on a database in memory, without tables.
pub(crate) async fn empty<U: UserModel>() -> SeaOrmStore<U> {
    SeaOrmStore::new(connect("sqlite::memory:", 1).await).expect("a store")
}

/// A store on a database in memory, with tables.
pub(crate) async fn memory<U: UserModel>() -> SeaOrmStore<U> {
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

/// A new user's values.
pub(crate) fn values<U: UserModel>(email: &str) -> Vec<ColumnValue> {
    let value = |(column, description): (usize, &Column)| {
        let value = match description.role {
            Role::Id => U::new_id()?.to_value(),
            Role::Email => Value::Text(email.into()),
            Role::HashedPassword => Value::Text("hash".into()),
            Role::IsActive => Value::Bool(true),
            Role::IsSuperuser | Role::IsVerified => Value::Bool(false),
            _ => description.default.map_or(Value::Null, |default| default()),
        };
        Some(ColumnValue { column, value })
    };
    U::COLUMNS.iter().enumerate().filter_map(value).collect()
}

/// Stores a new user.
pub(crate) async fn user<U: UserModel>(store: &SeaOrmStore<U>, email: &str) -> U {
    store.insert(values::<U>(email)).await.expect("a new user")
}
