//! Backends: their names, transports, strategies and prefixes.

use darling::{Error, Result};
use proc_macro2::Span;
use syn::{Ident, LitStr};

use super::routes;
use crate::attr::{BackendAttr, Keyed, Strategy, Transport, Word};

/// A backend that makes sense.
#[derive(Debug)]
pub(crate) struct Backend {
    pub(crate) name: LitStr,
    pub(crate) transport: Transport,
    pub(crate) strategy: Strategy,
    /// `None` for `/auth/NAME`.
    pub(crate) prefix: Option<LitStr>,
    /// Whether a login also gives a refresh token.
    pub(crate) refresh: bool,
    /// Whether JSON web tokens of a user can be ended before they expire.
    pub(crate) revocable: bool,
}

impl Backend {
    /// Whether a row is kept for each login.
    pub(crate) fn keeps_sessions(&self) -> bool {
        self.refresh || self.strategy == Strategy::Session
    }

    fn path(&self) -> String {
        self.prefix
            .as_ref()
            .map_or_else(|| format!("/auth/{}", self.name.value()), LitStr::value)
    }
}

/// All backends, at least one, each with a name and a prefix of its own.
///
/// Where one is missing since its keys have mistakes, that is what is reported.
pub(super) fn all(
    given: Vec<Keyed<BackendAttr>>,
    lacks_one: bool,
    secure: bool,
    ident: &Ident,
) -> Result<Vec<Backend>> {
    let mut errors = Error::accumulator();
    if given.is_empty() && !lacks_one {
        let message = "declare how users stay logged in: \
                       `#[fastapi_users(backend(name = \"jwt\", transport = bearer, strategy = jwt))]`";
        errors.push(Error::custom(message).with_span(ident));
    }
    let backends: Vec<_> = given
        .into_iter()
        .filter_map(|attr| errors.handle(backend(attr, secure)))
        .collect();
    for (position, backend) in backends.iter().enumerate() {
        let before = backends.iter().take(position);
        if before
            .clone()
            .any(|other| other.name.value() == backend.name.value())
        {
            let message = format!(
                "another backend is called `{}` already: give this one a name of its own",
                backend.name.value()
            );
            errors.push(Error::custom(message).with_span(&backend.name));
        } else if before.clone().any(|other| other.path() == backend.path()) {
            let place = backend.prefix.as_ref().unwrap_or(&backend.name);
            let message = format!(
                "another backend is served under `{}` already: give this one a prefix of its own",
                backend.path()
            );
            errors.push(Error::custom(message).with_span(place));
        }
    }
    errors.finish_with(backends)
}

fn backend(attr: Keyed<BackendAttr>, secure: bool) -> Result<Backend> {
    let span = attr.span();
    let BackendAttr {
        name,
        transport,
        strategy,
        prefix,
        refresh,
        revocable,
    } = attr.into_inner();
    let mut errors = Error::accumulator();
    let mut missing = |what: &str| {
        errors.push(Error::custom(format!("this backend lacks its {what}")).with_span(&span));
    };
    if name.is_none() {
        missing("name: add `name = \"jwt\"`, which becomes part of its path");
    }
    if transport.is_none() {
        missing("transport: add `transport = bearer` or `transport = cookie`");
    }
    if strategy.is_none() {
        missing("strategy: add `strategy = jwt`, `session`, `database`, `redis` or `custom`");
    }
    if refresh.is_present()
        && let Some(strategy) = &strategy
    {
        errors.handle(refreshable(strategy.value, refresh.span()));
    }
    if secure
        && !refresh.is_present()
        && let Some(strategy) = &strategy
    {
        errors.handle(ended_by_logout(strategy));
    }
    if revocable.is_present()
        && let Some(strategy) = &strategy
    {
        let place = revocable.span();
        errors.handle(ended(strategy.value, refresh.is_present(), place));
    }
    if let Some(name) = &name {
        errors.handle(named(name));
    }
    if let Some(prefix) = &prefix {
        errors.handle(routes::checked(prefix));
    }
    match errors.finish_with((name, transport, strategy))? {
        (Some(name), Some(transport), Some(strategy)) => Ok(Backend {
            name,
            transport: transport.value,
            strategy: strategy.value,
            prefix,
            refresh: refresh.is_present(),
            revocable: revocable.is_present(),
        }),
        _ => Err(Error::custom("this backend lacks something").with_span(&span)),
    }
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
        "`strategy = {word}` keeps no sessions that could be refreshed: write `strategy = session` or `strategy = jwt` beside \
         `refresh`, or remove `refresh`"
    );
    Err(Error::custom(message).with_span(&place))
}

/// A JSON web token without a session cannot be ended by a logout.
fn ended_by_logout(strategy: &Word<Strategy>) -> Result<()> {
    if strategy.value != Strategy::Jwt {
        return Ok(());
    }
    let message = "with `secure`, `strategy = jwt` needs `refresh`, since a logout cannot end its tokens otherwise: add `refresh`, or write \
                   `strategy = session`";
    Err(Error::custom(message).with_span(&strategy.span))
}

/// Only tokens that are stored nowhere need something else by which they end.
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
    Err(Error::custom(message).with_span(&place))
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
        "a backend's name becomes part of its path: use letters of ASCII, digits, `-` and `_`";
    Err(Error::custom(message).with_span(name))
}
