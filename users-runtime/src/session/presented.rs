//! What a token presents: a user, and the session where one is kept.

use chrono::{DateTime, Utc};

use super::strategy::TokenOwner;
use crate::{model::UserModel, password::CredentialsStamp};

/// A session as its user sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SessionInfo {
    /// The public name of the session, which is not a secret and cannot be used to log in.
    pub id: String,
    /// The name of the backend.
    pub backend: String,
    /// When the session began.
    pub created_at: DateTime<Utc>,
    /// When the user last proved who they are.
    pub authenticated_at: DateTime<Utc>,
    /// When the session was last used, up to some minutes.
    pub last_used_at: DateTime<Utc>,
    /// When the session ends unless it is used before.
    pub expires_at: DateTime<Utc>,
    /// How the user proved who they are, such as `password` and `oauth:google`.
    pub methods: Vec<String>,
    /// The address from which the session began; only lists of sessions have it.
    pub ip: Option<String>,
    /// The name that the client gave itself when the session began; only lists of sessions have it.
    pub user_agent: Option<String>,
}

impl SessionInfo {
    /// A session that begins and was authenticated at an instant, and ends at another.
    pub fn new(
        id: impl Into<String>,
        backend: impl Into<String>,
        created_at: DateTime<Utc>,
        expires_at: DateTime<Utc>,
    ) -> Self {
        Self {
            id: id.into(),
            backend: backend.into(),
            created_at,
            authenticated_at: created_at,
            last_used_at: created_at,
            expires_at,
            methods: Vec::new(),
            ip: None,
            user_agent: None,
        }
    }
}

/// Whom a token belongs to, as far as the strategy has read.
#[derive(Clone, Debug)]
pub enum Owner<U: UserModel> {
    /// The id alone; the user is read afterwards.
    Id(U::Id),
    /// The user, as stored now.
    User(U),
}

/// What a valid token presents.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Presented<U: UserModel> {
    /// Whom the token belongs to.
    pub owner: Owner<U>,
    /// The stamp of the credentials that it was issued on; `None` where the token has none.
    pub issued_on: Option<CredentialsStamp>,
    /// The session, where one is kept.
    pub session: Option<SessionInfo>,
}

impl<U: UserModel> Presented<U> {
    /// A token of this owner, without a stamp and without a session.
    pub const fn new(owner: Owner<U>) -> Self {
        Self {
            owner,
            issued_on: None,
            session: None,
        }
    }

    /// The stamp of the credentials that the token was issued on.
    #[must_use]
    pub const fn issued_on(mut self, stamp: Option<CredentialsStamp>) -> Self {
        self.issued_on = stamp;
        self
    }

    /// The session that is kept.
    #[must_use]
    pub fn session(mut self, session: SessionInfo) -> Self {
        self.session = Some(session);
        self
    }
}

impl<U: UserModel> From<TokenOwner<U::Id>> for Presented<U> {
    fn from(owner: TokenOwner<U::Id>) -> Self {
        Self::new(Owner::Id(owner.user)).issued_on(owner.issued_on)
    }
}
