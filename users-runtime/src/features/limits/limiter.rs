//! The limits of one user system, and where they are counted.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    time::Duration,
};

use chrono::{DateTime, Utc};

use super::{
    client_address::{AddressRules, ClientAddresses},
    keys::{LimitKeys, Limited},
    text,
};
use crate::{
    model::{LimitBy, LimitRule, LimitRules, Limits},
    store::{LimitStore, MemoryLimits},
    token::JwtKeys,
    users::sources::Sources,
    web::route::Route,
};

/// The builder's options for limits.
#[derive(Default)]
pub(crate) struct LimitOptions {
    pub(super) overrides: Vec<(Route, String)>,
    pub(super) off: bool,
    pub(super) store: Option<Arc<dyn LimitStore>>,
    /// `None` for the default.
    pub(super) addresses: Option<ClientAddresses>,
    pub(super) insecure_cookie: bool,
    /// `None` for the default.
    pub(super) unlock_token_lifetime: Option<Duration>,
}

impl LimitOptions {
    /// Whether the application says where the addresses of clients come from.
    pub(crate) const fn has_addresses(&self) -> bool {
        self.addresses.is_some()
    }
}

/// What a user system is, for its limits.
pub(crate) struct LimitedSystem {
    pub(crate) table: &'static str,
    pub(crate) declared: Limits,
    /// Whether the default rules apply where none are declared.
    pub(crate) by_default: bool,
    /// Whether the store of the users counts limits.
    pub(crate) has_store: bool,
    pub(crate) keys: JwtKeys,
    pub(crate) sources: Sources,
}

/// What is wrong with the builder's options.
#[derive(Debug)]
pub(crate) enum LimitMistake {
    Rule { route: Route, reason: String },
    Proxy(String),
}

/// The limits of one user system.
pub(crate) struct Limiter {
    login: Vec<LimitRule>,
    register: Vec<LimitRule>,
    forgot: Vec<LimitRule>,
    verify: Vec<LimitRule>,
    /// `None` for the store of the users.
    pub(super) store: Option<Arc<dyn LimitStore>>,
    pub(super) addresses: AddressRules,
    pub(super) keys: LimitKeys,
    pub(super) insecure_cookie: bool,
    pub(crate) unlock_token_lifetime: Duration,
    secret: JwtKeys,
    pub(super) sources: Sources,
    passes: AtomicU32,
    has_warned: AtomicBool,
    /// Where attempts are counted in memory: whether the struct declares limits.
    forgets: Option<bool>,
    has_warned_of_memory: AtomicBool,
}

impl Limiter {
    /// After how many passes keys that count nothing any more are deleted. Each of these passes has added a few.
    const PURGE_INTERVAL: u32 = 64;
    /// There is one letter for each lock, so its token outlives a weekend.
    const UNLOCK_TOKEN_LIFETIME: Duration = Duration::from_hours(7 * 24);

