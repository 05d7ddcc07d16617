//! Building a user system from what its builder was given.

use std::sync::Arc;

use super::{
    BuildError, UsersBuilder, assembly,
    background::BackgroundHooks,
    longest_body::warn_of_long_fields,
    system::{Inner, Users},
    watch::WatchedUsers,
};
use crate::{features::events::StoredEvents, model::UserModel};

impl<U: UserModel> UsersBuilder<U> {
    /// Builds the system.
    ///
    /// # Errors
    ///
    /// Every error in the configuration that the compiler cannot detect.
    pub fn build(mut self) -> Result<Users<U>, BuildError> {
        self.check_secure()?;
        self.check_tenants()?;
        self.sources.check()?;
        let keys = self.default_keys()?;
        let backends = self.all_backends(&keys)?;
        let emails = self.email_rules()?;
        let cross_site = self.cross_site()?;
        let password_policy = self.chosen_password_policy();
        assembly::check(&backends)?;
        // The original takes every secret.
        if !self.options.allow_short_secret {
            assembly::check_strategies(&backends)?;
        }
        self.check_store()?;
        let limiter = self.limiter(&keys)?;
        warn_of_long_fields::<U>(&self.options);
        // The original's tokens have no other end either.
        if self.options.revoke_sessions {
            assembly::mention_irrevocable(&backends);
        }
        let passwords = self.passwords(&keys)?;
        let tenants = Users::tenants_of(&self.store);
        let inner = Inner {
            store: self.store,
            hooks: self.hooks,
            passwords,
            limiter,
            randomness: self.sources.randomness,
            backends,
            reset_keys: self.reset_keys.unwrap_or_else(|| keys.clone()),
            verify_keys: self.verify_keys.unwrap_or_else(|| keys.clone()),
            state_keys: self.state_keys.unwrap_or(keys),
            watched: WatchedUsers::default(),
            tenant: self.tenant,
            states: self.states,
            background: BackgroundHooks::new(self.options.max_background_hooks),
            options: self.options,
            stored_events: StoredEvents::default(),
            emails: Arc::new(emails),
            cross_site,
            password_policy,
            #[cfg(feature = "oauth")]
            oauth: self.oauth,
            #[cfg(feature = "oauth")]
            purged_tickets: super::tickets::PurgedTickets::default(),
        };
        let users = Users {
            inner: Arc::new(inner),
            within: None,
            tenants,
        };
        users.check_states()?;
        #[cfg(feature = "oauth")]
        assembly::check_oauth(&users)?;
        Ok(users)
    }
    /// Refuses a store that does not hold what the struct declares.
    fn check_store(&self) -> Result<(), BuildError> {
        if U::CONFIG.events.is_some() && self.store.records().is_none() {
            return Err(BuildError::NoEvents);
        }
        if !self.store.has_arrays()
            && let Some(column) = U::COLUMNS.iter().find(|column| column.items.is_some())
        {
            return Err(BuildError::NoArrays(column.field));
        }
        Ok(())
    }
}
