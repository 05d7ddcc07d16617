//! Counting attempts, and forgetting them after a success.
//!
//! Limits fail open: where they cannot be counted, the attempt goes on, and the log says so.

use std::{net::IpAddr, time::Duration};

use axum::response::Response;
use http::{HeaderMap, HeaderValue, header, request::Parts};

use super::{
    keys::{Limited, locks_account},
    known_browser::is_secure,
    limiter::Limiter,
    network::of_one_client,
};
use crate::{
    error::Error,
    features::events::event::EventKind,
    model::{LimitBy, UserModel},
    store::{LimitKey, LimitStore, Pass, Quota, StoreError, tenant_text},
    users::Users,
    web::refusals::TooManyAttempts,
};

/// How many keys that count nothing any more are deleted at once.
const PURGED: u32 = 512;

/// A login that was counted.
#[derive(Debug, Default)]
pub(crate) struct CountedLogin {
    counted: Vec<(LimitKey, Quota)>,
    /// How many of the keys, which come first, are the client's alone.
    of_client: usize,
    /// The letter of the account's lock, which is over after a success.
    letter: Option<LimitKey>,
}

/// A key that refused an attempt.
#[derive(Debug)]
struct RefusedBy {
    /// Its position.
    key: usize,
    retry_after: Duration,
}

impl<U: UserModel> Users<U> {
    /// The address of a request's client, as [`client_addresses`](crate::UsersBuilder::client_addresses) says; `None` where it is not
    /// known, or not that of one client.
    pub fn client_address(&self, request: &Parts) -> Option<IpAddr> {
        self.limiter().addresses.client(request)
    }

    /// Forgets the failed logins of a user and the letters that were asked for, so that no limit of the account keeps the user out. What
    /// one client has tried at the account (`account+ip`) is not forgotten.
    ///
    /// # Errors
    ///
    /// When the store of the limits fails.
    pub async fn forget_limits(&self, user: &U) -> Result<(), Error> {
        self.forget_attempts(user, None).await
    }

    /// Forgets what counts for the account, and what the client of this request alone has tried at it.
    pub(super) async fn forget_attempts(
        &self,
        user: &U,
        request: Option<&Parts>,
    ) -> Result<(), Error> {
        let limiter = self.limiter();
        let account = self.account(Some(user), "");
        let mut keys = vec![limiter.keys.of_failures(&account).0];
        if U::CONFIG.unlock {
            keys.push(limiter.keys.of_letter(&account));
        }
        let client = request.and_then(|parts| self.client_address(parts));
        if let Some(client) = client.map(of_one_client) {
            let rules = limiter.rules(Limited::Login).iter();
            for rule in rules.filter(|rule| rule.by == LimitBy::AccountAndIp) {
                let (key, _) = limiter
                    .keys
                    .of_rule(Limited::Login, *rule, &[&account, &client]);
                keys.push(key);
            }
        }
        for purpose in [Limited::Login, Limited::Forgot, Limited::Verify] {
            let rules = limiter.rules(purpose).iter();
            for rule in rules.filter(|rule| rule.by == LimitBy::Account) {
                keys.push(limiter.keys.of_rule(purpose, *rule, &[&account]).0);
            }
        }
        if let Some(store) = self.limit_store() {
            store.forget(&keys).await?;
        }
        self.event(EventKind::LimitsForgotten, Some(user), request)
            .await;
        Ok(())
    }

