//! Opening a pool as a server wants it.

use std::{str::FromStr, time::Duration};

use sqlx::{
    Connection, MySqlPool,
    mysql::{MySqlConnectOptions, MySqlPoolOptions},
};

/// How long a request waits for a connection.
const PATIENCE: Duration = Duration::from_secs(5);

/// A connection that was used more recently is not tested again: that would double the cost of most requests.
const FRESH: Duration = Duration::from_secs(1);

/// What the server cannot hold, it refuses instead of changing it.
const STRICT: &str = "SET SESSION sql_mode = CONCAT(@@SESSION.sql_mode, ',STRICT_TRANS_TABLES')";

pub(super) async fn connect(url: &str) -> Result<MySqlPool, sqlx::Error> {
    let options = MySqlConnectOptions::from_str(url)?;
    let pool = MySqlPoolOptions::new()
        .acquire_timeout(PATIENCE)
        .test_before_acquire(false);
    let pool = pool.after_connect(|connection, _| {
        Box::pin(async move { sqlx::raw_sql(STRICT).execute(connection).await.map(drop) })
    });
    let pool = pool.before_acquire(|connection, about| {
        Box::pin(async move {
            if about.idle_for >= FRESH {
                connection.ping().await?;
            }
            Ok(true)
        })
    });
    pool.connect_with(options).await
}
