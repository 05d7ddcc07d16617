//! The user system that an application holds.

use std::{fmt, sync::Arc};

use super::{UsersBuilder, background::BackgroundHooks, transaction::Within, watch::WatchedUsers};
use crate::{
    error::Error,
    features::{
        cross_site::CrossSite, events::StoredEvents, limits::limiter::Limiter,
        passwords::PasswordPolicy, tenants::resolver::ResolvesTenant,
    },
    model::{States, UserModel},
    password::Passwords,
    randomness::Randomness,
    session::Backend,
    store::{Administration, Expectations, Finding, TenantUsers, UserStore},
    token::JwtKeys,
    users::{hooks::Hooks, options::Options},
    wire::email::EmailRules,
};

/// The user system of one user type: what the application keeps in its router's state.
///
/// Cheap to clone; all clones are the same system.
pub struct Users<U: UserModel> {
    pub(crate) inner: Arc<Inner<U>>,
    /// The application's transaction on which users are read and written; never where the application sees it.
    pub(crate) within: Option<Arc<Within<U>>>,
    /// The users of one tenant, or of all, where users belong to tenants.
    pub(crate) tenants: Option<Arc<TenantUsers<U>>>,
}

pub(crate) struct Inner<U: UserModel> {
    pub(crate) store: Arc<dyn UserStore<U>>,
    pub(crate) hooks: Arc<dyn Hooks<U>>,
    pub(crate) passwords: Passwords,
    pub(crate) backends: Vec<Backend<U>>,
    pub(crate) reset_keys: JwtKeys,
    pub(crate) verify_keys: JwtKeys,
    #[cfg_attr(
        not(feature = "oauth"),
        expect(dead_code, reason = "only the OAuth routes ask")
    )]
    pub(crate) state_keys: JwtKeys,
    pub(crate) options: Options,
    pub(crate) limiter: Limiter,
    pub(crate) randomness: Arc<dyn Randomness>,
    pub(crate) emails: Arc<EmailRules>,
    pub(crate) cross_site: CrossSite,
    pub(crate) password_policy: PasswordPolicy,
    pub(crate) background: BackgroundHooks,
    pub(crate) stored_events: StoredEvents,
    pub(crate) watched: WatchedUsers,
    /// The tenant of a request, where users belong to tenants.
    pub(crate) tenant: Option<Arc<dyn ResolvesTenant>>,
    pub(crate) states: States,
    /// The declared providers, each with the backend that logs its users in.
    #[cfg(feature = "oauth")]
    pub(crate) oauth: Vec<(crate::oauth::OAuth, String)>,
    #[cfg(feature = "oauth")]
    pub(crate) purged_tickets: super::tickets::PurgedTickets,
}

impl<U: UserModel> Users<U> {
    /// Creates a builder of a user system with this store, which signs its tokens with `secret` (at least 32 bytes).
    pub fn builder(store: impl UserStore<U>, secret: impl AsRef<[u8]>) -> UsersBuilder<U> {
        UsersBuilder::new(Arc::new(store), secret.as_ref())
    }

    /// The store; [in a tenant](Self::in_tenant), that of the tenant's users.
    pub fn store(&self) -> &dyn UserStore<U> {
        match (&self.within, &self.tenants) {
            (Some(within), _) => within.store(),
            (None, Some(tenants)) => &**tenants,
            (None, None) => &*self.inner.store,
        }
    }

    /// What operators need from the store: searches, a check of the database, its tables as text. `None` for a store that does
    /// not support it; those of this crate do.
    pub fn administration(&self) -> Option<&dyn Administration<U>> {
        self.store().administration()
    }

    /// Checks the live database like [`Administration::doctor`], and also reports rows that differ from what this system's
    /// options expect of them, such as access tokens in clear. `None` for a store that does not support it.
    ///
    /// # Errors
    ///
    /// When the store fails.
    pub async fn doctor(&self) -> Result<Option<Vec<Finding>>, Error> {
        let Some(administration) = self.administration() else {
            return Ok(None);
        };
        let expected = Expectations::new()
            .hashed_tokens(self.inner.options.hash_access_tokens)
            .emails(EmailRules::clone(&self.inner.emails));
        Ok(Some(administration.examine(&expected).await?))
    }

    /// The password hashing of this system.
    pub fn passwords(&self) -> &Passwords {
        &self.inner.passwords
    }

    /// The backends, in the order in which they authenticate a request.
    pub fn backends(&self) -> &[Backend<U>] {
        &self.inner.backends
    }

    /// The backend with this name.
    pub fn backend(&self, name: &str) -> Option<&Backend<U>> {
        self.inner
            .backends
            .iter()
            .find(|backend| backend.name() == name)
    }

    /// The user with this id.
    ///
    /// # Errors
    ///
    /// When the store fails.
    pub async fn find(&self, id: &U::Id) -> Result<Option<U>, Error> {
        Ok(self.store().find(id).await?)
    }

    /// The user with this e-mail address, ignoring case; where users belong to tenants, call it on [`in_tenant`](Self::in_tenant).
    ///
    /// # Errors
    ///
    /// When the store fails.
    pub async fn find_by_email(&self, email: &str) -> Result<Option<U>, Error> {
        Ok(self.store().find_by_email(email).await?)
    }

    /// The application's transaction on which users are read and written.
    pub(crate) fn within_transaction(&self) -> Option<&Within<U>> {
        self.within.as_deref()
    }

    /// The audience of a kind of token, which names the table unless the options say otherwise.
    pub(crate) fn audience(&self, kind: &str) -> String {
        if self.options().table_audiences {
            crate::token::audience_for::<U>(kind)
        } else {
            kind.to_owned()
        }
    }

    pub(crate) fn hooks(&self) -> &dyn Hooks<U> {
        &*self.inner.hooks
    }

    #[cfg(feature = "oauth")]
    pub(crate) fn state_keys(&self) -> &JwtKeys {
        &self.inner.state_keys
    }

    /// How addresses are validated.
    pub(crate) fn email_rules(&self) -> Arc<EmailRules> {
        Arc::clone(&self.inner.emails)
    }

    /// Which passwords may be set.
    pub fn password_policy(&self) -> &PasswordPolicy {
        &self.inner.password_policy
    }

    /// Which requests another site may have caused.
    pub(crate) fn cross_site(&self) -> &CrossSite {
        &self.inner.cross_site
    }

    pub(crate) fn options(&self) -> &Options {
        &self.inner.options
    }
}

impl<U: UserModel> Clone for Users<U> {
    fn clone(&self) -> Self {
        Self {
            inner: Arc::clone(&self.inner),
            within: self.within.clone(),
            tenants: self.tenants.clone(),
        }
    }
}

impl<U: UserModel> fmt::Debug for Users<U> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let backends: Vec<_> = self.backends().iter().map(Backend::name).collect();
        f.debug_struct("Users")
            .field("table", &U::TABLE)
            .field("backends", &backends)
            .finish_non_exhaustive()
    }
}
