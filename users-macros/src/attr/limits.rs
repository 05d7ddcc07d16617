//! The key `limits`.

use proc_macro2::Span;
use syn::{Lit, LitStr, Meta};

use super::{
    Keyed,
    forms::{self, mistake},
    keys::{Keys, name},
};
use crate::error::{Errors, Result};

/// The rules for each route, or none at all.
#[derive(Debug)]
pub(crate) enum LimitsAttr {
    Off,
    Rules(LimitRulesAttr),
}

/// How often clients may try what could be guessed, for each route.
#[derive(Debug)]
pub(crate) struct LimitRulesAttr {
    /// The rules for logins.
    pub(crate) login: Option<LimitText>,
    /// The rules for registrations.
    pub(crate) register: Option<LimitText>,
    /// The rules for password resets that are requested.
    pub(crate) forgot: Option<LimitText>,
    /// The rules for verifications that are requested.
    pub(crate) verify: Option<LimitText>,
    /// Whether the owner of a locked account gets a letter that unlocks it.
    pub(crate) unlock: Option<Span>,
}

/// Rules as text, or `false` for a route without rules.
#[derive(Debug)]
pub(crate) enum LimitText {
    Rules(LitStr),
    Off,
}

impl LimitsAttr {
    pub(super) fn read(meta: &Meta, errors: &mut Errors) -> Option<Keyed<Self>> {
        let limits = match (meta, forms::literal(meta)) {
            (Meta::List(_), _) => Self::Rules(LimitRulesAttr::read(meta, errors)),
            (_, Some(Lit::Bool(flag))) if !flag.value => Self::Off,
            _ => {
                let message = "write `limits(login = \"10/m/ip, 100/d/account\")` with what differs from the default, or \
                               `limits = false` for no limits";
                errors.push(mistake(meta, message));
                return None;
            }
        };
        Some(Keyed::new(meta, limits))
    }
}

impl LimitRulesAttr {
    /// All keys.
    pub(crate) const KNOWN: &'static [&'static str] =
        &["login", "register", "forgot", "verify", "unlock"];

    fn read(meta: &Meta, errors: &mut Errors) -> Self {
        let mut keys = Keys::within(meta, Self::KNOWN, errors);
        Self {
            login: keys.value("login", LimitText::read),
            register: keys.value("register", LimitText::read),
            forgot: keys.value("forgot", LimitText::read),
            verify: keys.value("verify", LimitText::read),
            unlock: keys.value("unlock", forms::mark),
        }
    }
}

impl LimitText {
    fn read(meta: &Meta) -> Result<Self> {
        match forms::literal(meta) {
            Some(Lit::Str(text)) => Ok(Self::Rules(text.clone())),
            Some(Lit::Bool(flag)) if !flag.value => Ok(Self::Off),
            _ => {
                let message =
                    "write rules such as `{0} = \"10/m/ip\"`, or `{0} = false` for no limits";
                Err(mistake(meta, message.replace("{0}", &name(meta))))
            }
        }
    }
}
