//! Rate limits, kept where every process of a deployment sees them.

mod gcra;
mod memory;
#[cfg(feature = "redis")]
mod redis;

use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};

#[cfg(feature = "mongodb")]
pub(super) use gcra::{advance, latest as latest_arrival};
pub use memory::MemoryLimits;
#[cfg(feature = "redis")]
pub use redis::RedisLimits;

use super::{
    StoreError,
    records::{RecordColumn, Table},
};

/// What is counted: a rule and whom it is about, at most 100 bytes of ASCII. Secrets and what people type stand in it as a MAC.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct LimitKey(String);

impl LimitKey {
    /// A key; what is longer than 100 bytes is cut.
    pub fn new(key: impl Into<String>) -> Self {
        let mut key = key.into();
        key.truncate(key.floor_char_boundary(100));
        Self(key)
    }

    /// The key as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// How often something may be done: `burst` times at once, and once more each `period / burst`.
///
/// The generic cell rate algorithm (ITU-T I.371): one instant is stored for each key, the theoretical arrival time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    /// How many at once; at least 1.
    pub burst: u32,
    /// How long it takes until `burst` are available again.
    pub period: Duration,
}

impl Quota {
    /// `burst` per `period`.
    pub const fn new(burst: u32, period: Duration) -> Self {
        Self { burst, period }
    }

    /// How far one pass moves a key's theoretical arrival time, in microseconds; at least 1.
    pub fn increment_micros(&self) -> i64 {
        let micros = self.tolerance_micros() / i64::from(self.burst.max(1));
        micros.max(1)
    }

    /// How far a key's theoretical arrival time may be ahead of now, in microseconds.
    pub fn tolerance_micros(&self) -> i64 {
        i64::try_from(self.period.as_micros()).unwrap_or(i64::MAX / 4)
    }
}

/// The verdict of a [`LimitStore`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pass {
    /// Every key has passed, and was counted.
    Passed,
    /// A key was refused; none was counted.
    Refused {
        /// The position of the key that refused; those before it would have passed.
        key: usize,
        /// After how long that key would pass.
        retry_after: Duration,
    },
}

/// The table of limits on stores that have tables: a key, and its theoretical arrival time.
pub static LIMITS: Table = Table::new(
    "auth_limit",
    &[RecordColumn::text("key", 100), RecordColumn::instant("tat")],
)
.indexes(&[&["tat"]])
.expiry("tat");

/// A store of rate limits.
///
/// All processes of a deployment share the counts, which survive a restart (except for the store in memory).
#[async_trait]
pub trait LimitStore: Send + Sync + 'static {
    /// Counts one pass for every key, or none: where a later key refuses, the earlier ones are given back.
    ///
    /// Each key is one atomic step: of a burst of 20 at once under a quota of 5, exactly 5 pass. A refusal writes nothing.
    ///
    /// # Errors
    ///
    /// When the database fails.
    async fn pass(
        &self,
        keys: &[(LimitKey, Quota)],
        now: DateTime<Utc>,
    ) -> Result<Pass, StoreError>;

    /// Gives back one pass of every key.
    ///
    /// # Errors
    ///
    /// When the database fails.
    async fn refund(&self, keys: &[(LimitKey, Quota)]) -> Result<(), StoreError>;

    /// Forgets keys, as if they had never been counted.
    ///
    /// # Errors
    ///
    /// When the database fails.
    async fn forget(&self, keys: &[LimitKey]) -> Result<(), StoreError>;

    /// Deletes at most this number of keys that count nothing any more, and returns how many. The default deletes none, as fits
    /// stores whose keys expire.
    ///
    /// # Errors
    ///
    /// When the database fails.
    async fn purge(&self, before: DateTime<Utc>, most: u32) -> Result<u64, StoreError> {
        let _ = (before, most);
        Ok(0)
    }
}
