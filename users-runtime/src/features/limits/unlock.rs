//! The letter to the owner of a locked account, and the token in it.

use http::request::Parts;

use super::{keys::Limited, rules::warn_of_failure};
use crate::{
    error::Error,
    model::{LimitBy, UserModel},
    store::{Pass, Quota},
    users::{UnlockError, Users, notify::Notice},
};

impl<U: UserModel> Users<U> {
    /// Unlocks an account with a token from [`on_account_locked`](crate::Hooks::on_account_locked): its failed logins are forgotten, as by
    /// [`forget_limits`](Self::forget_limits), and those of this client.
    ///
    /// # Errors
    ///
    /// [`UnlockError::BadToken`] for every fault of the token, for one that was used, and where the user is inactive or has another
    /// password or address by now.
    #[tracing::instrument(name = "unlock", skip_all, fields(user.id))]
    pub async fn unlock(&self, token: &str, request: Option<&Parts>) -> Result<U, UnlockError> {
        let bad = || UnlockError::BadToken;
        let token = self.read_unlock_token(token).ok_or_else(bad)?;
        let user = self.find(&token.user).await?.ok_or_else(bad)?;
        tracing::Span::current().record("user.id", tracing::field::display(&token.user));
        if !user.account().is_active || !self.is_token_of(&user, &token) {
            return Err(bad());
        }
        let limiter = self.limiter();
        let store = self.limit_store().ok_or_else(bad)?;
        // Twice the lifetime, as the clocks of processes differ.
        let once = Quota::new(1, limiter.unlock_token_lifetime.saturating_mul(2));
        let first_use = [(limiter.keys.of_unlock_token(&token.id), once)];
        let passed = store.pass(&first_use, limiter.now()).await;
        if passed.map_err(Error::from)? != Pass::Passed {
            return Err(bad());
        }
        if let Err(error) = self.forget_attempts(&user, request).await {
            warn_of_failure(store.refund(&first_use).await);
            return Err(error.into());
        }
        Ok(user)
    }

    /// Sends the letter that unlocks an account, once for each lock and within the limits of letters to the account, after the answer.
    ///
    /// `lock` is the rule that refused a login. The same is counted for an account that does not exist, so that the time of the answer does
    /// not reveal which exist.
    pub(super) async fn account_locked(
        &self,
        found: Option<&U>,
        account: &str,
        lock: Quota,
        request: &Parts,
    ) {
        let (true, Some(store)) = (U::CONFIG.unlock, self.limit_store()) else {
            return;
        };
        let permit = self.inner.background.permit_at_once();
        let limiter = self.limiter();
        // A lock ends after the period of its rule at the latest. That of consecutive failures does not end.
        let mut keys = vec![(limiter.keys.of_letter(account), Quota::new(1, lock.period))];
        let rules = limiter.rules(Limited::Forgot).iter();
        let rules = rules.filter(|rule| rule.by == LimitBy::Account);
        keys.extend(rules.map(|rule| limiter.keys.of_rule(Limited::Forgot, *rule, &[account])));
        match store.pass(&keys, limiter.now()).await {
            Ok(Pass::Passed) => {}
            Ok(Pass::Refused { .. }) => return,
            Err(error) => return warn_of_failure::<()>(Err(error)),
        }
        let Some(user) = found.filter(|user| user.account().is_active) else {
            return;
        };
        let Some(permit) = permit else {
            tracing::warn!("no letter is sent: too many hooks run in the background");
            return warn_of_failure(store.refund(&keys).await);
        };
        let (users, user, request) = (self.clone(), user.clone(), request.clone());
        permit.spawn(async move {
            let announced = users.announce(&user, Some(&request), Notice::Unlock);
            if let Err(error) = announced.await {
                let error: &dyn std::error::Error = &error;
                tracing::error!(error, "the token could not be sent");
            }
        });
    }
}
