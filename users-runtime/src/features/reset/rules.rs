//! Forgotten passwords.

use http::request::Parts;

use crate::{
    error::Error,
    features::{events::event::EventKind, limits::Limited},
    model::UserModel,
    password::{Password, PasswordHash},
    store::{Expected, StoreError},
    users::{
        ResetPasswordError, Users, background::HookPermit, fields::role_value, hooks::PasswordOf,
        notify::Notice,
    },
    value::{Field as _, Role},
};

impl<U: UserModel> Users<U> {
    /// Starts a password reset: creates a token and passes it to `on_after_forgot_password`, both after the response unless
    /// [`notify_in_background`](crate::UsersBuilder::notify_in_background) and
    /// [`reset_token_follows_email`](crate::UsersBuilder::reset_token_follows_email) say otherwise.
    ///
    /// Nothing happens for inactive users, and the result is the same. If a client sends the address, call
    /// [`forgot_password_by_email`](Self::forgot_password_by_email).
    ///
    /// # Errors
    ///
    /// [`Error::HooksOverloaded`] when too many hooks run in the background; where the hook is awaited, when it fails or the
    /// token cannot be made.
    pub async fn forgot_password(&self, user: &U, request: Option<&Parts>) -> Result<(), Error> {
        let permit = self.hook_permit(Notice::Reset).await?;
        self.start_reset(permit, user, request).await
    }

    /// Starts a password reset for the user with this address, if there is one: see [`forgot_password`](Self::forgot_password).
    ///
    /// Until this returns, the same is done for an address that no user has. That includes the wait for a permit to run a hook
    /// in the background, which is taken before the look-up.
    ///
    /// # Errors
    ///
    /// As [`forgot_password`](Self::forgot_password), and when the store fails.
    pub async fn forgot_password_by_email(
        &self,
        email: &str,
        request: Option<&Parts>,
    ) -> Result<(), Error> {
        let permit = self.hook_permit(Notice::Reset).await?;
        match self.find_by_email(email).await? {
            Some(user) => self.start_reset(permit, &user, request).await,
            None => Ok(()),
        }
    }

    /// [`forgot_password_by_email`](Self::forgot_password_by_email) within the limits of accounts, which the client cannot notice.
    pub(crate) async fn request_reset(&self, email: &str, request: &Parts) -> Result<(), Error> {
        let permit = self.hook_permit(Notice::Reset).await?;
        let user = self.find_by_email(email).await?;
        let may_send = self
            .may_send(Limited::Forgot, user.as_ref(), email, request)
            .await;
        match user {
            Some(user) if may_send => self.start_reset(permit, &user, Some(request)).await,
            _ => Ok(()),
        }
    }

    #[tracing::instrument(name = "forgot_password", skip_all, fields(user.id = %user.account().id))]
    async fn start_reset(
        &self,
        permit: Option<HookPermit>,
        user: &U,
        request: Option<&Parts>,
    ) -> Result<(), Error> {
        if !user.account().is_active {
            return Ok(());
        }
        self.notify(permit, user, request, Notice::Reset).await
    }

    /// [`forgot_password`](Self::forgot_password) that waits for the hook whatever the options say, for a process that ends then.
    #[cfg(feature = "cli")]
    pub(crate) async fn send_reset_token(&self, user: &U) -> Result<(), Error> {
        self.announce(user, None, Notice::Reset).await
    }

    /// Sets a new password with a token from [`forgot_password`](Self::forgot_password).
    ///
    /// # Errors
    ///
    /// [`ResetPasswordError::BadToken`] for every fault of the token and for inactive users;
    /// [`ResetPasswordError::InvalidPassword`], after which the token is still valid.
    #[tracing::instrument(name = "reset_password", skip_all, fields(user.id))]
    pub async fn reset_password(
        &self,
        token: &str,
        password: Password,
        request: Option<&Parts>,
    ) -> Result<U, ResetPasswordError> {
        let bad = || ResetPasswordError::BadToken;
        let (id, fingerprint) = self.read_reset_token(token).ok_or_else(bad)?;
        let proves_address = self.proves_address(&fingerprint);
        let user = self.find(&id).await?.ok_or_else(bad)?;
        tracing::Span::current().record("user.id", tracing::field::display(&id));
        if !self.fingerprint_matches(&user, fingerprint).await? || !user.account().is_active {
            return Err(bad());
        }
        let emails = [user.account().email];
        self.judge_password(&password, &emails, PasswordOf::Existing(&user), request)
            .await?;
        let hash = self.passwords().hash(password).await.map_err(Error::from)?;
        self.revoke_before_new_password(&user, None).await?;
        let updated = match self
            .store_reset(&user, &hash, proves_address, request)
            .await
        {
            Err(Error::Store(StoreError::Outdated | StoreError::NotFound)) => return Err(bad()),
            other => other?,
        };
        if self.options().revoke_sessions {
            self.revoke_late_sessions(&updated, None).await;
        }
        self.event(EventKind::PasswordReset, Some(&updated), request)
            .await;
        self.forget_failures(&updated, request).await;
        self.hooks()
            .on_after_reset_password(&updated, request)
            .await
            .map_err(Error::Hook)?;
        Ok(updated)
    }

    /// Stores the new password. The token was validated against the old one: of two requests with one token, only the first finds
    /// it still there.
    ///
    /// A token that only the owner of the address can have verifies the address. If it was never verified before,
    /// an attacker may have registered it and may have other credentials, which end.
    async fn store_reset(
        &self,
        user: &U,
        hash: &PasswordHash,
        proves_address: bool,
        request: Option<&Parts>,
    ) -> Result<U, Error> {
        let account = user.account();
        if proves_address && !account.is_verified {
            return self.claim(user, hash, request).await;
        }
        let changes = role_value::<U>(Role::HashedPassword, hash.to_value());
        let mut expected = Expected::new().hash(account.hashed_password).active(true);
        if proves_address {
            expected = expected.email(account.email);
        }
        let changes = changes.into_iter().collect();
        Ok(self
            .change_stored(account.id, changes, Some(expected))
            .await?)
    }
}
