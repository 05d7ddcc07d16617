//! The key `routes`.

use proc_macro2::Span;
use syn::{Lit, LitStr, Meta};

use super::{
    Keyed, RouteName, Word,
    forms::{self, mistake},
    keys::{Keys, name},
};
use crate::error::{Errors, Result};

/// Which routes are mounted, and where.
#[derive(Debug)]
pub(crate) struct RoutesAttr {
    /// Whether the backends' login and logout are mounted.
    pub(crate) auth: Option<bool>,
    /// The prefix of the registration.
    pub(crate) register: Option<Prefix>,
    /// The prefix of the password reset.
    pub(crate) reset_password: Option<Prefix>,
    /// The prefix of the verification.
    pub(crate) verify: Option<Prefix>,
    /// The prefix of the users' routes.
    pub(crate) users: Option<Prefix>,
    /// Single routes that are left out.
    pub(crate) except: Option<Vec<Word<RouteName>>>,
    /// Whether only verified users get in.
    pub(crate) requires_verification: Option<Span>,
}

/// A path prefix, or `false` for routes that are left out.
#[derive(Debug)]
pub(crate) enum Prefix {
    At(LitStr),
    Nowhere,
}

impl RoutesAttr {
    /// All keys.
    pub(crate) const KNOWN: &'static [&'static str] = &[
        "auth",
        "register",
        "reset_password",
        "verify",
        "users",
        "except",
        "requires_verification",
    ];

    pub(super) fn read(meta: &Meta, errors: &mut Errors) -> Option<Keyed<Self>> {
        if !matches!(meta, Meta::List(_)) {
            let message = "write `routes(…)` with what differs from the default, e.g. `routes(users = \"/members\", verify = false)`";
            errors.push(mistake(meta, message));
            return None;
        }
        let mut keys = Keys::within(meta, Self::KNOWN, errors);
        let routes = Self {
            auth: keys.value("auth", forms::yes_or_no),
            register: keys.value("register", Prefix::read),
            reset_password: keys.value("reset_password", Prefix::read),
            verify: keys.value("verify", Prefix::read),
            users: keys.value("users", Prefix::read),
            except: keys.value("except", Word::list),
            requires_verification: keys.value("requires_verification", forms::mark),
        };
        Some(Keyed::new(meta, routes))
    }
}

impl Prefix {
    fn read(meta: &Meta) -> Result<Self> {
        match forms::literal(meta) {
            Some(Lit::Str(text)) => Ok(Self::At(text.clone())),
            Some(Lit::Bool(flag)) if !flag.value => Ok(Self::Nowhere),
            _ => {
                let message = "write a prefix such as `{0} = \"/auth\"`, or `{0} = false` to leave the routes out";
                Err(mistake(meta, message.replace("{0}", &name(meta))))
            }
        }
    }
}
