//! Databases for tests, of a server of SQL.

use std::{ops::Deref, sync::Arc};

use sqlx::{AssertSqlSafe, Connection as _};
use users_runtime::UserModel;

use crate::{
    server::{self, Server},
    support::{Connection, Store},
};

/// A store on a database of its own.
pub(crate) struct Database<U> {
    store: Store<U>,
    pub(crate) url: String,
    _server: Arc<Server>,
}

impl<U> Deref for Database<U> {
    type Target = Store<U>;

    fn deref(&self) -> &Self::Target {
        &self.store
    }
}

/// Makes a database and gives its URL.
pub(crate) async fn create_database(server: &Server) -> String {
    let name = format!("test_{}", uuid::Uuid::new_v4().simple());
    let mut connection = Connection::connect(&server.operator_url())
        .await
        .expect("a connection");
    let sql = AssertSqlSafe(format!("CREATE DATABASE {name}"));
    sqlx::raw_sql(sql)
        .execute(&mut connection)
        .await
        .expect("a new database");
    connection
        .close()
        .await
        .expect("a connection that is closed");
    server.url(&name)
}

/// A store on a new database, without tables.
pub(crate) async fn empty<U: UserModel>() -> Database<U> {
    let server = server::shared().await;
    let url = create_database(&server).await;
    let store = Store::connect(&url).await.expect("a database");
    Database {
        store,
        url,
        _server: server,
    }
}

/// A store on a new database, with tables.
pub(crate) async fn migrated<U: UserModel>() -> Database<U> {
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
