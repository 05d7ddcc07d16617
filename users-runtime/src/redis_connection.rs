//! Connecting to Redis.

use std::time::Duration;

use redis::{
    Client, RedisError,
    aio::{ConnectionManager, ConnectionManagerConfig},
};

/// How long a connection or an answer of Redis may take before the request that needs it is answered 503.
const PATIENCE: Duration = Duration::from_secs(2);

/// A connection to the Redis at this URL, which need not be reachable yet.
pub(crate) fn connect(url: &str) -> Result<ConnectionManager, RedisError> {
    let config = ConnectionManagerConfig::new()
        .set_connection_timeout(Some(PATIENCE))
        .set_response_timeout(Some(PATIENCE))
        .set_number_of_retries(1);
    ConnectionManager::new_lazy_with_config(Client::open(url)?, config)
}
