//! Backends: their names, transports, strategies and prefixes.

use proc_macro2::Span;
use syn::{Ident, LitStr};

use crate::{
    attr::{BackendAttr, Keyed, Strategy, Transport, Word},
    error::{self, Errors, Result},
};

/// A backend that makes sense.
#[derive(Debug)]
pub(crate) struct Backend {
    pub(crate) name: LitStr,
    pub(crate) transport: Transport,
    pub(crate) strategy: Word<Strategy>,
    /// `None` for `/auth/NAME`.
    pub(crate) prefix: Option<LitStr>,
    /// Whether its login and logout are mounted.
    pub(crate) routes: bool,
    /// Whether a login also gives a refresh token.
    pub(crate) refresh: bool,
    /// Whether JSON web tokens of a user can be ended before they expire.
    pub(crate) revocable: bool,
}

impl Backend {
    /// Whether a row is kept for each login.
    pub(crate) fn keeps_sessions(&self) -> bool {
        self.refresh || self.strategy.value == Strategy::Session
    }

    fn path(&self) -> String {
        self.prefix
            .as_ref()
            .map_or_else(|| format!("/auth/{}", self.name.value()), LitStr::value)
    }
}

/// All backends, at least one, each with a name and a prefix of its own; those that have mistakes are left out.
pub(super) fn all(
    given: Vec<Keyed<BackendAttr>>,
    has_one: bool,
    secure: bool,
    ident: &Ident,
    errors: &mut Errors,
) -> Vec<Backend> {
    if !has_one {
        let message = "declare how users stay logged in: \
                       `#[fastapi_users(backend(name = \"jwt\", transport = bearer, strategy = jwt))]`";
        errors.at(ident, message);
    }
    let mut backends: Vec<Backend> = Vec::new();
    for backend in given {
        let Some(backend) = self::backend(backend, secure, errors) else {
            continue;
        };
        let (name, path) = (backend.name.value(), backend.path());
        if backends.iter().any(|other| other.name.value() == name) {
            let message = format!(
                "another backend is called `{name}` already: give this one a name of its own"
            );
            errors.at(&backend.name, message);
        } else if backends.iter().any(|other| other.path() == path) {
            let place = backend.prefix.as_ref().unwrap_or(&backend.name);
            let message = format!(
                "another backend is served under `{path}` already: give this one a prefix of its own"
            );
            errors.at(place, message);
        }
        backends.push(backend);
    }
    backends
}

/// A backend; `None` where one of its keys is missing, which is reported already.
fn backend(attr: Keyed<BackendAttr>, secure: bool, errors: &mut Errors) -> Option<Backend> {
    let BackendAttr {
        name,
        transport,
        strategy,
        prefix,
        routes,
        refresh,
        revocable,
        has_refresh,
    } = attr.into_inner();
    if let (Some(place), Some(strategy)) = (refresh, &strategy) {
        errors.handle(refreshable(strategy.value, place));
    }
    if let Some(strategy) = strategy
        && secure
        && !has_refresh
    {
        errors.handle(ended_by_logout(strategy));
    }
    if let (Some(place), Some(strategy)) = (revocable, &strategy) {
        errors.handle(ended(strategy.value, has_refresh, place));
    }
    if let Some(name) = &name {
        errors.handle(named(name));
    }
    if let Some(prefix) = &prefix {
        errors.handle(super::routes::checked(prefix));
    }
    Some(Backend {
        name: name?,
        transport: transport?.value,
        strategy: strategy?,
        prefix,
        routes: routes.unwrap_or(true),
        refresh: refresh.is_some(),
        revocable: revocable.is_some(),
    })
}

/// Refresh tokens belong to sessions, which only two strategies keep.
fn refreshable(strategy: Strategy, place: Span) -> Result<()> {
    let word = match strategy {
        Strategy::Jwt | Strategy::Session => return Ok(()),
        Strategy::Database => "database",
        Strategy::Redis => "redis",
        Strategy::Custom => "custom",
    };
    let message = format!(
        "`strategy = {word}` has no sessions to refresh: write `strategy = session` or `strategy = jwt` beside \
         `refresh`, or remove `refresh`"
    );
    Err(error::at(&place, message))
}

/// A JSON web token without a session cannot be ended by a logout.
fn ended_by_logout(strategy: Word<Strategy>) -> Result<()> {
    if strategy.value != Strategy::Jwt {
        return Ok(());
    }
    let message = "with `secure`, `strategy = jwt` needs `refresh`, since a logout cannot end its tokens otherwise: add `refresh`, or write \
                   `strategy = session`";
    Err(error::at(&strategy.span, message))
}

/// Only tokens that are not stored need another way to end them.
fn ended(strategy: Strategy, refresh: bool, place: Span) -> Result<()> {
    let reason = match strategy {
        Strategy::Jwt if refresh => {
            "the access tokens of a backend with `refresh` end with their session"
        }
        Strategy::Jwt => return Ok(()),
        Strategy::Session => "the tokens of `strategy = session` end with their session",
        Strategy::Database => "the tokens of `strategy = database` are stored, and end without it",
        Strategy::Redis => "the tokens of `strategy = redis` are stored, and end without it",
        Strategy::Custom => "a custom strategy ends its tokens in `Strategy::destroy_all`",
    };
    let message = format!(
        "`revocable` is for `strategy = jwt` without `refresh`: {reason}; remove `revocable`"
    );
    Err(error::at(&place, message))
}

fn named(name: &LitStr) -> Result<()> {
    let value = name.value();
    let is_plain = value
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    if !value.is_empty() && is_plain {
        return Ok(());
    }
    let message =
        "a backend's name becomes part of its path: use ASCII letters, digits, `-` and `_`";
    Err(error::at(name, message))
}
