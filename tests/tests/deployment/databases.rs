//! A database of a test's own on each kind of server, by its URL.

use sqlx::{
    AssertSqlSafe, Connection as _, MySqlConnection, PgConnection, SqlSafeStr as _, SqlStr,
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
    let name = name();
    let mut connection = PgConnection::connect(&server.operator_url())
        .await
        .expect("a connection");
    sqlx::raw_sql(creating(&name))
        .execute(&mut connection)
        .await
        .expect("a new database");
    connection
        .close()
        .await
        .expect("a connection that is closed");
    server.url(&name)
}

/// Makes one on MariaDB.
pub(crate) async fn mariadb(server: &mysql_server::Server) -> String {
    let name = name();
    let mut connection = MySqlConnection::connect(&server.operator_url())
        .await
        .expect("a connection");
    sqlx::raw_sql(creating(&name))
        .execute(&mut connection)
        .await
        .expect("a new database");
    connection
        .close()
        .await
        .expect("a connection that is closed");
    server.url(&name)
}

/// Names one on SecantusDB, which makes it when something is stored.
pub(crate) fn secantusdb(server: &mongodb_server::Server) -> String {
    server.url(&name())
}
