//! The session strategy: a row for each login, which its user sees and ends.

mod access;
mod lifetimes;
mod refresh;
mod row;
mod signed;
mod store;
mod strategy;
mod table;

use std::{fmt, sync::Arc, time::Duration};

use self::{access::AccessTokens, lifetimes::Lifetimes, signed::SignedTokens, store::Sessions};
use super::own_claims::OwnClaims;
use crate::{
    clock::{Clock, SystemClock},
    model::UserModel,
    randomness::{Randomness, SystemRandomness},
    store::UserStore,
    token::{JwtKeys, audience_for},
};

pub use table::SESSIONS;

/// A row for each login, in the table [`SESSIONS`]: its user sees and ends it, and with refresh tokens it outlives its access tokens.
///
/// The row and its user come in one statement on SQL databases. The table has the hash of the access token, or none at all where
/// the access tokens are signed, so reading the table does not let anyone log in.
///
/// A declared backend with `strategy = session` or `refresh` has one; the builder's methods `sessions` set the lifetimes of all.
pub struct SessionStrategy<U: UserModel> {
    sessions: Sessions<U>,
    access: AccessTokens,
    refresh: Option<SignedTokens>,
}

/// How long sessions last, and what is kept of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SessionOptions {
    /// How long a session lasts without being used. The default is 14 days.
    pub idle: Duration,
    /// How long a session lasts at most. The default is 30 days.
    pub absolute: Duration,
    /// How long a session lasts at most where the login said `remember_me=false`. The default is 24 hours.
    pub unremembered: Duration,
    /// How long an access token is good where the backend has refresh tokens. The default is 10 minutes.
    pub access: Duration,
    /// How long a refresh token is still answered after the one that replaced it was first used. The default is 30 seconds.
    pub grace: Duration,
    /// How many sessions a user has at most in one backend; the oldest end. The default is 100.
    pub most: u32,
    /// Whether the client's address is kept. The default is yes.
    pub records_ip: bool,
    /// Whether the client's `User-Agent` is kept. The default is yes.
    pub records_user_agent: bool,
}

impl SessionOptions {
    /// The defaults.
    pub const fn new() -> Self {
        Self {
            idle: Duration::from_hours(14 * 24),
            absolute: Duration::from_hours(30 * 24),
            unremembered: Duration::from_hours(24),
            access: Duration::from_mins(10),
            grace: Duration::from_secs(30),
            most: 100,
            records_ip: true,
            records_user_agent: true,
        }
    }

    /// How long a session lasts without being used.
    #[must_use]
    pub const fn idle(mut self, lifetime: Duration) -> Self {
        self.idle = lifetime;
        self
    }

    /// How long a session lasts at most.
    #[must_use]
    pub const fn absolute(mut self, lifetime: Duration) -> Self {
        self.absolute = lifetime;
        self
    }

    /// How long a session lasts at most where the login said `remember_me=false`.
    #[must_use]
    pub const fn unremembered(mut self, lifetime: Duration) -> Self {
        self.unremembered = lifetime;
        self
    }

    /// How long an access token is good where the backend has refresh tokens.
    #[must_use]
    pub const fn access(mut self, lifetime: Duration) -> Self {
        self.access = lifetime;
        self
    }

    /// How long a refresh token is still answered after the one that replaced it was first used.
    #[must_use]
    pub const fn grace(mut self, grace: Duration) -> Self {
        self.grace = grace;
        self
    }

    /// How many sessions a user has at most in one backend.
    #[must_use]
    pub const fn most(mut self, most: u32) -> Self {
        self.most = most;
        self
    }

    /// Whether the client's address is kept.
    #[must_use]
    pub const fn records_ip(mut self, records: bool) -> Self {
        self.records_ip = records;
        self
    }

    /// Whether the client's `User-Agent` is kept.
    #[must_use]
    pub const fn records_user_agent(mut self, records: bool) -> Self {
        self.records_user_agent = records;
        self
    }
}

impl Default for SessionOptions {
    fn default() -> Self {
        Self::new()
    }
}

impl<U: UserModel> SessionStrategy<U> {
    /// Sessions of the backend of this name in the store's table, which must be declared ([`Config::tables`](crate::model::Config)).
    pub fn new(store: impl UserStore<U>, backend: impl Into<String>) -> Self {
        Self::shared(Arc::new(store), backend.into())
    }

    pub(crate) fn shared(store: Arc<dyn UserStore<U>>, backend: String) -> Self {
        Self {
            sessions: Sessions {
                store,
                backend,
                lifetimes: Lifetimes::default(),
                clock: Arc::new(SystemClock),
                randomness: Arc::new(SystemRandomness),
                purged: Arc::default(),
                follows_credentials: true,
            },
            access: AccessTokens::Random,
            refresh: None,
        }
    }

    /// How long sessions last, and what is kept of them.
    #[must_use]
    pub fn options(mut self, options: SessionOptions) -> Self {
        self.sessions.lifetimes = Lifetimes(options);
        self
    }

    /// Whether a session ends with the password that it began on, unless it changed the password itself. The default is yes.
    #[must_use]
    pub fn follows_credentials(mut self, follows: bool) -> Self {
        self.sessions.follows_credentials = follows;
        self
    }

    /// The clock.
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.sessions.clock = clock;
        self
    }

    /// What the sessions' ids and random tokens are made of.
    #[must_use]
    pub(crate) fn randomness(mut self, randomness: Arc<dyn Randomness>) -> Self {
        self.sessions.randomness = randomness;
        self
    }

    /// Gives refresh tokens, authenticated by these keys, and access tokens that expire soon.
    #[must_use]
    pub fn with_refresh(mut self, keys: JwtKeys) -> Self {
        let signed = SignedTokens::new(keys, U::TABLE, &self.sessions.backend);
        self.refresh = Some(signed.clone());
        self.access = AccessTokens::Signed(signed);
        self
    }

    /// Gives refresh tokens, and JSON web tokens as access tokens: with the claims `sub`, `aud`, `iat`, `exp` and `sid`, the session's id.
    #[must_use]
    pub fn with_refresh_and_jwt(self, keys: JwtKeys, table_audience: bool) -> Self {
        let audience = if table_audience {
            audience_for::<U>(super::jwt::AUDIENCE)
        } else {
            super::jwt::AUDIENCE.to_owned()
        };
        let mut strategy = self.with_refresh(keys.clone());
        strategy.access = AccessTokens::Jwt {
            keys,
            audience,
            own_claims: OwnClaims::default(),
        };
        strategy
    }

    /// These claims of the application in access tokens that are JSON web tokens.
    pub(crate) fn own_claims(mut self, claims: OwnClaims) -> Self {
        if let AccessTokens::Jwt { own_claims, .. } = &mut self.access {
            *own_claims = claims;
        }
        self
    }
}

impl<U: UserModel> fmt::Debug for SessionStrategy<U> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionStrategy")
            .field("backend", &self.sessions.backend)
            .field("options", &self.sessions.lifetimes.0)
            .field("has_refresh_tokens", &self.refresh.is_some())
            .finish_non_exhaustive()
    }
}
