//! A database of a test's own on each kind of server, by its URL.

use sqlx::{
    AssertSqlSafe, Connection, Executor, MySqlConnection, PgConnection, SqlSafeStr as _, SqlStr,
};

use crate::{mongodb_server, mysql_server, server};

fn name() -> String {
    format!("deployment_{}", uuid::Uuid::new_v4().simple())
}

fn creating(name: &str) -> SqlStr {
    AssertSqlSafe(format!("CREATE DATABASE {name}")).into_sql_str()
}

/// Makes one on PostgreSQL.
pub(crate) async fn postgresql(server: &server::Server) -> String {
    server.url(&create::<PgConnection>(&server.operator_url()).await)
}

/// Makes one on MariaDB.
pub(crate) async fn mariadb(server: &mysql_server::Server) -> String {
    server.url(&create::<MySqlConnection>(&server.operator_url()).await)
}

/// Makes one on the server at this URL, and returns its name.
async fn create<C>(operator_url: &str) -> String
where
    C: Connection,
    for<'a> &'a mut C: Executor<'a, Database = C::Database>,
{
    let name = name();
    let mut connection = C::connect(operator_url).await.expect("a connection");
    connection
        .execute(sqlx::raw_sql(creating(&name)))
        .await
        .expect("a new database");
    connection
        .close()
        .await
        .expect("a connection that is closed");
    name
}

/// Names one on SecantusDB, which makes it when something is stored.
pub(crate) fn secantusdb(server: &mongodb_server::Server) -> String {
    server.url(&name())
}
