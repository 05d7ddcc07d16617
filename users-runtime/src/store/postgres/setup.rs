//! Opening a pool as a server wants it.

use std::{str::FromStr, time::Duration};

use sqlx::{
    Connection, PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};

/// How long a request waits for a connection.
const PATIENCE: Duration = Duration::from_secs(5);

/// A connection that was used more recently is not tested again: that would double the cost of most requests.
const FRESH: Duration = Duration::from_secs(1);

pub(super) async fn connect(url: &str) -> Result<PgPool, sqlx::Error> {
    let options = PgConnectOptions::from_str(url)?;
    let pool = PgPoolOptions::new()
        .acquire_timeout(PATIENCE)
        .test_before_acquire(false)
        .before_acquire(|connection, about| {
            Box::pin(async move {
                if about.idle_for >= FRESH {
                    connection.ping().await?;
                }
                Ok(true)
            })
        });
    pool.connect_with(options).await
}
