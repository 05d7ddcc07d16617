//! Rate limits in Redis.

use std::{fmt, time::Duration};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use redis::{FromRedisValue, RedisError, Script, ScriptInvocation, aio::ConnectionManager};

use super::{LimitKey, LimitStore, Pass, Quota, gcra};
use crate::{redis_connection, store::StoreError};

/// An increment or a tolerance of more microseconds, 95 years, is cut to them: Lua's numbers are exact up to 2⁵³.
const LONGEST: i64 = 3_000_000_000_000_000;

/// Counts one pass of every key, or none. Answers with the position of the key that refused, from 1, and the microseconds
/// until it would pass; with zeros where all have passed. A key may occur twice, under two quotas.
const PASS: &str = "
local now = tonumber(ARGV[1])
local tats = {}
for i, key in ipairs(KEYS) do
    local increment, ahead = tonumber(ARGV[2 * i]), tonumber(ARGV[2 * i + 1])
    local tat = math.max(tats[key] or tonumber(redis.call('GET', key) or now), now)
    if tat > now + ahead then
        return {i, tat - now - ahead}
    end
    tats[key] = tat + increment
end
for key, tat in pairs(tats) do
    redis.call('SET', key, string.format('%.0f', tat), 'PX', math.ceil((tat - now) / 1000))
end
return {0, 0}
";

/// Gives back one pass of every key. A key that expires by this counts nothing any more.
const REFUND: &str = "
for i, key in ipairs(KEYS) do
    local increment = tonumber(ARGV[i])
    local tat = redis.call('GET', key)
    if tat then
        local left = redis.call('PTTL', key) - math.floor(increment / 1000)
        if left > 0 then
            redis.call('SET', key, string.format('%.0f', tonumber(tat) - increment), 'PX', left)
        else
            redis.call('DEL', key)
        end
    end
end
return 0
";

/// Rate limits in Redis: all processes that use the same keys count together.
///
/// A key is a string `fastapi-users-limit:KEY` with the theoretical arrival time, in microseconds since the Unix epoch. It expires
/// once it counts nothing any more, so that nothing needs to be purged. A pass of several keys is one script, which Redis runs
/// as one step. The instants are the caller's: Redis' own clock only decides how long a key is kept.
///
/// All keys of a pass must be on one server, so a Redis Cluster is not supported.
#[derive(Clone)]
pub struct RedisLimits {
    connection: ConnectionManager,
    key_prefix: String,
}

impl RedisLimits {
    /// Limits in this Redis. The connection is shared by all requests and restores itself; it may be a clone of the one that
    /// [`RedisStrategy`](crate::session::RedisStrategy) uses.
    pub fn new(connection: ConnectionManager) -> Self {
        Self {
            connection,
            key_prefix: "fastapi-users-limit:".to_owned(),
        }
    }

    /// Limits in the Redis at this URL (`redis://HOST:PORT/DB`), which need not be reachable yet. Connecting and each answer may
    /// take two seconds.
    ///
    /// # Errors
    ///
    /// When the URL is invalid.
    pub fn connect(url: &str) -> Result<Self, RedisError> {
        redis_connection::connect(url).map(Self::new)
    }

    /// What the keys start with. The default is `fastapi-users-limit:`.
    #[must_use]
    pub fn key_prefix(mut self, prefix: impl Into<String>) -> Self {
        self.key_prefix = prefix.into();
        self
    }

    fn key(&self, key: &LimitKey) -> String {
        format!("{}{}", self.key_prefix, key.as_str())
    }

    /// Runs a script. Only the next request notices that Redis has closed a connection, as it does when it restarts: it tries
    /// once more on a new one. At worst a pass is then counted twice.
    async fn run<T: FromRedisValue>(&self, script: &ScriptInvocation<'_>) -> Result<T, StoreError> {
        let mut connection = self.connection.clone();
        let result = match script.invoke_async(&mut connection).await {
            Err(error) if error.is_io_error() && !error.is_timeout() => {
                script.invoke_async(&mut connection).await
            }
            result => result,
        };
        result.map_err(unavailable)
    }
}

fn unavailable(error: RedisError) -> StoreError {
    StoreError::Unavailable(error.into())
}

impl fmt::Debug for RedisLimits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisLimits")
            .field("key_prefix", &self.key_prefix)
            .finish_non_exhaustive()
    }
}

#[async_trait]
impl LimitStore for RedisLimits {
    async fn pass(
        &self,
        keys: &[(LimitKey, Quota)],
        now: DateTime<Utc>,
    ) -> Result<Pass, StoreError> {
        if keys.is_empty() {
            return Ok(Pass::Passed);
        }
        let now = now.timestamp_micros();
        let script = Script::new(PASS);
        let mut invocation = script.arg(now);
        for (key, quota) in keys {
            let ahead = gcra::latest(quota, now).saturating_sub(now);
            invocation
                .key(self.key(key))
                .arg(quota.increment_micros().min(LONGEST))
                .arg(ahead.min(LONGEST));
        }
        let (refused, wait): (usize, u64) = self.run(&invocation).await?;
        Ok(match refused.checked_sub(1) {
            None => Pass::Passed,
            Some(key) => Pass::Refused {
                key,
                retry_after: Duration::from_micros(wait),
            },
        })
    }

    async fn refund(&self, keys: &[(LimitKey, Quota)]) -> Result<(), StoreError> {
        if keys.is_empty() {
            return Ok(());
        }
        let script = Script::new(REFUND);
        let mut invocation = script.prepare_invoke();
        for (key, quota) in keys {
            invocation
                .key(self.key(key))
                .arg(quota.increment_micros().min(LONGEST));
        }
        self.run::<()>(&invocation).await
    }

    async fn forget(&self, keys: &[LimitKey]) -> Result<(), StoreError> {
        if keys.is_empty() {
            return Ok(());
        }
        let script = Script::new("return redis.call('DEL', unpack(KEYS))");
        let mut invocation = script.prepare_invoke();
        for key in keys {
            invocation.key(self.key(key));
        }
        self.run::<()>(&invocation).await
    }
}
