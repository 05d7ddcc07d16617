//! Databases for tests.

use std::{ops::Deref, sync::Arc};

use sqlx::{AssertSqlSafe, Connection, PgConnection};
use users_runtime::{UserModel, store::PostgresStore};

use crate::server::{self, Server};
pub(crate) use crate::users::{User, column, shown, text, user, values};

/// A store on a database of its own.
pub(crate) struct Database<U> {
    store: PostgresStore<U>,
    pub(crate) url: String,
    _server: Arc<Server>,
}

impl<U> Deref for Database<U> {
    type Target = PostgresStore<U>;

    fn deref(&self) -> &Self::Target {
        &self.store
    }
}

/// Makes a database and gives its URL.
pub(crate) async fn create_database(server: &Server) -> String {
    let name = format!("test_{}", uuid::Uuid::new_v4().simple());
    let mut connection = PgConnection::connect(&server.operator_url()).await.expect("a connection");
    let sql = AssertSqlSafe(format!("CREATE DATABASE {name}"));
    sqlx::raw_sql(sql).execute(&mut connection).await.expect("a new database");
    connection.close().await.expect("a connection that is closed");
    server.url(&name)
}

/// A store on a new database, without tables.
pub(crate) async fn empty<U: UserModel>() -> Database<U> {
    let server = server::shared().await;
    let url = create_database(&server).await;
    let store = PostgresStore::connect(&url).await.expect("a database");
    Database { store, url, _server: server }
}

/// A store on a new database, with tables.
pub(crate) async fn migrated<U: UserModel>() -> Database<U> {
    let store = empty().await;
    store.migrate().await.expect("tables");
    store
}

/// Runs SQL that a test brings along.
pub(crate) async fn run<U: UserModel>(store: &PostgresStore<U>, sql: &'static str) {
    sqlx::raw_sql(sql).execute(store.pool()).await.expect("valid SQL");
}
