//! Strategies: what a token is, and how it is made, read and ended.

mod database;
mod jwt;
#[cfg(feature = "redis")]
mod redis;
mod voided;

use async_trait::async_trait;

pub use database::DatabaseStrategy;
pub use jwt::JwtStrategy;
#[cfg(feature = "redis")]
pub use redis::RedisStrategy;

use crate::{error::Error, model::UserModel};

/// What a token is, and how it is made, read and ended.
///
/// A strategy only says whose token it is; whether that user exists, and may do what they ask, is judged afterwards.
#[async_trait]
pub trait Strategy<U: UserModel>: Send + Sync + 'static {
    /// Whose token this is; `None` when it is not (or no longer) valid.
    async fn read(&self, token: &str) -> Result<Option<U::Id>, Error>;

    /// Makes a token for a user who logs in.
    async fn write(&self, user: &U) -> Result<String, Error>;

    /// Ends a token at logout. A strategy that stores nothing has nothing to end.
    async fn destroy(&self, token: &str, user: &U) -> Result<(), Error>;

    /// Ends every token of a user except one. The default ends none, as fits tokens that are stored nowhere.
    async fn destroy_all(&self, user: &U, except: Option<&str>) -> Result<(), Error> {
        let _ = (user, except);
        Ok(())
    }

    /// Makes every token of a user worthless, since somebody else may have it. The default ends them all.
    async fn void(&self, user: &U) -> Result<(), Error> {
        self.destroy_all(user, None).await
    }
}
