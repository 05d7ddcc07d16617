//! What is counted, as keys of the store.

use std::time::Duration;

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};

use crate::{
    model::{LimitBy, LimitPeriod, LimitRule},
    store::{LimitKey, Quota},
    token::JwtKeys,
};

/// Keeps these MACs apart from every other use of the system's secret.
const CONTEXT: &str = "fastapi-users:limit";

/// What is limited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Limited {
    /// Logins with a password.
    Login,
    /// Registrations.
    Register,
    /// Password resets that are requested.
    Forgot,
    /// Verifications that are requested.
    Verify,
}

impl Limited {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Login => "login",
            Self::Register => "register",
            Self::Forgot => "forgot",
            Self::Verify => "verify",
        }
    }
}

/// How many logins of an account may fail one after the other; after that, one more may every 30 days. A single failure is kept for 30
/// days: whatever text clients send as a name is counted, and must not fill the store for years.
pub(super) const FAILURES: Quota = Quota::new(100, Duration::from_hours(100 * 30 * 24));

/// The name of the key that counts them.
const FAILURES_NAME: &str = "login/failures";

/// Makes the keys of one user system. What is counted stands in them as a MAC: addresses of clients are personal data, and people
/// type passwords where their name belongs.
#[derive(Debug)]
pub(super) struct LimitKeys {
    keys: JwtKeys,
    /// The table of the users, so that two user types can share a store.
    table: &'static str,
}

impl LimitKeys {
    pub(super) const fn new(keys: JwtKeys, table: &'static str) -> Self {
        Self { keys, table }
    }

    /// The key of a rule for a subject, such as a client and an account.
    pub(super) fn of_rule(
        &self,
        limited: Limited,
        rule: LimitRule,
        subject: &[&str],
    ) -> (LimitKey, Quota) {
        let by = match rule.by {
            LimitBy::Ip => "ip",
            LimitBy::Account => "account",
            LimitBy::AccountAndIp => "account+ip",
        };
        let name = format!("{}/{}/{by}", limited.name(), letter(rule.period));
        let quota = Quota::new(rule.times, rule.period.duration());
        (self.named(&name, subject), quota)
    }

    /// The key of an account's consecutive failures.
    pub(super) fn of_failures(&self, account: &str) -> (LimitKey, Quota) {
        (self.named(FAILURES_NAME, &[account]), FAILURES)
    }

    /// The key of the letter that an account gets when it is locked.
    pub(super) fn of_letter(&self, account: &str) -> LimitKey {
        self.named("login/letter", &[account])
    }

    /// The key by which a letter's token is used once.
    pub(super) fn of_unlock_token(&self, id: &str) -> LimitKey {
        self.named("unlock/token", &[id])
    }

    fn named(&self, name: &str, subject: &[&str]) -> LimitKey {
        let mut message = [CONTEXT, self.table, name].join("\0");
        for part in subject {
            message.push('\0');
            message.push_str(part);
        }
        let mac = self.keys.mac(message.as_bytes());
        LimitKey::new(format!("{name}:{}", BASE64_URL_SAFE_NO_PAD.encode(mac)))
    }
}

/// Whether a key counts all attempts on one account, so that its refusal locks the account.
pub(super) fn locks_account(key: &LimitKey) -> bool {
    let name = key.as_str().split(':').next().unwrap_or_default();
    name == FAILURES_NAME || name.ends_with("/account")
}

const fn letter(period: LimitPeriod) -> char {
    match period {
        LimitPeriod::Second => 's',
        LimitPeriod::Minute => 'm',
        LimitPeriod::Hour => 'h',
        LimitPeriod::Day => 'd',
    }
}

#[cfg(test)]
mod tests {
    use chrono::{TimeDelta, Utc};

    use super::*;
    use crate::{
        store::{LimitStore as _, MemoryLimits, Pass},
        token::random,
    };

    #[tokio::test]
    async fn a_hundred_failures_in_a_row_lock_and_a_single_one_is_kept_for_thirty_days() {
        let keys = LimitKeys::new(JwtKeys::hs256(random()).expect("keys"), "user");
        let (store, now) = (MemoryLimits::default(), Utc::now());
        let failure = [keys.of_failures("account jo@example.com")];
        for _ in 0..100 {
            let passed = store.pass(&failure, now).await.expect("memory");
            assert_eq!(passed, Pass::Passed);
        }
        let later = now + TimeDelta::days(29);
        let passed = store.pass(&failure, later).await.expect("memory");
        assert!(matches!(passed, Pass::Refused { .. }), "{passed:?}");

        let typed = [keys.of_failures("account a text that no user has")];
        store.pass(&typed, now).await.expect("memory");
        let kept = store.purge(now + TimeDelta::days(29), 10).await;
        assert_eq!(kept.expect("memory"), 0);
        let deleted = store.purge(now + TimeDelta::days(31), 10).await;
        assert_eq!(deleted.expect("memory"), 1);
    }
}
