//! The key `backend`.

use darling::FromMeta as _;
use proc_macro2::Span;
use syn::{LitStr, Meta};

use super::{
    Keyed, Strategy, Transport, Word,
    forms::{self, mistake},
    keys::Keys,
};
use crate::error::Errors;

/// A backend: a transport and a strategy under a name.
#[derive(Debug)]
pub(crate) struct BackendAttr {
    /// The backend's name.
    pub(crate) name: Option<LitStr>,
    /// How the token travels.
    pub(crate) transport: Option<Word<Transport>>,
    /// What the token is.
    pub(crate) strategy: Option<Word<Strategy>>,
    /// The prefix of the backend's login and logout.
    pub(crate) prefix: Option<LitStr>,
    /// Whether the backend's login and logout are mounted.
    pub(crate) routes: Option<bool>,
    /// Whether a login also gives a refresh token.
    pub(crate) refresh: Option<Span>,
    /// Whether JSON web tokens of a user can be ended before they expire.
    pub(crate) revocable: Option<Span>,
    /// Whether a login gives a refresh token, even if that key has a mistake.
    pub(crate) has_refresh: bool,
}

impl BackendAttr {
    /// All keys.
    pub(crate) const KNOWN: &'static [&'static str] = &[
        "name",
        "transport",
        "strategy",
        "prefix",
        "routes",
        "refresh",
        "revocable",
    ];

    pub(super) fn read(meta: &Meta, errors: &mut Errors) -> Option<Keyed<Self>> {
        if !matches!(meta, Meta::List(_)) {
            let message = "write `backend(name = \"jwt\", transport = bearer, strategy = jwt)`";
            errors.push(mistake(meta, message));
            return None;
        }
        let mut keys = Keys::within(meta, Self::KNOWN, errors);
        let backend = Self {
            name: keys.value("name", forms::text),
            transport: keys.value("transport", Word::from_meta),
            strategy: keys.value("strategy", Word::from_meta),
            prefix: keys.value("prefix", forms::text),
            routes: keys.value("routes", forms::yes_or_no),
            refresh: keys.value("refresh", forms::mark),
            revocable: keys.value("revocable", forms::mark),
            has_refresh: keys.is_given("refresh"),
        };
        let needed = [
            (
                "name",
                "name: add `name = \"jwt\"`, which becomes part of its path",
            ),
            (
                "transport",
                "transport: add `transport = bearer` or `transport = cookie`",
            ),
            (
                "strategy",
                "strategy: add `strategy = jwt`, `session`, `database`, `redis` or `custom`",
            ),
        ];
        let missing: Vec<_> = needed
            .into_iter()
            .filter(|(key, _)| !keys.is_given(key))
            .collect();
        for (_, how) in missing {
            errors.at(meta.path(), format!("this backend lacks its {how}"));
        }
        Some(Keyed::new(meta, backend))
    }
}
