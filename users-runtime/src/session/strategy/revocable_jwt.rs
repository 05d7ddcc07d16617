//! The JWT strategy whose tokens end before they expire.

use std::{fmt, sync::Arc, time::SystemTime};

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::{
    JwtStrategy, Strategy, StrategyError, TokenOwner,
    epochs::{Epoch, Epochs},
    jwt::ReadToken,
};
use crate::{
    error::Error,
    model::UserModel,
    session::{Owner, Presented},
    store::UserStore,
    token::{Claims, unix_seconds},
};

/// The tokens of a [`JwtStrategy`], with the claim `epoch`: they end in every process when the user's epoch advances, which is a row
/// in the table [`EPOCHS`](super::EPOCHS). A deactivation, a reactivation, and whatever ends all sessions of a user advance it.
/// A logout ends nothing, as nothing is stored for a single token.
///
/// The user is read together with the epoch: in one statement on SQL, and with one more look-up on MongoDB.
///
/// A token without `epoch`, which was issued before the backend was declared `revocable`, is void if it was issued before the
/// user's tokens, or everyone's, were last revoked.
pub struct RevocableJwtStrategy<U: UserModel> {
    jwt: JwtStrategy,
    epochs: Epochs<U>,
}

impl<U: UserModel> RevocableJwtStrategy<U> {
    /// These tokens, with the epochs in this store. The builder makes it for a backend that is declared `revocable`.
    pub fn new(jwt: JwtStrategy, store: impl UserStore<U>) -> Self {
        Self::shared(jwt, Arc::new(store))
    }

    pub(crate) const fn shared(jwt: JwtStrategy, store: Arc<dyn UserStore<U>>) -> Self {
        Self {
            jwt,
            epochs: Epochs::new(store),
        }
    }
}

impl<U: UserModel> fmt::Debug for RevocableJwtStrategy<U> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RevocableJwtStrategy")
            .field("jwt", &self.jwt)
            .finish_non_exhaustive()
    }
}

#[async_trait]
impl<U: UserModel> Strategy<U> for RevocableJwtStrategy<U> {
    async fn read(&self, token: &str) -> Result<Option<U::Id>, Error> {
        Ok(self.owner(token).await?.map(|owner| owner.user))
    }

    async fn owner(&self, token: &str) -> Result<Option<TokenOwner<U::Id>>, Error> {
        Ok(self.present(token).await?.map(|presented| {
            let id = match presented.owner {
                Owner::Id(id) => id,
                Owner::User(user) => user.account().id.clone(),
            };
            TokenOwner::new(id).issued_on(presented.issued_on)
        }))
    }

    async fn present(&self, token: &str) -> Result<Option<Presented<U>>, Error> {
        let Some(read) = self.jwt.read_claims::<U>(token) else {
            return Ok(None);
        };
        let (epoch, owner) = match self.epochs.find_with_user(&read.user).await? {
            Some((epoch, user)) => (Some(epoch), Owner::User(user)),
            None => (None, Owner::Id(read.user.clone())),
        };
        let is_valid = match (&read.epoch, epoch) {
            (Some(issued_in), epoch) => epoch.is_some_and(|epoch| epoch.value == *issued_in),
            (
                None,
                Some(Epoch {
                    advanced_at: Some(advanced_at),
                    ..
                }),
            ) => was_issued_after(&read, advanced_at),
            // The user's own tokens were never revoked, but everyone's may have been, before the user had a row.
            (None, _) => {
                let advanced_at = self.epochs.everyones_advanced_at().await?;
                advanced_at.is_none_or(|advanced_at| was_issued_after(&read, advanced_at))
            }
        };
        if !is_valid {
            return Ok(None);
        }
        Ok(Some(Presented::new(owner).issued_on(read.stamp)))
    }

    fn claims(&self, token: &str) -> Option<Claims> {
        self.jwt.all_claims::<U>(token)
    }

    fn is_stamped(&self) -> bool {
        Strategy::<U>::is_stamped(&self.jwt)
    }

    async fn write(&self, user: &U) -> Result<String, Error> {
        let epoch = self.epochs.current(user).await?;
        let now = unix_seconds(SystemTime::now());
        self.jwt.signed(user, now, Some(&epoch))
    }

    async fn destroy(&self, _token: &str, _user: &U) -> Result<(), Error> {
        Ok(())
    }

    /// Ends all of them: tokens of the same epoch cannot be distinguished.
    async fn destroy_all(&self, user: &U, _except: Option<&str>) -> Result<(), Error> {
        self.epochs.advance(user).await
    }

    fn can_destroy_all(&self) -> bool {
        true
    }

    async fn destroy_everyones(&self) -> Result<bool, Error> {
        self.epochs.advance_everyones().await?;
        Ok(true)
    }

    fn validate(&self) -> Result<(), StrategyError> {
        Strategy::<U>::validate(&self.jwt)
    }
}

/// Whether a token was issued after a revocation.
fn was_issued_after<Id>(read: &ReadToken<Id>, revoked_at: DateTime<Utc>) -> bool {
    let issued = read.issued.and_then(|issued| i64::try_from(issued).ok());
    let issued = issued.and_then(|issued| DateTime::from_timestamp(issued, 0));
    issued.is_some_and(|issued| issued > revoked_at)
}
