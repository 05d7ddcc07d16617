//! What a login hands to a strategy, and what it gets back.

use std::{net::IpAddr, time::Duration};

/// A login: how the user proved who they are, and from where.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Login {
    /// How, such as `password` and `oauth:google`.
    pub methods: Vec<String>,
    /// Whether the client wants to stay logged in after it is closed. The default is yes.
    pub remember_me: bool,
    /// The client's address, where it is known.
    pub ip: Option<IpAddr>,
    /// The client's name for itself (`User-Agent`).
    pub user_agent: Option<String>,
}

impl Login {
    /// A login by this method.
    pub fn new(method: impl Into<String>) -> Self {
        Self {
            methods: vec![method.into()],
            remember_me: true,
            ip: None,
            user_agent: None,
        }
    }

    /// Whether the client wants to stay logged in after it is closed.
    #[must_use]
    pub const fn remember_me(mut self, remember: bool) -> Self {
        self.remember_me = remember;
        self
    }

    /// The client's address.
    #[must_use]
    pub const fn ip(mut self, ip: Option<IpAddr>) -> Self {
        self.ip = ip;
        self
    }

    /// The client's name for itself.
    #[must_use]
    pub fn user_agent(mut self, name: Option<String>) -> Self {
        self.user_agent = name;
        self
    }
}

/// What a login or a refresh gives the client. Its `Debug` shows no token.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Issued {
    /// The access token.
    pub access: String,
    /// The refresh token, where the backend has some.
    pub refresh: Option<String>,
    /// How long the access token is good, where a client has to know.
    pub expires_in: Option<Duration>,
    /// How long the session can be refreshed at most; `None` where there is no limit.
    pub refresh_expires_in: Option<Duration>,
    /// Whether a browser keeps the tokens after it is closed. The default is yes.
    pub is_persistent: bool,
    /// The id of the session, where the strategy keeps one.
    pub session: Option<String>,
}

impl Issued {
    /// An access token alone.
    pub fn new(access: impl Into<String>) -> Self {
        Self {
            access: access.into(),
            refresh: None,
            expires_in: None,
            refresh_expires_in: None,
            is_persistent: true,
            session: None,
        }
    }

    /// A refresh token beside it, the lifetime of the access token, and for how long it can be refreshed.
    #[must_use]
    pub fn refreshable(
        mut self,
        refresh: impl Into<String>,
        expires_in: Duration,
        refresh_expires_in: Option<Duration>,
    ) -> Self {
        self.refresh = Some(refresh.into());
        self.expires_in = Some(expires_in);
        self.refresh_expires_in = refresh_expires_in;
        self
    }

    /// The id of the session, for [events](crate::docs::events).
    #[must_use]
    pub fn session(mut self, id: impl Into<String>) -> Self {
        self.session = Some(id.into());
        self
    }

    /// Whether a browser keeps the tokens after it is closed.
    #[must_use]
    pub const fn persistent(mut self, is_persistent: bool) -> Self {
        self.is_persistent = is_persistent;
        self
    }
}

impl std::fmt::Debug for Issued {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Issued")
            .field("expires_in", &self.expires_in)
            .field("is_persistent", &self.is_persistent)
            .finish_non_exhaustive()
    }
}
