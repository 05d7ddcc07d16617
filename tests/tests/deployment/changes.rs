//! A change of the password in a transaction that is not committed yet, on a database of each kind.

use mongodb::{
    ClientSession,
    bson::{Document, doc},
};
use sqlx::{
    AssertSqlSafe, Connection as _, MySqlConnection, PgConnection, SqlSafeStr as _, SqlStr,
    SqliteConnection,
};

/// The transaction.
pub(crate) enum OpenChange {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
    MySql(MySqlConnection),
    MongoDb(Box<ClientSession>),
}

fn update(table: &str, email: &str, hash: &str) -> SqlStr {
    let sql = format!("UPDATE {table} SET hashed_password = '{hash}' WHERE email = '{email}'");
    AssertSqlSafe(sql).into_sql_str()
}

/// Connects, begins a transaction, and changes the password in it.
macro_rules! begun {
    ($connection:ty, $url:expr, $begin:expr, $update:expr) => {{
        let mut connection = <$connection>::connect($url).await.expect("a connection");
        let begun = sqlx::raw_sql($begin).execute(&mut connection).await;
        begun.expect("a transaction");
        let changed = sqlx::raw_sql($update).execute(&mut connection).await;
        assert_eq!(changed.expect("a change").rows_affected(), 1);
        connection
    }};
}

impl OpenChange {
    /// Stores another hash for a user of the database at this URL.
    pub(crate) async fn begin(url: &str, email: &str, hash: &str) -> Self {
        if url.starts_with("sqlite:") {
            let update = update("\"user\"", email, hash);
            return Self::Sqlite(begun!(SqliteConnection, url, "BEGIN IMMEDIATE", update));
        }
        if url.starts_with("mongodb:") {
            return Self::MongoDb(Box::new(begun_on_mongodb(url, email, hash).await));
        }
        if url.starts_with("postgres") {
            let update = update("\"user\"", email, hash);
            return Self::Postgres(begun!(PgConnection, url, "BEGIN", update));
        }
        let update = update("`user`", email, hash);
        Self::MySql(begun!(MySqlConnection, url, "BEGIN", update))
    }

    /// Whether logins and refreshes are answered while it is open: SQLite has one writer at a time, and MariaDB makes a new row wait
    /// for the user that it refers to.
    pub(crate) const fn lets_others_write(&self) -> bool {
        matches!(self, Self::Postgres(_) | Self::MongoDb(_))
    }

    pub(crate) async fn commit(self) {
        let committed = match self {
            Self::Sqlite(mut one) => sqlx::raw_sql("COMMIT").execute(&mut one).await.map(drop),
            Self::Postgres(mut one) => sqlx::raw_sql("COMMIT").execute(&mut one).await.map(drop),
            Self::MySql(mut one) => sqlx::raw_sql("COMMIT").execute(&mut one).await.map(drop),
            Self::MongoDb(mut session) => {
                session.commit_transaction().await.expect("a commit");
                Ok(())
            }
        };
        committed.expect("a commit");
    }
}

async fn begun_on_mongodb(url: &str, email: &str, hash: &str) -> ClientSession {
    let client = mongodb::Client::with_uri_str(url).await.expect("a client");
    let database = client.default_database().expect("the URL names one");
    let mut session = client.start_session().await.expect("a session");
    session.start_transaction().await.expect("a transaction");
    let change = doc! { "$set": { "hashed_password": hash } };
    let changed = database
        .collection::<Document>("user")
        .update_one(doc! { "email": email }, change)
        .session(&mut session)
        .await;
    assert_eq!(changed.expect("a change").modified_count, 1);
    session
}
