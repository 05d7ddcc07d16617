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

/// What a URL has for a connection pooler that gives a connection to a transaction.
const WITHOUT_PREPARED: &str = "statement-cache-capacity=0";

/// Whether a URL asks for statements that do not stay prepared.
pub(super) fn pools_transactions(url: &str) -> bool {
    let parameters = url.split_once('?').map_or("", |(_, parameters)| parameters);
    parameters
        .split('&')
        .any(|parameter| parameter == WITHOUT_PREPARED)
}

pub(super) async fn connect(url: &str) -> Result<PgPool, sqlx::Error> {
    // Numbers are sent as bytes, so that their digits do not matter; a connection pooler may refuse the parameter.
    let options = PgConnectOptions::from_str(url)?.extra_float_digits(None);
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
