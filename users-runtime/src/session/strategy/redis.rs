//! The Redis strategy.

use std::{
    fmt,
    time::{Duration, SystemTime},
};

use async_trait::async_trait;
use redis::{FromRedisValue, Pipeline, RedisError, aio::ConnectionManager};

use super::{Strategy, TokenOwner, redis_token};
use crate::{
    error::Error, model::UserModel, password::CredentialsStamp, redis_connection, token,
    value::UserId as _,
};

/// A token of 43 URL-safe characters, kept in Redis until it expires.
///
/// The key is `fastapi_users_token:TOKEN`, the value the user's id as text, as FastAPI Users has them. Beside it stands, unless
/// switched off, a sorted set of each user's tokens and when they expire, `fastapi_users_token_user:ID`, by which all of a user's
/// sessions can be ended.
///
/// 160 bits of the token are random; the others are the [stamp](CredentialsStamp) of the credentials that it was issued on, and a
/// checksum that distinguishes it from a token of FastAPI Users, which has 256 random bits and no stamp. So no token outlives its
/// stamp where Redis evicts keys. For the session that changed the password, `fastapi_users_token_stamp:TOKEN` holds the new stamp.
#[derive(Clone)]
pub struct RedisStrategy {
    connection: ConnectionManager,
    key_prefix: String,
    lifetime: Option<Duration>,
    indexed: bool,
}

impl RedisStrategy {
    /// Tokens in this Redis, valid for one hour. The connection is shared by all requests and restores itself.
    pub fn new(connection: ConnectionManager) -> Self {
        Self {
            connection,
            key_prefix: "fastapi_users_token:".to_owned(),
            lifetime: Some(Duration::from_hours(1)),
            indexed: true,
        }
    }

    /// Tokens in the Redis at this URL (`redis://HOST:PORT/DB`), which need not be reachable yet. Connecting and each answer may
    /// take two seconds.
    ///
    /// # Errors
    ///
    /// When the URL is invalid.
    pub fn connect(url: &str) -> Result<Self, RedisError> {
        redis_connection::connect(url).map(Self::new)
    }

    /// What the keys start with. The default is `fastapi_users_token:`.
    #[must_use]
    pub fn key_prefix(mut self, prefix: impl Into<String>) -> Self {
        self.key_prefix = prefix.into();
        self
    }

    /// How long a token is good, in whole seconds; `None` for ever. The default is one hour.
    #[must_use]
    pub fn lifetime(mut self, lifetime: impl Into<Option<Duration>>) -> Self {
        self.lifetime = lifetime.into();
        self
    }

    /// Keeps no set of each user's tokens and puts no stamps into tokens, so that the keys are FastAPI Users' alone; sessions then end only one by
    /// one. 224 bits of such a token are random, and the others are a checksum.
    #[must_use]
    pub const fn without_index(mut self) -> Self {
        self.indexed = false;
        self
    }

    fn key(&self, token: &str) -> String {
        format!("{}{token}", self.key_prefix)
    }

    fn index_key(&self, user: &str) -> String {
        format!("{}_user:{user}", self.key_prefix.trim_end_matches(':'))
    }

    fn stamp_key(&self, token: &str) -> String {
        format!("{}_stamp:{token}", self.key_prefix.trim_end_matches(':'))
    }

    /// Runs commands that may run twice. A connection that Redis closed, as it does when it restarts, is only noticed by the
    /// next request, which therefore tries once more on the new one.
    async fn run<T: FromRedisValue>(&self, commands: &Pipeline) -> Result<T, Error> {
        let mut connection = self.connection.clone();
        let result = match commands.query_async(&mut connection).await {
            Err(error) if error.is_io_error() && !error.is_timeout() => {
                commands.query_async(&mut connection).await
            }
            result => result,
        };
        result.map_err(|error| Error::SessionStorage(error.into()))
    }

    fn seconds(&self) -> Option<u64> {
        self.lifetime.map(|lifetime| lifetime.as_secs().max(1))
    }
}

impl fmt::Debug for RedisStrategy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisStrategy")
            .field("key_prefix", &self.key_prefix)
            .field("lifetime", &self.lifetime)
            .finish_non_exhaustive()
    }
}

/// Adds a token to a user's set, which lives as long as the longest of its tokens, whatever lifetime the last one has.
const ADD_TO_INDEX: &str = "
local left = redis.call('TTL', KEYS[1])
redis.call('ZADD', KEYS[1], ARGV[1], ARGV[2])
if ARGV[3] == '' then
    redis.call('PERSIST', KEYS[1])
elseif left == -2 or (left >= 0 and left < tonumber(ARGV[3])) then
    redis.call('EXPIRE', KEYS[1], ARGV[3])