    /// Counts a login, of the user who was found or of the text that names none.
    pub(crate) async fn count_login(
        &self,
        parts: &Parts,
        found: Option<&U>,
        username: &str,
    ) -> Result<CountedLogin, TooManyAttempts> {
        let limiter = self.limiter();
        let rules = limiter.rules(Limited::Login);
        if rules.is_empty() {
            return Ok(CountedLogin::default());
        }
        let client = self.client_of(parts, Limited::Login);
        let account = self.account(found, username);
        let browser = found.and_then(|user| limiter.known_browser(&parts.headers, user));
        let key = |rule, subject: &[&str]| limiter.keys.of_rule(Limited::Login, rule, subject);
        let (mut of_client, mut counted) = (Vec::new(), Vec::new());
        for rule in rules {
            match (rule.by, &client, &browser) {
                (LimitBy::Ip, Some(client), _) => of_client.push(key(*rule, &[client])),
                // A browser that has logged the user in before has a bucket of its own.
                (LimitBy::Account | LimitBy::AccountAndIp, _, Some(browser)) => {
                    counted.push(key(*rule, &[&account, "browser", browser]));
                }
                (LimitBy::AccountAndIp, Some(client), None) => {
                    counted.push(key(*rule, &[&account, client]));
                }
                (LimitBy::Account, _, None) => counted.push(key(*rule, &[&account])),
                (LimitBy::Ip | LimitBy::AccountAndIp, None, _) => {}
            }
        }
        if browser.is_none() {
            counted.push(limiter.keys.of_failures(&account));
        }
        let attempt = CountedLogin {
            of_client: of_client.len(),
            counted: of_client.into_iter().chain(counted).collect(),
            letter: (U::CONFIG.unlock && browser.is_none())
                .then(|| limiter.keys.of_letter(&account)),
        };
        let passed = self.pass(Limited::Login, &attempt.counted, found, parts);
        match passed.await {
            Ok(true) => Ok(attempt),
            Ok(false) => Ok(CountedLogin::default()),
            Err(refused) => {
                let by = attempt.counted.get(refused.key);
                if browser.is_none()
                    && let Some((_, quota)) = by.filter(|(key, _)| locks_account(key))
                {
                    self.account_locked(found, &account, *quota, parts).await;
                }
                Err(refused.into())
            }
        }
    }

    /// Gives back what a successful login took from its client, and forgets the failures before it.
    pub(crate) async fn login_succeeded(&self, attempt: CountedLogin) {
        let (of_client, others) = attempt.counted.split_at(attempt.of_client);
        let forgotten = others.iter().map(|(key, _)| key.clone());
        let forgotten: Vec<_> = forgotten.chain(attempt.letter).collect();
        let Some(store) = self.limit_store() else {
            return;
        };
        if !of_client.is_empty() {
            warn_of_failure(store.refund(of_client).await);
        }
        if !forgotten.is_empty() {
            warn_of_failure(store.forget(&forgotten).await);
        }
    }

    /// Gives back everything that a login took which failed for another reason than its credentials.
    pub(crate) async fn login_undone(&self, attempt: CountedLogin) {
        if let Some(store) = self.limit_store()
            && !attempt.counted.is_empty()
        {
            warn_of_failure(store.refund(&attempt.counted).await);
        }
    }

    /// Counts a request of a client, by the rules that count clients.
    pub(crate) async fn count_client(
        &self,
        purpose: Limited,
        parts: &Parts,
    ) -> Result<(), TooManyAttempts> {
        let limiter = self.limiter();
        let Some(client) = self.client_of(parts, purpose) else {
            return Ok(());
        };
        let rules = limiter.rules(purpose).iter();
        let rules = rules.filter(|rule| rule.by == LimitBy::Ip);
        let keys: Vec<_> = rules
            .map(|rule| limiter.keys.of_rule(purpose, *rule, &[&client]))
            .collect();
        self.pass(purpose, &keys, None, parts).await?;
        Ok(())
    }

    /// Counts a letter to an account, and returns whether it may be sent. The answer does not show it, and the same is done for an address
    /// that no user has.
    pub(crate) async fn may_send(
        &self,
        purpose: Limited,
        found: Option<&U>,
        email: &str,
        parts: &Parts,
    ) -> bool {
        let limiter = self.limiter();
        let account = self.account(found, email);
        let client = self.client_of(parts, purpose);
        let rules = limiter.rules(purpose).iter();
        let keys: Vec<_> = rules
            .filter_map(|rule| match (rule.by, &client) {
                (LimitBy::Account, _) => Some(limiter.keys.of_rule(purpose, *rule, &[&account])),
                (LimitBy::AccountAndIp, Some(client)) => {
                    Some(limiter.keys.of_rule(purpose, *rule, &[&account, client]))
                }
                _ => None,
            })
            .collect();
        self.pass(purpose, &keys, found, parts).await.is_ok()
    }

