//! Verification of an e-mail address.

use http::request::Parts;

use crate::{
    error::Error,
    features::{events::event::EventKind, limits::Limited},
    model::UserModel,
    store::{Expected, StoreError},
    users::{Users, VerifyError, background::HookPermit, fields::role_value, notify::Notice},
    value::{Role, Value},
};

impl<U: UserModel> Users<U> {
    /// Starts the verification of a user's address: creates a token and passes it to `on_after_request_verify`.
    ///
    /// Nothing happens for inactive and for verified users, and the result is the same. If a client sends the address, call
    /// [`request_verify_by_email`](Self::request_verify_by_email).
    ///
    /// # Errors
    ///
    /// [`Error::HooksOverloaded`] when too many hooks run in the background; where the hook is awaited (see
    /// [`notify_in_background`](crate::UsersBuilder::notify_in_background)), when it fails or the token cannot be made.
    pub async fn request_verify(&self, user: &U, request: Option<&Parts>) -> Result<(), Error> {
        let permit = self.hook_permit(Notice::Verify).await?;
        self.start_verification(permit, user, request).await
    }

    /// Starts the verification of this address, if a user has it: see [`request_verify`](Self::request_verify).
    ///
    /// Until this returns, the same is done for an address that no user has, as in
    /// [`forgot_password_by_email`](Self::forgot_password_by_email).
    ///
    /// # Errors
    ///
    /// As [`request_verify`](Self::request_verify), and when the store fails.
    pub async fn request_verify_by_email(
        &self,
        email: &str,
        request: Option<&Parts>,
    ) -> Result<(), Error> {
        let permit = self.hook_permit(Notice::Verify).await?;
        match self.find_by_email(email).await? {
            Some(user) => self.start_verification(permit, &user, request).await,
            None => Ok(()),
        }
    }

    /// [`request_verify_by_email`](Self::request_verify_by_email) within the limits of accounts, which the client cannot notice.
    pub(crate) async fn request_verification(
        &self,
        email: &str,
        request: &Parts,
    ) -> Result<(), Error> {
        let permit = self.hook_permit(Notice::Verify).await?;
        let user = self.find_by_email(email).await?;
        let may_send = self
            .may_send(Limited::Verify, user.as_ref(), email, request)
            .await;
        match user {
            Some(user) if may_send => self.start_verification(permit, &user, Some(request)).await,
            _ => Ok(()),
        }
    }

    #[tracing::instrument(name = "request_verify", skip_all, fields(user.id = %user.account().id))]
    async fn start_verification(
        &self,
        permit: Option<HookPermit>,
        user: &U,
        request: Option<&Parts>,
    ) -> Result<(), Error> {
        if !user.account().is_active || user.account().is_verified {
            return Ok(());
        }
        self.notify(permit, user, request, Notice::Verify).await
    }

    /// Verifies the address that a token from [`request_verify`](Self::request_verify) is for.
    ///
    /// # Errors
    ///
    /// [`VerifyError::BadToken`] also for an address that the user no longer has; [`VerifyError::AlreadyVerified`].
    #[tracing::instrument(name = "verify", skip_all, fields(user.id))]
    pub async fn verify(&self, token: &str, request: Option<&Parts>) -> Result<U, VerifyError> {
        let (id, email) = self.read_verify_token(token).ok_or(VerifyError::BadToken)?;
        let user = self
            .store()
            .find_by_email(&email)
            .await
            .map_err(Error::from)?
            .ok_or(VerifyError::BadToken)?;
        if *user.account().id != id {
            return Err(VerifyError::BadToken);
        }
        tracing::Span::current().record("user.id", tracing::field::display(&id));
        if user.account().is_verified {
            return Err(VerifyError::AlreadyVerified);
        }
        let changes = role_value::<U>(Role::IsVerified, Value::Bool(true))
            .into_iter()
            .collect();
        // Guarded by the address and by the missing proof: of several requests with one token, exactly one verifies.
        let email = user.account().email;
        let expected = Expected::new().email(email).verified(false);
        let user = match self.change_stored(&id, changes, Some(expected)).await {
            // The address was changed in the meantime, and this token does not verify the new one.
            Err(StoreError::NotFound) => return Err(VerifyError::BadToken),
            Err(StoreError::Outdated) => return Err(self.why_not_verified(&user).await?),
            other => other.map_err(Error::from)?,
        };
        self.event(EventKind::Verified, Some(&user), request).await;
        self.hooks()
            .on_after_verify(&user, request)
            .await
            .map_err(Error::Hook)?;
        Ok(user)
    }

    /// Why a user was not verified whose row has changed since it was read.
    async fn why_not_verified(&self, before: &U) -> Result<VerifyError, Error> {
        let now = self.find(before.account().id).await?;
        let is_verified = now.is_some_and(|now| {
            now.account().is_verified && now.account().email == before.account().email
        });
        Ok(if is_verified {
            VerifyError::AlreadyVerified
        } else {
            VerifyError::BadToken
        })
    }
}
