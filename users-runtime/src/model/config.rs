//! What the struct's attributes declare about backends and routes.

use std::time::Duration;

use super::Limits;
use crate::{value::Table, web::route::Route};

/// The backends, routes and tables of a user system, as its attributes declare them.
#[derive(Clone, Copy, Debug)]
pub struct Config {
    /// The backends, in the order in which they are asked for a request's user.
    pub backends: &'static [BackendSpec],
    /// The routes that `Users::router` mounts.
    pub routes: Routes,
    /// The tables beside the users' own that the capabilities of the struct and the application declare.
    pub tables: &'static [&'static Table],
    /// How often clients may try what could be guessed.
    pub limits: Limits,
    /// Whether the owner of an account that the limits of logins have locked gets a letter that unlocks it.
    pub unlock: bool,
    /// How long events are kept in their table; `None` where they are not stored.
    pub events: Option<Duration>,
    /// Whether every protection is on that there is.
    pub secure: bool,
}

/// A declared backend: a transport and a strategy under a name.
#[derive(Clone, Copy, Debug)]
pub struct BackendSpec {
    /// The name, unique among the backends.
    pub name: &'static str,
    /// How the token travels.
    pub transport: TransportKind,
    /// What the token is.
    pub strategy: StrategyKind,
    /// The path prefix of the backend's login and logout; `None` for `/auth/NAME`.
    pub prefix: Option<&'static str>,
    /// Whether the backend's login, logout and refresh are mounted.
    pub routes: bool,
    /// Whether a login also gives a refresh token.
    pub refresh: bool,
    /// Whether a user's JSON web tokens can be ended before they expire.
    pub revocable: bool,
}

impl Config {
    /// These backends and the default routes.
    pub const fn new(backends: &'static [BackendSpec]) -> Self {
        Self {
            backends,
            routes: Routes::DEFAULT,
            tables: &[],
            limits: Limits::Undeclared,
            unlock: false,
            events: None,
            secure: false,
        }
    }

    /// Switches every protection on that there is, as the attribute `secure` does.
    #[must_use]
    pub const fn secure(mut self) -> Self {
        self.secure = true;
        self
    }

    /// Declares how often clients may try what could be guessed. [`Limits::Rules`] are counted in the table
    /// [`LIMITS`](crate::store::LIMITS), which [`tables`](Self::tables) has to list.
    #[must_use]
    pub const fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Declares that the owner of an account that the limits of logins have locked gets a letter that unlocks it, and the route that
    /// takes the letter's token.
    #[must_use]
    pub const fn unlock(mut self) -> Self {
        self.unlock = true;
        self
    }

    /// Declares that events are stored, and for how long. They are in the table [`EVENTS`](crate::store::EVENTS), which
    /// [`tables`](Self::tables) has to list.
    #[must_use]
    pub const fn events(mut self, keep: Duration) -> Self {
        self.events = Some(keep);
        self
    }

    /// Whether [`tables`](Self::tables) lists this table.
    pub fn declares(&self, table: &Table) -> bool {
        self.tables.iter().any(|known| known.name == table.name)
    }

    /// Declares tables beside the users' own.
    #[must_use]
    pub const fn tables(mut self, tables: &'static [&'static Table]) -> Self {
        self.tables = tables;
        self
    }

    /// Replaces the routes.
    #[must_use]
    pub const fn routes(mut self, routes: Routes) -> Self {
        self.routes = routes;
        self
    }
}

impl BackendSpec {
    /// A backend whose token travels in the `Authorization` header.
    pub const fn bearer(name: &'static str, strategy: StrategyKind) -> Self {
        Self {
            name,
            transport: TransportKind::Bearer,
            strategy,
            prefix: None,
            routes: true,
            refresh: false,
            revocable: false,
        }
    }

    /// A backend whose transport the application gives to the builder.
    pub const fn custom(name: &'static str, strategy: StrategyKind) -> Self {
        Self {
            transport: TransportKind::Custom,
            ..Self::bearer(name, strategy)
        }
    }

    /// A backend whose token travels in a cookie.
    pub const fn cookie(name: &'static str, strategy: StrategyKind) -> Self {
        Self {
            name,
            transport: TransportKind::Cookie,
            strategy,
            prefix: None,
            routes: true,
            refresh: false,
            revocable: false,
        }
    }

    /// Whether a row is kept for each login.
    pub const fn keeps_sessions(&self) -> bool {
        self.refresh || matches!(self.strategy, StrategyKind::Session)
    }

    /// A login also gives a refresh token, which gives new access tokens when these expire.
    #[must_use]
    pub const fn with_refresh(mut self) -> Self {
        self.refresh = true;
        self
    }

    /// A user's JSON web tokens can be ended before they expire. The table [`EPOCHS`](crate::session::EPOCHS), which
    /// [`Config::tables`] has to list, says which are valid.
    #[must_use]
    pub const fn revocable(mut self) -> Self {
        self.revocable = true;
        self
    }

    /// Mounts no login, logout and refresh: the application's own routes give the tokens.
    #[must_use]
    pub const fn without_routes(mut self) -> Self {
        self.routes = false;
        self
    }

    /// Serves login and logout under this prefix.
    #[must_use]
    pub const fn under(mut self, prefix: &'static str) -> Self {
        self.prefix = Some(prefix);
        self
    }
}

/// How a token travels between client and server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TransportKind {
    /// The `Authorization: Bearer` header (RFC 6750).
    Bearer,
    /// A cookie.
    Cookie,
    /// A transport of the application, which is given to the builder.
    Custom,
}

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StrategyKind {
    /// A signed JSON web token (RFC 7519); nothing is stored.
    Jwt,
    /// A random token with a row of its own in the store's table of sessions, which its user sees and ends.
    Session,
    /// A random token in the store's table of access tokens.
    Database,
    /// A random token in Redis; the connection is given to the builder.
    Redis,
    /// A strategy of the application's own, which is given to the builder.
    Custom,
}

/// Which routes are mounted, and where.
#[derive(Clone, Copy, Debug)]
pub struct Routes {
    /// Whether each backend's login and logout are mounted under its prefix.
    pub auth: bool,
    /// The prefix of `POST /register`; `None` leaves the route out.
    pub register: Option<&'static str>,
    /// The prefix of `POST /forgot-password` and `POST /reset-password`.
    pub reset_password: Option<&'static str>,
    /// The prefix of `POST /request-verify-token` and `POST /verify`.
    pub verify: Option<&'static str>,
    /// The prefix of `/me` and `/{id}`.
    pub users: Option<&'static str>,
    /// Single routes that are left out of every router and of the OpenAPI document.
    pub except: &'static [Route],
    /// Whether login and the users' routes are for verified users only.
    pub requires_verification: bool,
}

impl Routes {
    /// Everything, under `/auth` and `/users`.
    pub const DEFAULT: Self = Self {
        auth: true,
        register: Some("/auth"),
        reset_password: Some("/auth"),
        verify: Some("/auth"),
        users: Some("/users"),
        except: &[],
        requires_verification: false,
    };
}
