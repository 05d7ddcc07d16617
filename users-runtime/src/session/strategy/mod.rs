//! Strategies: what a token is, and how it is made, read and ended.

mod database;
mod epochs;
mod jwt;
mod kept;
pub(crate) mod own_claims;
mod owner;
#[cfg(feature = "redis")]
mod redis;
mod redis_token;
mod revocable_jwt;
mod sessions;
mod voided;

use async_trait::async_trait;

pub use database::DatabaseStrategy;
pub use epochs::EPOCHS;
pub use jwt::JwtStrategy;
pub use kept::{KeptSessions, LoggedOutSession, Refresh, RefreshTokens};
pub use owner::TokenOwner;
#[cfg(feature = "redis")]
pub use redis::RedisStrategy;
pub use revocable_jwt::RevocableJwtStrategy;
pub use sessions::{SESSIONS, SessionOptions, SessionStrategy};

use super::{Issued, Login, Presented};
use crate::{error::Error, model::UserModel, token::Claims};

/// Why a strategy cannot work.
pub type StrategyError = Box<dyn std::error::Error + Send + Sync>;

/// What a token is, and how it is made, read and ended.
///
/// A strategy only says whose token it is; whether that user exists, and may do what they ask, is checked afterwards.
///
/// A custom strategy, here tokens in the memory of the process, valid for a day and gone with a restart. The builder gives
/// it to a backend that is declared with `strategy = custom`: `.strategy("NAME", InMemory::new())`.
///
/// ```
/// use std::{
///     collections::HashMap,
///     sync::{Mutex, MutexGuard, PoisonError},
///     time::{Duration, Instant},
/// };
/// use users_runtime::{Error, UserModel, async_trait, session::Strategy, token};
///
/// struct Session<Id> {
///     user: Id,
///     end: Instant,
/// }
///
/// struct InMemory<Id>(Mutex<HashMap<String, Session<Id>>>);
///
/// impl<Id> InMemory<Id> {
///     const LIFETIME: Duration = Duration::from_hours(24);
///
///     fn new() -> Self {
///         Self(Mutex::default())
///     }
///
///     fn sessions(&self) -> MutexGuard<'_, HashMap<String, Session<Id>>> {
///         self.0.lock().unwrap_or_else(PoisonError::into_inner)
///     }
/// }
///
/// #[async_trait]
/// impl<U: UserModel> Strategy<U> for InMemory<U::Id> {
///     async fn read(&self, token: &str) -> Result<Option<U::Id>, Error> {
///         let sessions = self.sessions();
///         let valid = sessions.get(token).filter(|session| Instant::now() < session.end);
///         Ok(valid.map(|session| session.user.clone()))
///     }
///
///     async fn write(&self, user: &U) -> Result<String, Error> {
///         let (token, now) = (token::random(), Instant::now());
///         let mut sessions = self.sessions();
///         sessions.retain(|_, session| now < session.end);
///         sessions.insert(token.clone(), Session { user: user.account().id.clone(), end: now + Self::LIFETIME });
///         Ok(token)
///     }
///
///     async fn destroy(&self, token: &str, _user: &U) -> Result<(), Error> {
///         self.sessions().remove(token);
///         Ok(())
///     }
///
///     async fn destroy_all(&self, user: &U, except: Option<&str>) -> Result<(), Error> {
///         let user = user.account().id;
///         self.sessions().retain(|token, session| session.user != *user || except == Some(token.as_str()));
///         Ok(())
///     }
///
///     fn can_destroy_all(&self) -> bool {
///         true
///     }
/// }
/// # fn is_a_strategy<U: UserModel>() -> impl Strategy<U> {
/// #     InMemory::new()
/// # }
/// ```
#[async_trait]
pub trait Strategy<U: UserModel>: Send + Sync + 'static {
    /// Whose token this is; `None` when it is not (or no longer) valid.
    async fn read(&self, token: &str) -> Result<Option<U::Id>, Error>;

    /// Whose token this is, with the stamp of the credentials that it was issued on; `None` when it is not (or no longer) valid.
    /// The default is what [`read`](Self::read) says, without a stamp.
    async fn owner(&self, token: &str) -> Result<Option<TokenOwner<U::Id>>, Error> {
        Ok(self.read(token).await?.map(TokenOwner::new))
    }

    /// The user and the session that a token presents; `None` when it is not (or no longer) valid. The default is what
    /// [`owner`](Self::owner) says; a strategy that can read the user with the token's row saves a statement.
    async fn present(&self, token: &str) -> Result<Option<Presented<U>>, Error> {
        Ok(self.owner(token).await?.map(Presented::from))
    }

    /// What a token says that was just [presented](Self::present), for [`Users::claims`](crate::Users::claims). The default is `None`, as
    /// fits tokens that are no JSON web tokens.
    fn claims(&self, token: &str) -> Option<Claims> {
        let _ = token;
        None
    }

    /// Binds a token to the user's new credentials: the user changed the password with it, and it stays valid while their other
    /// tokens end. The default does nothing, as fits tokens without a stamp and tokens that are not stored.
    async fn keep(&self, token: &str, user: &U) -> Result<(), Error> {
        let _ = (token, user);
        Ok(())
    }

    /// Whether [`keep`](Self::keep) has bound a token to the user's present credentials, although it was issued on others. The
    /// default is no.
    async fn has_kept(&self, token: &str, user: &U) -> Result<bool, Error> {
        let _ = (token, user);
        Ok(false)
    }

    /// Whether the tokens that this strategy makes have the stamp of the credentials that they were issued on, so that a new
    /// password ends them even where [`destroy_all`](Self::destroy_all) fails. The default is no; then they are ended before the new
    /// password is stored.
    fn is_stamped(&self) -> bool {
        false
    }

    /// Whether nothing is stored that could end a token: it is valid until it expires or the user's row changes. An update that
    /// the store guards by what the row had need not present such a token again. The default is no.
    fn is_stateless(&self) -> bool {
        false
    }

    /// Makes a token for a user who logs in.
    async fn write(&self, user: &U) -> Result<String, Error>;

    /// Makes the tokens of a login. The default is what [`write`](Self::write) makes, alone.
    async fn issue(&self, user: &U, login: &Login) -> Result<Issued, Error> {
        let _ = login;
        Ok(Issued::new(self.write(user).await?))
    }

    /// The sessions that users see and end, where the strategy keeps some. The default keeps none.
    fn sessions(&self) -> Option<&dyn KeptSessions<U>> {
        None
    }

    /// The refresh tokens, where a login gives some. The default gives none.
    fn refresh_tokens(&self) -> Option<&dyn RefreshTokens<U>> {
        None
    }

    /// Ends a token at logout. A strategy that stores nothing has nothing to end.
    async fn destroy(&self, token: &str, user: &U) -> Result<(), Error>;

    /// Ends every token of a user except one. The default ends none, as fits tokens that are not stored.
    async fn destroy_all(&self, user: &U, except: Option<&str>) -> Result<(), Error> {
        let _ = (user, except);
        Ok(())
    }

    /// Whether [`destroy_all`](Self::destroy_all) ends what it says. The command line lists the strategies that cannot; the default
    /// is one of them.
    fn can_destroy_all(&self) -> bool {
        false
    }

    /// Ends the tokens of every user, and says whether it could. The default cannot, as fits tokens that are not stored.
    async fn destroy_everyones(&self) -> Result<bool, Error> {
        Ok(false)
    }

    /// Whether the strategy's options are safe; asked once, when the user system is built, except in the preset, which takes every
    /// secret as the original does. The default is yes.
    ///
    /// # Errors
    ///
    /// Why not, for the developer.
    fn validate(&self) -> Result<(), StrategyError> {
        Ok(())
    }

    /// Makes every token of a user worthless, since another person may have it. The default ends them all.
    async fn void(&self, user: &U) -> Result<(), Error> {
        self.destroy_all(user, None).await
    }
}
