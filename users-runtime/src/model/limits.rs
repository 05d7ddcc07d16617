//! What the struct's attribute declares about limits.

use std::time::Duration;

/// What `limits` on the struct declares.
#[derive(Clone, Copy, Debug)]
pub enum Limits {
    /// Nothing: [`LimitRules::DEFAULT`], counted in the memory of each process.
    Undeclared,
    /// No limits.
    Off,
    /// These rules, counted in the store.
    Rules(LimitRules),
}

/// The limits of each route that could be used for guessing; a route without rules has no limits.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct LimitRules {
    /// For logins with a password.
    pub login: &'static [LimitRule],
    /// For registrations.
    pub register: &'static [LimitRule],
    /// For `POST /forgot-password`.
    pub forgot: &'static [LimitRule],
    /// For `POST /request-verify-token`.
    pub verify: &'static [LimitRule],
}

/// How often one client, one account, or one client at one account may try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LimitRule {
    /// How often at once; at least 1.
    pub times: u32,
    /// In how long a time as many attempts come back.
    pub period: LimitPeriod,
    /// What is counted.
    pub by: LimitBy,
}

/// The period of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LimitPeriod {
    /// `s`
    Second,
    /// `m`
    Minute,
    /// `h`
    Hour,
    /// `d`
    Day,
}

/// What a rule counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LimitBy {
    /// `ip`: a client's address, IPv6 by /64.
    Ip,
    /// `account`: a user, or the text that names no user.
    Account,
    /// `account+ip`: one client's attempts on one account.
    AccountAndIp,
}

impl LimitPeriod {
    /// The period's length.
    pub const fn duration(self) -> Duration {
        match self {
            Self::Second => Duration::from_secs(1),
            Self::Minute => Duration::from_mins(1),
            Self::Hour => Duration::from_hours(1),
            Self::Day => Duration::from_hours(24),
        }
    }
}

impl LimitRule {
    /// The number of attempts per period.
    pub const fn new(times: u32, period: LimitPeriod, by: LimitBy) -> Self {
        Self { times, period, by }
    }
}

impl LimitRules {
    /// `login = "10/m/ip, 5/m/account+ip, 100/d/account", register = "20/h/ip"`, and `"20/m/ip, 5/h/account"` for `forgot` and `verify`.
    pub const DEFAULT: Self = Self {
        login: &[
            LimitRule::new(10, LimitPeriod::Minute, LimitBy::Ip),
            LimitRule::new(5, LimitPeriod::Minute, LimitBy::AccountAndIp),
            LimitRule::new(100, LimitPeriod::Day, LimitBy::Account),
        ],
        register: &[LimitRule::new(20, LimitPeriod::Hour, LimitBy::Ip)],
        forgot: LETTERS,
        verify: LETTERS,
    };

    /// Replaces the rules for logins.
    #[must_use]
    pub const fn login(mut self, rules: &'static [LimitRule]) -> Self {
        self.login = rules;
        self
    }

    /// Replaces the rules for registrations.
    #[must_use]
    pub const fn register(mut self, rules: &'static [LimitRule]) -> Self {
        self.register = rules;
        self
    }

    /// Replaces the rules for `POST /forgot-password`.
    #[must_use]
    pub const fn forgot(mut self, rules: &'static [LimitRule]) -> Self {
        self.forgot = rules;
        self
    }

    /// Replaces the rules for `POST /request-verify-token`.
    #[must_use]
    pub const fn verify(mut self, rules: &'static [LimitRule]) -> Self {
        self.verify = rules;
        self
    }
}

/// The default rules of routes that send letters.
const LETTERS: &[LimitRule] = &[
    LimitRule::new(20, LimitPeriod::Minute, LimitBy::Ip),
    LimitRule::new(5, LimitPeriod::Hour, LimitBy::Account),
];
