//! The database strategy.

use std::{fmt, sync::Arc, time::Duration};

use async_trait::async_trait;
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD as URL_SAFE_NO_PAD};
use chrono::{TimeDelta, Utc};

use super::{Strategy, TokenOwner, redis_token};
use crate::{
    error::Error,
    model::UserModel,
    password::CredentialsStamp,
    randomness::{Randomness, SystemRandomness},
    session::{Owner, Presented},
    store::{AccessToken, AccessTokenStore, StoreError, UserStore, is_token_hash, token_hash},
};

/// A random token of 43 URL-safe characters in the store's table of access tokens.
///
/// 192 of its bits are random; the other 64 are the [stamp](CredentialsStamp) of the credentials that it was issued on, so that a
/// login with an old password that was under way when the new one was stored is worthless. A token in clear has 256 random bits,
/// as FastAPI Users' tokens have.
///
/// The table holds the token's SHA-256, so that the table's content cannot be used to log in, and the token itself is part of no
/// statement. [`accept_clear_tokens`](Self::accept_clear_tokens) also reads tokens in clear, as FastAPI Users stores them;
/// [`store_in_clear`](Self::store_in_clear) writes them.
pub struct DatabaseStrategy<U: UserModel> {
    store: Arc<dyn UserStore<U>>,
    lifetime: Option<Duration>,
    hashed: bool,
    accepts_clear: bool,
    randomness: Arc<dyn Randomness>,
}

impl<U: UserModel> DatabaseStrategy<U> {
    /// Tokens in this store, valid for one hour.
    pub fn new(store: impl UserStore<U>) -> Self {
        Self::shared(Arc::new(store))
    }

    pub(crate) fn shared(store: Arc<dyn UserStore<U>>) -> Self {
        Self {
            store,
            lifetime: Some(Duration::from_hours(1)),
            hashed: true,
            accepts_clear: false,
            randomness: Arc::new(SystemRandomness),
        }
    }

    /// How long a token is good, counted from when it was issued; `None` for ever.
    #[must_use]
    pub fn lifetime(mut self, lifetime: impl Into<Option<Duration>>) -> Self {
        self.lifetime = lifetime.into();
        self
    }

    /// What the tokens are made of.
    #[must_use]
    pub(crate) fn randomness(mut self, randomness: Arc<dyn Randomness>) -> Self {
        self.randomness = randomness;
        self
    }

    /// Stores tokens as they are, for a table that FastAPI Users reads beside us. Both forms are read then.
    #[must_use]
    pub const fn store_in_clear(mut self) -> Self {
        self.hashed = false;
        self.accept_clear_tokens()
    }

    /// Reads tokens that are stored in clear as well, for a table that has some from before. The clear token is then an argument
    /// of every look-up, so a database that logs the arguments of statements logs it. The default is no.
    #[must_use]
    pub const fn accept_clear_tokens(mut self) -> Self {
        self.accepts_clear = true;
        self
    }

    fn tokens(&self) -> Result<&dyn AccessTokenStore<U::Id>, Error> {
        self.store
            .access_tokens()
            .ok_or_else(|| Error::SessionStorage("the store holds no access tokens".into()))
    }

    /// The row of a token that has not expired.
    async fn find(&self, token: &str) -> Result<Option<AccessToken<U::Id>>, Error> {
        let found = self.stored(token).await?;
        Ok(found.filter(|found| !self.is_expired(found)))
    }

    fn stored_form(&self, token: &str) -> String {
        if self.hashed {
            token_hash(token)
        } else {
            token.to_owned()
        }
    }

    /// The forms in which a presented token may be stored, the hash first. A presented hash is not a token: as it is stored, it
    /// would be found.
    fn accepted_forms(&self, token: &str) -> Vec<String> {
        let clear = (self.accepts_clear && !is_token_hash(token)).then(|| token.to_owned());
        [Some(token_hash(token)), clear]
            .into_iter()
            .flatten()
            .collect()
    }

    async fn stored(&self, token: &str) -> Result<Option<AccessToken<U::Id>>, Error> {
        if !may_be_stored(token) {
            return Ok(None);
        }
        let forms = self.accepted_forms(token);
        let forms: Vec<_> = forms.iter().map(String::as_str).collect();
        Ok(self.tokens()?.find_token(&forms).await?)
    }

    /// The owner of a stored token that a client has presented.
    fn owner_of(token: &str, stored: AccessToken<U::Id>) -> TokenOwner<U::Id> {
        // What is stored in clear is a token of FastAPI Users', or one that it can read, and has no stamp.
        let is_hashed = is_token_hash(&stored.token);
        let stamp = is_hashed.then(|| stamp_of(token)).flatten();
        TokenOwner::new(stored.user_id).issued_on(stamp)
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
            .field("accepts_clear", &self.accepts_clear)
            .finish_non_exhaustive()
    }
}

/// Whether a presented token may be in the table. It has the characters of URL-safe base64: what `keep` stores is made of a text
/// with another one, so that a client cannot present it. A token that the Redis strategy has made is looked for there alone.
fn may_be_stored(token: &str) -> bool {
    redis_token::is_url_safe(token) && !redis_token::is_marked(token)
}