    pub(crate) fn new(options: LimitOptions, system: LimitedSystem) -> Result<Self, LimitMistake> {
        let addresses = options
            .addresses
            .unwrap_or_default()
            .checked()
            .map_err(LimitMistake::Proxy)?;
        let rules = match system.declared {
            Limits::Rules(rules) => Some(rules),
            Limits::Undeclared if system.by_default => Some(LimitRules::DEFAULT),
            Limits::Undeclared | Limits::Off => None,
        };
        let rules = rules.filter(|_| !options.off);
        let of = |choose: fn(&LimitRules) -> &'static [LimitRule]| {
            rules
                .as_ref()
                .map_or_else(Vec::new, |rules| choose(rules).to_vec())
        };
        let mut limiter = Self {
            login: of(|rules| rules.login),
            register: of(|rules| rules.register),
            forgot: of(|rules| rules.forgot),
            verify: of(|rules| rules.verify),
            store: options.store,
            addresses,
            keys: LimitKeys::new(system.keys.clone(), system.table),
            insecure_cookie: options.insecure_cookie,
            unlock_token_lifetime: options
                .unlock_token_lifetime
                .unwrap_or(Self::UNLOCK_TOKEN_LIFETIME),
            secret: system.keys,
            sources: system.sources,
            passes: AtomicU32::new(0),
            has_warned: AtomicBool::new(false),
            forgets: None,
            has_warned_of_memory: AtomicBool::new(false),
        };
        for (route, text) in options.overrides {
            limiter.replace(route, &text)?;
        }
        limiter.choose_store(
            matches!(system.declared, Limits::Rules(_)),
            system.has_store,
        );
        Ok(limiter)
    }

    fn replace(&mut self, route: Route, text: &str) -> Result<(), LimitMistake> {
        let mistake = |reason| LimitMistake::Rule { route, reason };
        let limited = match route {
            Route::Login => Limited::Login,
            Route::Register => Limited::Register,
            Route::ForgotPassword => Limited::Forgot,
            Route::RequestVerifyToken => Limited::Verify,
            _ => {
                let reason = "only `Login`, `Register`, `ForgotPassword` and `RequestVerifyToken` have limits";
                return Err(mistake(reason.to_owned()));
            }
        };
        let rules = text::rules(text, limited).map_err(mistake)?;
        *match limited {
            Limited::Login => &mut self.login,
            Limited::Register => &mut self.register,
            Limited::Forgot => &mut self.forgot,
            Limited::Verify => &mut self.verify,
        } = rules;
        Ok(())
    }

    fn choose_store(&mut self, is_declared: bool, has_store: bool) {
        let all = [&self.login, &self.register, &self.forgot, &self.verify];
        if self.store.is_some() || has_store || all.iter().all(|rules| rules.is_empty()) {
            return;
        }
        self.forgets = Some(is_declared);
        self.store = Some(Arc::new(MemoryLimits::new()));
    }

    /// Says once that each process counts for itself, when routes are mounted: a program of the command line serves nothing.
    pub(crate) fn warn_of_memory(&self) {
        let Some(is_declared) = self.forgets else {
            return;
        };
        if self.has_warned_of_memory.swap(true, Ordering::Relaxed) {
            return;
        }
        if is_declared {
            tracing::warn!(
                "the store counts no limits, so each process counts for itself and forgets at a restart: give the builder a limit_store"
            );
        } else {
            tracing::warn!(
                "limits are counted by each process for itself and forgotten at a restart: declare them with limits(…) on the struct"
            );
        }
    }

    /// The rules for a route; none where it has no limits.
    pub(crate) fn rules(&self, limited: Limited) -> &[LimitRule] {
        match limited {
            Limited::Login => &self.login,
            Limited::Register => &self.register,
            Limited::Forgot => &self.forgot,
            Limited::Verify => &self.verify,
        }
    }

    /// Whether browsers that log a user in are remembered.
    pub(super) fn knows_browsers(&self) -> bool {
        !self.login.is_empty()
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.sources.clock.now()
    }

    pub(super) fn secret(&self) -> &JwtKeys {
        &self.secret
    }

    /// Whether it is time to delete keys that count nothing any more.
    pub(super) fn is_time_to_purge(&self) -> bool {
        self.passes.fetch_add(1, Ordering::Relaxed) % Self::PURGE_INTERVAL
            == Self::PURGE_INTERVAL - 1
    }

    /// Says once that rules by `ip` do not apply to requests without a client's address.
    pub(super) fn warn_of_unknown_client(&self, rules: &[LimitRule]) {
        let needs_address = rules.iter().any(|rule| rule.by != LimitBy::Account);
        if needs_address && !self.has_warned.swap(true, Ordering::Relaxed) {
            tracing::warn!(
                "limits by ip do not apply to requests whose client's address is not known: set client_addresses, and serve with connect info"
            );
        }
    }
}
