//! The builder's options for limits.

use std::{sync::Arc, time::Duration};

use super::client_address::ClientAddresses;
use crate::{model::UserModel, store::LimitStore, users::UsersBuilder, web::route::Route};

impl<U: UserModel> UsersBuilder<U> {
    /// Replaces the limits of a route ([`Route::Login`], [`Route::Register`], [`Route::ForgotPassword`] or
    /// [`Route::RequestVerifyToken`]) by those of a text as in the struct's attribute `limits`, e.g. `"120/m/ip, 5/m/account+ip"`. An
    /// empty text switches them off.
    #[must_use]
    pub fn limit(mut self, route: Route, rules: impl Into<String>) -> Self {
        self.limits.overrides.push((route, rules.into()));
        self
    }

    /// Switches all limits off that are declared or the default. The routes that [`limit`](Self::limit) names keep theirs.
    #[must_use]
    pub fn limits_off(mut self) -> Self {
        self.limits.off = true;
        self
    }

    /// Where attempts are counted. The default is the store, where the struct declares `limits(…)` and the store can count; else the
    /// memory of each process.
    #[must_use]
    pub fn limit_store(mut self, store: impl LimitStore) -> Self {
        self.limits.store = Some(Arc::new(store));
        self
    }

    /// Where the address of a request's client comes from: limits by `ip` count it, and sessions show it. The default is the
    /// connection's other end, where it has an address of the internet.
    #[must_use]
    pub fn client_addresses(mut self, addresses: ClientAddresses) -> Self {
        self.limits.addresses = Some(addresses);
        self
    }

    /// How long a token is valid that unlocks an account. The default is seven days, since a lock sends one letter only.
    #[must_use]
    pub fn unlock_token_lifetime(mut self, lifetime: Duration) -> Self {
        self.limits.unlock_token_lifetime = Some(lifetime);
        self
    }

    /// Whether browsers send the cookie `fastapiusers_browser` over HTTPS only, by which they are known after a login. Where an answer
    /// also sets a cookie of a transport without `Secure`, this one has none either. Default: yes.
    #[must_use]
    pub fn secure_browser_cookie(mut self, secure: bool) -> Self {
        self.limits.insecure_cookie = !secure;
        self
    }
}