/// How many bytes of a token with a stamp are random: 192 bits, where ASVS 7.2.3 asks for 128.
const RANDOM: usize = 24;

/// A new token that ends with the stamp of the user's credentials.
fn stamped_token<U: UserModel>(user: &U, randomness: &dyn Randomness) -> String {
    let stamp = CredentialsStamp::of(user.account().hashed_password);
    let random = randomness.bytes::<RANDOM>();
    URL_SAFE_NO_PAD.encode([&random[..], &stamp.to_bytes()].concat())
}

/// The stamp that a token ends with; `None` for a text that is no such token.
fn stamp_of(token: &str) -> Option<CredentialsStamp> {
    let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
    let (random, stamp) = bytes.split_last_chunk()?;
    (random.len() == RANDOM).then(|| CredentialsStamp::from_bytes(*stamp))
}

/// What is stored of a token that was kept when the user's credentials became the present ones.
fn kept_form<U: UserModel>(token: &str, user: &U) -> String {
    let stamp = CredentialsStamp::of(user.account().hashed_password);
    token_hash(&format!("{token}.{stamp}"))
}

#[async_trait]
impl<U: UserModel> Strategy<U> for DatabaseStrategy<U> {
    async fn read(&self, token: &str) -> Result<Option<U::Id>, Error> {
        Ok(self.owner(token).await?.map(|owner| owner.user))
    }

    async fn owner(&self, token: &str) -> Result<Option<TokenOwner<U::Id>>, Error> {
        let found = self.find(token).await?;
        Ok(found.map(|found| Self::owner_of(token, found)))
    }

    /// Reads the user with the token.
    async fn present(&self, token: &str) -> Result<Option<Presented<U>>, Error> {
        self.tokens()?;
        if !may_be_stored(token) {
            return Ok(None);
        }
        let forms = self.accepted_forms(token);
        let forms: Vec<_> = forms.iter().map(String::as_str).collect();
        let found = self.store.find_by_token(&forms).await?;
        let Some((stored, user)) = found.filter(|(stored, _)| !self.is_expired(stored)) else {
            return Ok(None);
        };
        let owner = Self::owner_of(token, stored);
        let stamp = owner.issued_on;
        let owner = user.map_or(Owner::Id(owner.user), Owner::User);
        Ok(Some(Presented::new(owner).issued_on(stamp)))
    }

    /// The table has no column for a stamp, and the token that the client holds cannot change. So a token that is kept gets a
    /// second row, whose hash is made of the token and the new stamp.
    async fn keep(&self, token: &str, user: &U) -> Result<(), Error> {
        let Some(found) = self.find(token).await? else {
            return Ok(());
        };
        if !is_token_hash(&found.token) {
            return Ok(());
        }
        let kept = AccessToken {
            token: kept_form(token, user),
            ..found
        };
        match self.tokens()?.insert_token(kept).await {
            // It is kept already, or the user is gone.
            Err(StoreError::Conflict { .. } | StoreError::NotFound) => Ok(()),
            result => Ok(result?),
        }
    }

    async fn has_kept(&self, token: &str, user: &U) -> Result<bool, Error> {
        let kept = kept_form(token, user);
        let found = self.tokens()?.find_token(&[&kept]).await?;
        Ok(found.is_some_and(|found| found.user_id == *user.account().id))
    }

    /// Tokens in clear have no stamp.
    fn is_stamped(&self) -> bool {
        self.hashed && !self.accepts_clear
    }

    async fn write(&self, user: &U) -> Result<String, Error> {
        let token = if self.hashed {
            stamped_token(user, &*self.randomness)
        } else {
            self.randomness.token()
        };
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

    async fn destroy(&self, token: &str, user: &U) -> Result<(), Error> {
        let tokens = self.tokens()?;
        if self.hashed
            && stamp_of(token) != Some(CredentialsStamp::of(user.account().hashed_password))
        {
            tokens.delete_token(&kept_form(token, user)).await?;
        }
        for form in self.accepted_forms(token) {
            tokens.delete_token(&form).await?;
        }
        Ok(())
    }

    async fn destroy_all(&self, user: &U, except: Option<&str>) -> Result<(), Error> {
        // The kept token may be stored in either form.
        let kept = match except {
            Some(token) if self.accepts_clear => self.stored(token).await?.map(|kept| kept.token),
            except => except.map(token_hash),
        };
        self.tokens()?
            .delete_tokens_of(user.account().id, kept.as_deref())
            .await?;
        Ok(())
    }

    fn can_destroy_all(&self) -> bool {
        true
    }

    /// All tokens in the table go, also those of other backends that share it.
    async fn destroy_everyones(&self) -> Result<bool, Error> {
        // A server whose clock is ahead has issued some in the future.
        let instant = Utc::now() + TimeDelta::days(1);
        self.tokens()?.delete_tokens_before(instant).await?;
        Ok(true)
    }
}
