//! What strategies can do that keep sessions.

use async_trait::async_trait;

use crate::{
    error::Error,
    model::UserModel,
    session::{Issued, SessionInfo},
};

/// Sessions that their users see and end. A custom strategy offers them with [`Strategy::sessions`](super::Strategy::sessions).
#[async_trait]
pub trait KeptSessions<U: UserModel>: Send + Sync {
    /// The user's sessions that have not ended, the newest first.
    ///
    /// # Errors
    ///
    /// When the storage fails.
    async fn list(&self, user: &U) -> Result<Vec<SessionInfo>, Error>;

    /// Ends a session of this user, and says whether there was one of this id.
    ///
    /// # Errors
    ///
    /// When the storage fails.
    async fn end(&self, user: &U, id: &str) -> Result<bool, Error>;

    /// Deletes what is left of sessions that have expired, and says how many it deleted. The default deletes none, as fits a storage
    /// that forgets them by itself.
    ///
    /// # Errors
    ///
    /// When the storage fails.
    async fn purge(&self) -> Result<u64, Error> {
        Ok(0)
    }
}

/// Tokens that give new access tokens. A custom strategy offers them with
/// [`Strategy::refresh_tokens`](super::Strategy::refresh_tokens).
#[async_trait]
pub trait RefreshTokens<U: UserModel>: Send + Sync {
    /// New tokens for a refresh token, and their user; `None` when it is not (or no longer) valid.
    ///
    /// # Errors
    ///
    /// When the storage fails.
    async fn refresh(&self, token: &str) -> Result<Option<(U, Issued)>, Error>;

    /// Ends the session of a refresh token, and says whether there was one.
    ///
    /// # Errors
    ///
    /// When the storage fails.
    async fn end(&self, token: &str) -> Result<bool, Error>;
}
