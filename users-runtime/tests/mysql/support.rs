//! Databases for tests.

use std::{ops::Deref, sync::Arc};

use sqlx::{AssertSqlSafe, Connection, MySqlConnection};
use users_runtime::{UserModel, store::MySqlStore};

use crate::server::{self, Server};
pub(crate) use crate::users::{User, column, shown, text, user, values};

/// A store on a database of its own.
pub(crate) struct Database<U> {
    store: MySqlStore<U>,
    pub(crate) url: String,
    _server: Arc<Server>,
}

impl<U> Deref for Database<U> {
    type Target = MySqlStore<U>;

    fn deref(&self) -> &Self::Target {
        &self.store
    }
}

/// Makes a database and gives its URL.
pub(crate) async fn create_database(server: &Server) -> String {
    let name = format!("test_{}", uuid::Uuid::new_v4().simple());
    let mut connection = MySqlConnection::connect(&server.operator_url()).await.expect("a connection");
    let sql = AssertSqlSafe(format!("CREATE DATABASE {name}"));
    sqlx::raw_sql(sql).execute(&mut connection).await.expect("a new database");
    connection.close().await.expect("a connection that is closed");
    server.url(&name)
}

/// A store on a new database, without tables.
pub(crate) async fn empty<U: UserModel>() -> Database<U> {
    let server = server::shared().await;
    let url = create_database(&server).await;
    let store = MySqlStore::connect(&url).await.expect("a database");
    Database { store, url, _server: server }
}

/// A store on a new database, with tables.
pub(crate) async fn migrated<U: UserModel>() -> Database<U> {
    let store = empty().await;
    store.migrate().await.expect("tables");
    store
}

/// Runs SQL that a test brings along.
pub(crate) async fn run<U: UserModel>(store: &MySqlStore<U>, sql: &'static str) {
    sqlx::raw_sql(sql).execute(store.pool()).await.expect("valid SQL");
}

/// Runs SQL that a test puts together.
pub(crate) async fn run_text<U: UserModel>(store: &MySqlStore<U>, sql: String) {
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(store.pool()).await.expect("valid SQL");
}

/// Everything that the database has.
pub(crate) async fn dump<U: UserModel>(store: &Database<U>) -> Vec<String> {
    let sql = "SELECT CONCAT_WS(' ', table_name, column_name, column_type, collation_name, is_nullable, column_default, extra) \
                   FROM information_schema.columns WHERE table_schema = DATABASE() \
               UNION ALL SELECT CONCAT_WS(' ', table_name, index_name, non_unique, seq_in_index, column_name) \
                   FROM information_schema.statistics WHERE table_schema = DATABASE() \
               UNION ALL SELECT CONCAT_WS(' ', table_name, constraint_name, delete_rule, referenced_table_name) \
                   FROM information_schema.referential_constraints WHERE constraint_schema = DATABASE() ORDER BY 1";
    sqlx::query_scalar(sql).fetch_all(store.pool()).await.expect("a schema")
}
