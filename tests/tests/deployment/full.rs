//! The example `full` in a process of its own.

use users_tests::{Client, RedisServer};

use crate::process::Process;

/// A running `full`, which ends with this value.
pub(crate) struct Full(Process);

impl Full {
    /// Starts a process and waits until it serves.
    pub(crate) async fn start(database: &str, redis: &RedisServer) -> Self {
        let environment = vec![
            ("DATABASE_URL", database.to_owned()),
            ("REDIS_URL", redis.url()),
            ("USERS_COMPAT", "off".to_owned()),
            ("LIMITS", "off".to_owned()),
            ("ARGON2", "16384,1,1".to_owned()),
        ];
        Self(Process::start("full", environment).await)
    }

    /// A client that presents nothing.
    pub(crate) fn client(&self) -> &Client {
        self.0.client()
    }

    /// SIGKILL, which no process can catch.
    pub(crate) fn kill(&mut self) {
        self.0.kill();
    }

    /// It still runs, and nothing in it has panicked.
    pub(crate) fn assert_is_sound(&mut self) {
        self.0.assert_is_sound();
    }
}