end
return 1
";

/// Binds a token that has not ended to a stamp, for as long as it lives.
const KEEP: &str = "
local left = redis.call('PTTL', KEYS[1])
if left == -1 then
    redis.call('SET', KEYS[2], ARGV[1])
elseif left > 0 then
    redis.call('SET', KEYS[2], ARGV[1], 'PX', left)
end
return 1
";

#[async_trait]
impl<U: UserModel> Strategy<U> for RedisStrategy {
    async fn read(&self, token: &str) -> Result<Option<U::Id>, Error> {
        Ok(Strategy::<U>::owner(self, token)
            .await?
            .map(|owner| owner.user))
    }

    async fn owner(&self, token: &str) -> Result<Option<TokenOwner<U::Id>>, Error> {
        if !redis_token::is_url_safe(token) {
            return Ok(None);
        }
        let (id,): (Option<Vec<u8>>,) = self.run(redis::pipe().get(self.key(token))).await?;
        let Some(id) = id.and_then(|id| U::Id::parse(std::str::from_utf8(&id).ok()?)) else {
            return Ok(None);
        };
        let stamp = self.indexed.then(|| redis_token::stamp_of(token)).flatten();
        Ok(Some(TokenOwner::new(id).issued_on(stamp)))
    }

    async fn keep(&self, token: &str, user: &U) -> Result<(), Error> {
        // A token without a stamp needs none.
        if !self.indexed || redis_token::stamp_of(token).is_none() {
            return Ok(());
        }
        let stamp = CredentialsStamp::of(user.account().hashed_password).to_bytes();
        let mut commands = redis::pipe();
        commands
            .cmd("EVAL")
            .arg(KEEP)
            .arg(2)
            .arg(self.key(token))
            .arg(self.stamp_key(token))
            .arg(&stamp[..])
            .ignore();
        self.run(&commands).await
    }

    async fn has_kept(&self, token: &str, user: &U) -> Result<bool, Error> {
        let stamp = CredentialsStamp::of(user.account().hashed_password).to_bytes();
        let key = self.stamp_key(token);
        let (kept,): (Option<Vec<u8>>,) = self.run(redis::pipe().get(key)).await?;
        Ok(kept.is_some_and(|kept| kept == stamp))
    }

    fn is_stamped(&self) -> bool {
        self.indexed
    }

    async fn write(&self, user: &U) -> Result<String, Error> {
        let token = if self.indexed {
            redis_token::stamped(CredentialsStamp::of(user.account().hashed_password))
        } else {
            redis_token::plain()
        };
        let id = user.account().id.to_string();
        let mut commands = redis::pipe();
        commands.atomic();
        match self.seconds() {
            Some(seconds) => commands.set_ex(self.key(&token), &id, seconds).ignore(),
            None => commands.set(self.key(&token), &id).ignore(),
        };
        if self.indexed {
            let (index, now) = (self.index_key(&id), token::unix_seconds(SystemTime::now()));
            commands.zrembyscore(&index, "-inf", now).ignore();
            let (until, lifetime) = match self.seconds() {
                Some(seconds) => (now.saturating_add(seconds).to_string(), seconds.to_string()),
                None => ("+inf".to_owned(), String::new()),
            };
            commands
                .cmd("EVAL")
                .arg(ADD_TO_INDEX)
                .arg(1)
                .arg(&index)
                .arg(until)
                .arg(&token)
                .arg(lifetime)
                .ignore();
        }
        self.run::<()>(&commands).await?;
        Ok(token)
    }

    async fn destroy(&self, token: &str, user: &U) -> Result<(), Error> {
        let mut commands = redis::pipe();
        commands.atomic().del(self.key(token)).ignore();
        if self.indexed {
            commands
                .zrem(self.index_key(&user.account().id.to_string()), token)
                .ignore()
                .del(self.stamp_key(token))
                .ignore();
        }
        self.run(&commands).await
    }

    async fn destroy_all(&self, user: &U, except: Option<&str>) -> Result<(), Error> {
        if !self.indexed {
            return Ok(());
        }
        let index = self.index_key(&user.account().id.to_string());
        let (tokens,): (Vec<String>,) = self.run(redis::pipe().zrange(&index, 0, -1)).await?;
        let mut commands = redis::pipe();
        commands.atomic();
        for token in tokens.iter().filter(|token| Some(token.as_str()) != except) {
            commands
                .del(self.key(token))
                .ignore()
                .del(self.stamp_key(token))
                .ignore()
                .zrem(&index, token)
                .ignore();
        }
        self.run(&commands).await
    }

    fn can_destroy_all(&self) -> bool {
        self.indexed
    }
}
