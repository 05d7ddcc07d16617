//! Refresh tokens: each is used once, except by a client that never saw the answer.
//!
//! A refresh token is the session's id and its generation, authenticated, so that the successor of a token is always the same: of
//! twenty tabs that refresh at once, one moves the generation on and all get the same token. A client whose answer was lost comes
//! back with the token that it has, however late. That ends once the successor was used: 30 seconds later a client that still has the former
//! token has stolen it, or its thief has the successor, and the session ends (RFC 9700, section 4.14.2).

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::{
    SessionStrategy,
    lifetimes::after,
    row::{Rotation, Row},
    signed::Purpose,
    store::by_id,
    table,
};
use crate::{
    error::Error,
    model::UserModel,
    session::{
        Issued,
        strategy::{LoggedOutSession, Refresh, RefreshTokens},
    },
    store::StoreError,
};

/// How often a refresh reads again since another one has moved the generation on.
const ATTEMPTS: usize = 8;

/// What a refresh token is to its session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    /// The last one that was made: it gets a successor.
    Current,
    /// A former one that is still answered with its successor, of this generation.
    Former(i64),
    /// One that was used up: the client or a thief has a later one.
    Reused,
    /// One that this session has not come to, since the database was restored to an earlier state.
    Unknown,
}

impl<U: UserModel> SessionStrategy<U> {
    pub(super) fn refresh_token(&self, session: &str, generation: i64) -> Option<String> {
        let tokens = self.refresh.as_ref()?;
        tokens.token(Purpose::Refresh, session, generation)
    }

    fn standing(&self, row: Rotation, generation: i64, now: DateTime<Utc>) -> Standing {
        let grace = self.sessions.lifetimes.0.grace;
        // The last rotation used the successor of the token before the last.
        let is_graced = row.rotated_at.is_some_and(|at| now < after(at, grace));
        match row.generation - generation {
            0 => Standing::Current,
            1 => Standing::Former(row.generation),
            2 if is_graced => Standing::Former(row.generation - 1),
            behind if behind > 0 => Standing::Reused,
            _ => Standing::Unknown,
        }
    }

    /// Moves the generation on, unless another refresh has done so: `None`.
    async fn rotate(
        &self,
        row: &Row,
        rotation: Rotation,
        now: DateTime<Utc>,
    ) -> Result<Option<i64>, Error> {
        let expires_at = self.sessions.lifetimes.expires_at(now, row.ends_at);
        let by = by_id(&row.info.id)
            .with("generation", rotation.generation)
            .with("rotated_at", now)
            .with("last_used_at", now)
            .with("expires_at", expires_at);
        let changed = self.sessions.records()?.change(&table::ROTATE, by).await?;
        Ok((changed > 0).then_some(rotation.generation + 1))
    }
}

#[async_trait]
impl<U: UserModel> RefreshTokens<U> for SessionStrategy<U> {
    async fn refresh(&self, token: &str) -> Result<Option<(U, Issued)>, Error> {
        Ok(match self.exchange(token).await? {
            Refresh::Issued(issued) | Refresh::Replayed(issued) => Some(*issued),
            Refresh::Reused { .. } | Refresh::Invalid => None,
        })
    }

    async fn exchange(&self, token: &str) -> Result<Refresh<U>, Error> {
        let now = self.sessions.now();
        let tokens = self.refresh.as_ref();
        let Some((id, generation)) = tokens.and_then(|tokens| tokens.read(Purpose::Refresh, token))
        else {
            return Ok(Refresh::Invalid);
        };
        for _ in 0..ATTEMPTS {
            let found = self.sessions.find_to_refresh(&id, now).await?;
            let Some((row, rotation, user)) = found else {
                return Ok(Refresh::Invalid);
            };
            let account = user.account();
            if !self.sessions.is_current(&row, &user) || !account.is_active {
                return Ok(Refresh::Invalid);
            }
            let (successor, is_replayed) = match self.standing(rotation, generation, now) {
                Standing::Current => match self.rotate(&row, rotation, now).await? {
                    Some(successor) => (successor, false),
                    None => continue,
                },
                Standing::Former(successor) => (successor, true),
                Standing::Reused => {
                    // Of several uses at once, one has ended it.
                    if !self.sessions.end(&row.info.id).await? {
                        return Ok(Refresh::Invalid);
                    }
                    return Ok(Refresh::Reused {
                        user: Box::new(user),
                        session: row.info.id,
                    });
                }
                Standing::Unknown => return Ok(Refresh::Invalid),
            };
            let refresh = self.refresh_token(&row.info.id, successor);
            let is_persistent = rotation.is_persistent;
            let issued = self.issued(&row, &user, refresh, now)?;
            let issued = issued.persistent(is_persistent).session(&row.info.id);
            let issued = Box::new((user, issued));
            return Ok(if is_replayed {
                Refresh::Replayed(issued)
            } else {
                Refresh::Issued(issued)
            });
        }
        Err(StoreError::Unavailable("the session keeps being refreshed".into()).into())
    }

    async fn user_of(&self, token: &str) -> Result<Option<U>, Error> {
        let tokens = self.refresh.as_ref();
        let Some((id, _)) = tokens.and_then(|tokens| tokens.read(Purpose::Refresh, token)) else {
            return Ok(None);
        };
        let found = self
            .sessions
            .find_to_refresh(&id, self.sessions.now())
            .await?;
        Ok(found.map(|(_, _, user)| user))
    }

    async fn end(&self, token: &str) -> Result<bool, Error> {
        let tokens = self.refresh.as_ref();
        match tokens.and_then(|tokens| tokens.read(Purpose::Refresh, token)) {
            Some((id, _)) => self.sessions.end(&id).await,
            None => Ok(false),
        }
    }

    async fn log_out(&self, token: &str) -> Result<LoggedOutSession<U>, Error> {
        let now = self.sessions.now();
        let tokens = self.refresh.as_ref();
        let Some((id, _)) = tokens.and_then(|tokens| tokens.read(Purpose::Refresh, token)) else {
            return Ok(LoggedOutSession::None);
        };
        let found = self.sessions.find(&table::BY_ID, by_id(&id), now).await?;
        // Of several logouts at once, one has ended it.
        if !self.sessions.end(&id).await? {
            return Ok(LoggedOutSession::None);
        }
        Ok(match found {
            Some((row, user)) if self.sessions.is_current(&row, &user) => LoggedOutSession::Ended {
                user: Box::new(user),
                session: id,
            },
            _ => LoggedOutSession::Unnamed,
        })
    }
}
