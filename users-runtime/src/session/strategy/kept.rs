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

/// What a refresh token is exchanged for.
#[derive(Debug)]
#[non_exhaustive]
pub enum Refresh<U> {
    /// New tokens of this user.
    Issued(Box<(U, Issued)>),
    /// The tokens that this user's session has already given out: the refresh token was used before, and its successor was not, or only
    /// within the grace period.
    Replayed(Box<(U, Issued)>),
    /// The token was used before and its successor, too, so one of them was stolen: the session of this id was ended.
    Reused {
        /// The session's user.
        user: Box<U>,
        /// The session's id.
        session: String,
    },
    /// Nothing: the token is not (or no longer) valid.
    Invalid,
}

/// What a logout with a refresh token has ended.
#[derive(Debug)]
#[non_exhaustive]
pub enum LoggedOutSession<U> {
    /// The session of this id.
    Ended {
        /// The session's user.
        user: Box<U>,
        /// The session's id.
        session: String,
    },
    /// A session that the strategy does not name, or that was no longer valid.
    Unnamed,
    /// Nothing: the token is not (or no longer) valid.
    None,
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

    /// New tokens for a refresh token, or why there are none. The default is what [`refresh`](Self::refresh) returns; a strategy that
    /// notices a stolen token says so here.
    ///
    /// # Errors
    ///
    /// When the storage fails.
    async fn exchange(&self, token: &str) -> Result<Refresh<U>, Error> {
        let refreshed = self.refresh(token).await?;
        Ok(refreshed.map_or(Refresh::Invalid, |(user, issued)| {
            Refresh::Issued(Box::new((user, issued)))
        }))
    }

    /// The user of a refresh token, which is not used; `None` when it is not (or no longer) valid. It is asked where users belong to tenants,
    /// before a token is used. The default is `None`: then a token that is presented to another tenant is used up.
    ///
    /// # Errors
    ///
    /// When the storage fails.
    async fn user_of(&self, token: &str) -> Result<Option<U>, Error> {
        let _ = token;
        Ok(None)
    }

    /// Ends the session of a refresh token, and says whether there was one.
    ///
    /// # Errors
    ///
    /// When the storage fails.
    async fn end(&self, token: &str) -> Result<bool, Error>;

    /// Ends the session of a refresh token, and returns what it was, for the event of a logout. The default is what
    /// [`end`](Self::end) returns, which does not name the user: then there is no event.
    ///
    /// # Errors
    ///
    /// When the storage fails.
    async fn log_out(&self, token: &str) -> Result<LoggedOutSession<U>, Error> {
        Ok(if self.end(token).await? {
            LoggedOutSession::Unnamed
        } else {
            LoggedOutSession::None
        })
    }
}
