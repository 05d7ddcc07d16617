//! An owner who proves an address takes over what an unproven user left.

use http::request::Parts;

use super::{Users, fields::role_value};
use crate::{
    error::Error,
    features::events::event::EventKind,
    model::UserModel,
    password::PasswordHash,
    store::{Expected, StoreError},
    token,
    value::{Field as _, Role, Value},
};

/// What stands in for the hash of a user without a password; no password has it, and a reset replaces it.
const NO_PASSWORD: char = '!';

impl<U: UserModel> Users<U> {
    /// Removes all credentials of a user whose address was never verified, since they may not be its owner:
    /// the password, the sessions and the linked accounts. The owner's password is set (none, where they come by a provider) and
    /// the address is verified, in one statement.
    ///
    /// Nothing is taken away before a guarded statement has found the user as read, so that a user who is verified at the same time
    /// keeps their linked accounts. Where accounts are linked, that statement closes the password, and the last one changes the
    /// credentials' stamp once more: a login by a linked account that was decided in between is worthless. Where a step fails, the
    /// user is still unverified, and the owner begins anew with another letter or login.
    ///
    /// # Errors
    ///
    /// [`StoreError::Outdated`] where the password, the address or a flag has changed since the user was read.
    pub(crate) async fn claim(
        &self,
        user: &U,
        hash: &PasswordHash,
        request: Option<&Parts>,
    ) -> Result<U, Error> {
        let account = user.account();
        let same = Expected::new()
            .email(account.email)
            .active(account.is_active);
        let read = same.hash(account.hashed_password).verified(false);
        let claimed = if self.has_links(user).await? {
            let closed = closed_hash();
            let change = role_value::<U>(Role::HashedPassword, closed.to_value());
            let change = change.into_iter().collect();
            self.change_stored(account.id, change, Some(read)).await?;
            self.take_away(user).await?;
            // A verification in the meantime proves the same address, and must not leave the user without a way in.
            self.prove(user, hash, same.hash(&closed)).await?
        } else {
            if !self.stamp_ends_sessions() {
                self.void_sessions(user).await?;
            }
            self.prove(user, hash, read).await?
        };
        // What began between the statements above. The user is proven, and an error would say that they are not.
        if let Err(error) = self.take_away(user).await {
            tracing::error!(user.id = %account.id, error = &error as &dyn std::error::Error, "late sessions or links may go on");
        }
        self.event(EventKind::Claimed, Some(&claimed), request)
            .await;
        Ok(claimed)
    }

    /// Closes the password of a user whose address was never verified, and ends their sessions. Linked accounts stay: they are no
    /// secret of the registration, and [`claim`](Self::claim) removes them.
    ///
    /// # Errors
    ///
    /// [`StoreError::Outdated`] where the password or the address has changed since the user was read, or the address was verified.
    pub(crate) async fn close_password(&self, user: &U, request: &Parts) -> Result<U, Error> {
        let account = user.account();
        let read = Expected::new()
            .email(account.email)
            .hash(account.hashed_password)
            .verified(false);
        if !self.stamp_ends_sessions() {
            self.void_sessions(user).await?;
        }
        let closed = role_value::<U>(Role::HashedPassword, closed_hash().to_value());
        let change = closed.into_iter().collect();
        let closed = self.change_stored(account.id, change, Some(read)).await?;
        self.void_late_sessions(&closed).await;
        let kind = EventKind::PasswordVoided;
        self.event(kind, Some(&closed), Some(request)).await;
        Ok(closed)
    }

    /// Removes the links and ends the sessions. The links go first: a login that stores its token after the sessions have ended
    /// finds its link gone.
    async fn take_away(&self, user: &U) -> Result<(), Error> {
        if let Some(accounts) = self.store().oauth_accounts() {
            accounts.delete_accounts_of(user.account().id).await?;
        }
        self.void_sessions(user).await
    }

    /// Stores the owner's password and the proof of the address.
    async fn prove(
        &self,
        user: &U,
        hash: &PasswordHash,
        expected: Expected<'_>,
    ) -> Result<U, StoreError> {
        let changes = [
            role_value::<U>(Role::HashedPassword, hash.to_value()),
            role_value::<U>(Role::IsVerified, Value::Bool(true)),
        ];
        let changes = changes.into_iter().flatten().collect();
        self.change_stored(user.account().id, changes, Some(expected))
            .await
    }

    async fn has_links(&self, user: &U) -> Result<bool, StoreError> {
        match self.store().oauth_accounts() {
            Some(accounts) => accounts.has_accounts(user.account().id).await,
            None => Ok(false),
        }
    }
}

/// Whether no password has this hash.
pub(crate) fn is_closed(hash: &PasswordHash) -> bool {
    hash.expose().starts_with(NO_PASSWORD)
}

/// A hash that no password has.
pub(crate) fn closed_hash() -> PasswordHash {
    PasswordHash::new(format!("{NO_PASSWORD}{}", token::random()))
}
