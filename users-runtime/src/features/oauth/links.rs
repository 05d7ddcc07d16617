//! The accounts that are linked to a user.

use http::request::Parts;

use super::{
    rules::OAuthError,
    storing::{Storing, account_of},
};
use crate::{
    error::Error,
    features::events::event::EventKind,
    model::UserModel,
    oauth::{Profile, ProviderToken},
    schema,
    store::{Expected, OAuthAccount, StoreError},
    users::{Users, claim::is_closed},
    value::Viewer,
    wire::json::Json,
};

/// Why the link to an account was not removed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum UnlinkError {
    /// The account is the user's only way to log in.
    #[error("the account is the only way to log in")]
    LastWayIn,
    /// Something failed.
    #[error(transparent)]
    Failed(#[from] Error),
}

impl<U: UserModel> Users<U> {
    /// Links an account to a user, who must still be as read; whether it is new to them.
    ///
    /// # Errors
    ///
    /// [`StoreError::Outdated`] within [`OAuthError::Failed`] when the credentials or the flags of the user have changed.
    pub(crate) async fn oauth_associate(
        &self,
        user: &U,
        provider: &str,
        token: &ProviderToken,
        profile: &Profile,
        request: Option<&Parts>,
    ) -> Result<bool, OAuthError> {
        let email = self.account_email(profile)?;
        let owner = user.account();
        let id = owner.id;
        let as_read = Expected::new()
            .hash(owner.hashed_password)
            .active(owner.is_active)
            .verified(owner.is_verified);
        let storing = match self
            .accounts()?
            .find_account(provider, &profile.account_id)
            .await?
        {
            Some(linked) if linked.user_id == *id => Storing::Update(id.clone()),
            Some(linked) if self.find(&linked.user_id).await?.is_some() => {
                return Err(OAuthError::AccountTaken);
            }
            Some(linked) => {
                self.accounts()?
                    .delete_account(&linked.user_id, provider, &profile.account_id)
                    .await?;
                Storing::Link(id.clone(), as_read)
            }
            None => Storing::Link(id.clone(), as_read),
        };
        let account = |user_id| account_of::<U>(user_id, provider, token, profile, &email);
        match self.store_account(&storing, &account).await {
            // Not that another user has the address.
            Err(StoreError::Outdated) => return Err(Error::from(StoreError::Outdated).into()),
            stored => stored?,
        };
        let is_new = matches!(storing, Storing::Link(..));
        if is_new {
            self.event(EventKind::AccountLinked { provider }, Some(user), request)
                .await;
        }
        let nothing = schema::body::model::<U::Update>(
            &Json::Object(Box::default()),
            Viewer::Admin,
            &self.email_rules(),
        );
        if let Ok(nothing) = nothing {
            self.hooks()
                .on_after_update(user, &nothing, request)
                .await
                .map_err(Error::Hook)?;
        }
        Ok(is_new)
    }

    /// The accounts that are linked to a user.
    ///
    /// # Errors
    ///
    /// When the store fails, or holds no accounts.
    pub async fn oauth_accounts(&self, user: &U) -> Result<Vec<OAuthAccount<U::Id>>, Error> {
        Ok(self.accounts()?.accounts_of(user.account().id).await?)
    }

    /// Removes a link; whether it was there.
    ///
    /// A user whom the original made, or its preset, has the hash of a random password, which looks like any other: for
    /// them, no account counts as the last way in.
    ///
    /// # Errors
    ///
    /// [`UnlinkError::LastWayIn`] for the only account of a user who never had a password.
    pub async fn unlink_oauth_account(
        &self,
        user: &U,
        provider: &str,
        account_id: &str,
    ) -> Result<bool, UnlinkError> {
        let was_linked = self.unlink(user, provider, account_id).await?;
        if was_linked {
            self.event(EventKind::AccountUnlinked { provider }, Some(user), None)
                .await;
        }
        Ok(was_linked)
    }

    async fn unlink(
        &self,
        user: &U,
        provider: &str,
        account_id: &str,
    ) -> Result<bool, UnlinkError> {
        let is_it = |account: &OAuthAccount<U::Id>| {
            account.oauth_name == provider && account.account_id == account_id
        };
        let linked = self.oauth_accounts(user).await?;
        let has_password = !is_closed(user.account().hashed_password);
        let is_last = linked.len() == 1 && !has_password;
        let Some(account) = linked.into_iter().find(is_it) else {
            return Ok(false);
        };
        if is_last {
            return Err(UnlinkError::LastWayIn);
        }
        let accounts = self.accounts().map_err(Error::from)?;
        let was_linked = accounts
            .delete_account(user.account().id, provider, account_id)
            .await
            .map_err(Error::from)?;
        // Another request removed the other ones at the same time: a request that finds none left restores its own.
        if was_linked && !has_password && self.oauth_accounts(user).await?.is_empty() {
            // Where the address's owner has taken the user over, the account is not theirs.
            let now = self.find(user.account().id).await?;
            let before = user.account().hashed_password;
            if now.is_none_or(|now| now.account().hashed_password != before) {
                return Ok(true);
            }
            return match accounts.insert_account(account).await {
                Ok(()) => Err(UnlinkError::LastWayIn),
                // The user is gone, or the account is another one's by now: there is nothing to put back.
                Err(StoreError::NotFound | StoreError::Conflict { .. }) => Ok(true),
                Err(error) => Err(Error::from(error).into()),
            };
        }
        Ok(was_linked)
    }

    /// Removes a link that was made by a session which has ended in the meantime.
    pub(crate) async fn unlink_late(
        &self,
        user: &U,
        provider: &str,
        account_id: &str,
    ) -> Result<(), Error> {
        let id = user.account().id;
        self.accounts()?
            .delete_account(id, provider, account_id)
            .await?;
        tracing::warn!(user.id = %id, provider, "account unlinked, since the session that linked it has ended");
        self.event(EventKind::AccountUnlinked { provider }, Some(user), None)
            .await;
        Ok(())
    }

    /// Whether an account is linked to this user.
    pub(crate) async fn is_linked(
        &self,
        user: &U,
        provider: &str,
        account_id: &str,
    ) -> Result<bool, Error> {
        let linked = self.accounts()?.find_account(provider, account_id).await?;
        Ok(linked.is_some_and(|linked| linked.user_id == *user.account().id))
    }
}
