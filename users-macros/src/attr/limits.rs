//! The key `limits`.

use darling::{FromMeta, Result};
use syn::{Lit, LitStr, Meta};

use super::forms::{self, Form};

/// The rules for each route, or none at all.
#[derive(Debug)]
pub(crate) enum LimitsAttr {
    Off,
    Rules(LimitRulesAttr),
}

/// How often clients may try what could be guessed, for each route.
#[derive(Debug, FromMeta)]
pub(crate) struct LimitRulesAttr {
    /// The rules for logins.
    pub(crate) login: Option<LimitText>,
    /// The rules for registrations.
    pub(crate) register: Option<LimitText>,
    /// The rules for password resets that are requested.
    pub(crate) forgot: Option<LimitText>,
    /// The rules for verifications that are requested.
    pub(crate) verify: Option<LimitText>,
}

/// Rules as text, or `false` for a route without rules.
#[derive(Debug)]
pub(crate) enum LimitText {
    Rules(LitStr),
    Off,
}

impl FromMeta for LimitsAttr {
    fn from_meta(meta: &Meta) -> Result<Self> {
        match meta {
            Meta::List(_) => LimitRulesAttr::from_meta(meta).map(Self::Rules),
            _ => Ok(Self::Off),
        }
    }
}

impl FromMeta for LimitText {
    fn from_meta(meta: &Meta) -> Result<Self> {
        match forms::literal(meta) {
            Some(Lit::Str(text)) => Ok(Self::Rules(text.clone())),
            Some(Lit::Bool(flag)) if !flag.value => Ok(Self::Off),
            _ => {
                let told =
                    "write rules such as `{0} = \"10/m/ip\"`, or `{0} = false` for no limits";
                Err(forms::mistake(meta, told.replace("{0}", &forms::key(meta))))
            }
        }
    }
}

impl Form for LimitsAttr {
    const TOLD: &'static str = "write `limits(login = \"10/m/ip, 100/d/account\")` with what differs from the default, or \
                                `limits = false` for no limits";

    fn fits(meta: &Meta) -> bool {
        let is_off = matches!(forms::literal(meta), Some(Lit::Bool(flag)) if !flag.value);
        is_off || matches!(meta, Meta::List(_))
    }
}