    /// Makes the browser known that has logged a user in.
    pub(crate) fn remember_browser(&self, headers: &HeaderMap, user: &U, response: &mut Response) {
        if let Some(cookie) = self.browser_cookie(headers, user, is_secure(response.headers())) {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
    }

    /// The cookie by which a browser is known that has logged a user in; `None` without limits for logins.
    pub(crate) fn browser_cookie(
        &self,
        headers: &HeaderMap,
        user: &U,
        secure: bool,
    ) -> Option<HeaderValue> {
        let limiter = self.limiter();
        if !limiter.knows_browsers() {
            return None;
        }
        let secure = secure && !limiter.insecure_cookie;
        limiter.remembering(headers, user, secure)
    }

    /// Forgets an account's failures, now that its owner has set a new password from this client. An error is logged: the password
    /// is stored already.
    pub(crate) async fn forget_failures(&self, user: &U, request: Option<&Parts>) {
        if let Err(error) = self.forget_attempts(user, request).await {
            let error: &dyn std::error::Error = &error;
            tracing::warn!(error, "limits could not be forgotten");
        }
    }

    pub(super) fn limiter(&self) -> &Limiter {
        &self.inner.limiter
    }

    pub(super) fn limit_store(&self) -> Option<&dyn LimitStore> {
        self.limiter()
            .store
            .as_deref()
            .or_else(|| self.store().limits())
    }

    /// The client's own part of a key.
    fn client_of(&self, parts: &Parts, purpose: Limited) -> Option<String> {
        let client = self.client_address(parts).map(of_one_client);
        if client.is_none() {
            let limiter = self.limiter();
            limiter.warn_of_unknown_client(limiter.rules(purpose));
        }
        client
    }

    /// The account's part of a key: the address of the user, or the text that names no user, in a form that its spelling does not change,
    /// after the tenant where users belong to tenants.
    ///
    /// Not the user's id: after a registration that does not reveal whether the address was taken, failures from before would not count
    /// for the new user, which reveals it.
    fn account(&self, found: Option<&U>, text: &str) -> String {
        let text = found.map_or(text, |user| user.account().email);
        let emails = self.email_rules();
        let normal = emails.normalize(text);
        let normal = normal.map_or_else(|_| text.trim().to_lowercase(), |text| text.to_lowercase());
        let tenant = found.and_then(U::tenant);
        match tenant.as_ref().or_else(|| self.tenant()) {
            Some(tenant) => format!("account {}/{normal}", tenant_text(tenant)),
            None => format!("account {normal}"),
        }
    }

    /// Counts one pass for every key, and returns whether they were counted.
    async fn pass(
        &self,
        purpose: Limited,
        keys: &[(LimitKey, Quota)],
        found: Option<&U>,
        parts: &Parts,
    ) -> Result<bool, RefusedBy> {
        let (Some(store), false) = (self.limit_store(), keys.is_empty()) else {
            return Ok(false);
        };
        let limiter = self.limiter();
        let now = limiter.now();
        let passed = store.pass(keys, now).await;
        if limiter.is_time_to_purge() {
            warn_of_failure(store.purge(now, PURGED).await);
        }
        match passed {
            Ok(Pass::Passed) => Ok(true),
            Ok(Pass::Refused { key, retry_after }) => {
                let rule = keys
                    .get(key)
                    .and_then(|(key, _)| key.as_str().split(':').next());
                tracing::debug!(limited = purpose.name(), rule, "attempt refused by a rule");
                let kind = EventKind::LimitReached {
                    limited: purpose.name(),
                };
                self.event(kind, found, Some(parts)).await;
                Err(RefusedBy { key, retry_after })
            }
            Err(error) => {
                warn_of_failure::<()>(Err(error));
                Ok(false)
            }
        }
    }
}

impl From<RefusedBy> for TooManyAttempts {
    fn from(refused: RefusedBy) -> Self {
        Self {
            retry_after: refused.retry_after,
        }
    }
}

pub(super) fn warn_of_failure<T>(counted: Result<T, StoreError>) {
    if let Err(error) = counted {
        let error: &dyn std::error::Error = &error;
        tracing::warn!(
            error,
            "the store of the limits failed: attempts are not limited"
        );
    }
}
