//! The database strategy.

use std::{fmt, sync::Arc, time::Duration};

use async_trait::async_trait;
use chrono::Utc;

use super::Strategy;
use crate::{
    error::Error,
    model::UserModel,
    store::{AccessToken, AccessTokenStore, UserStore, is_token_hash, token_hash},
    token,
};

/// A random token of 43 URL-safe characters (256 bits) in the store's table of access tokens.
///
/// The table holds the token's SHA-256, so that whoever reads the table can log in nowhere. Tokens in clear, as FastAPI Users
/// stores them, are read, too; [`store_in_clear`](Self::store_in_clear) writes them.
pub struct DatabaseStrategy<U: UserModel> {
    store: Arc<dyn UserStore<U>>,
    lifetime: Option<Duration>,
    hashed: bool,
}

impl<U: UserModel> DatabaseStrategy<U> {
    /// Tokens in this store, good for one hour.
    pub fn new(store: impl UserStore<U>) -> Self {
        Self::shared(Arc::new(store))
    }

    pub(crate) fn shared(store: Arc<dyn UserStore<U>>) -> Self {
        Self {
            store,
            lifetime: Some(Duration::from_hours(1)),
            hashed: true,
        }
    }

    /// How long a token is good, counted from when it was issued; `None` for ever.
    #[must_use]
    pub const fn lifetime(mut self, lifetime: Option<Duration>) -> Self {
        self.lifetime = lifetime;
        self
    }

    /// Stores tokens as they are, for a table that FastAPI Users reads beside us.
    #[must_use]
    pub const fn store_in_clear(mut self) -> Self {
        self.hashed = false;
        self
    }

    fn tokens(&self) -> Result<&dyn AccessTokenStore<U::Id>, Error> {
        self.store
            .access_tokens()
            .ok_or_else(|| Error::SessionStorage("the store holds no access tokens".into()))
    }

    fn stored_form(&self, token: &str) -> String {
        if self.hashed {
            token_hash(token)
        } else {
            token.to_owned()
        }
    }

    fn is_expired(&self, token: &AccessToken<U::Id>) -> bool {
        let age = Utc::now().signed_duration_since(token.created_at);
        self.lifetime
            .is_some_and(|lifetime| age.to_std().is_ok_and(|age| age > lifetime))
    }
}

impl<U: UserModel> fmt::Debug for DatabaseStrategy<U> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DatabaseStrategy")
            .field("lifetime", &self.lifetime)
            .field("hashed", &self.hashed)
            .finish_non_exhaustive()
    }
}

#[async_trait]
impl<U: UserModel> Strategy<U> for DatabaseStrategy<U> {
    async fn read(&self, token: &str) -> Result<Option<U::Id>, Error> {
        if is_token_hash(token) {
            return Ok(None);
        }
        let found = self
            .tokens()?
            .find_token(&[&token_hash(token), token])
            .await?;
        Ok(found
            .filter(|found| !self.is_expired(found))
            .map(|found| found.user_id))
    }

    async fn write(&self, user: &U) -> Result<String, Error> {
        let token = token::random();
        let user_id = user.account().id.clone();
        self.tokens()?
            .insert_token(AccessToken {
                token: self.stored_form(&token),
                user_id,
                created_at: Utc::now(),
            })
            .await?;
        Ok(token)
    }

    async fn destroy(&self, token: &str, _user: &U) -> Result<(), Error> {
        let tokens = self.tokens()?;
        if !tokens.delete_token(&token_hash(token)).await? {
            tokens.delete_token(token).await?;
        }
        Ok(())
    }

    async fn destroy_all(&self, user: &U, except: Option<&str>) -> Result<(), Error> {
        let tokens = self.tokens()?;
        // The kept token may be stored in either form.
        let kept = match except {
            Some(token) => tokens.find_token(&[&token_hash(token), token]).await?,
            None => None,
        };
        tokens
            .delete_tokens_of(
                user.account().id,
                kept.as_ref().map(|kept| kept.token.as_str()),
            )
            .await?;
        Ok(())
    }

    fn can_destroy_all(&self) -> bool {
        true
    }
}
