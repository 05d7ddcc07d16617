//! The builder of a user system.

use std::{sync::Arc, time::Duration};

use super::sources::Sources;
#[cfg(feature = "oauth")]
use crate::oauth::OAuth;
use crate::{
    features::{
        limits::limiter::LimitOptions, passwords::PasswordPolicy, tenants::resolver::ResolvesTenant,
    },
    model::{States, UserModel},
    password::{PasswordHasher, PasswordsConfig, Peppers},
    session::{
        Backend,
        strategy::{SessionOptions, Strategy, own_claims::OwnClaims},
        transport::Transport,
    },
    store::UserStore,
    token::JwtKeys,
    users::{
        hooks::{Hooks, NoHooks},
        options::Options,
    },
    wire::compat::Compat,
};

/// Builds a [`Users`](crate::Users). The store and the secret are required, everything else has a default.
pub struct UsersBuilder<U: UserModel> {
    pub(crate) store: Arc<dyn UserStore<U>>,
    pub(crate) secret: Vec<u8>,
    pub(crate) options: Options,
    pub(crate) email_domains: Vec<String>,
    pub(crate) trusted_origins: Vec<String>,
    pub(crate) base_url: Option<String>,
    pub(crate) hooks: Arc<dyn Hooks<U>>,
    pub(crate) has_hooks: bool,
    pub(crate) hasher: Option<Arc<dyn PasswordHasher>>,
    pub(crate) hashing: PasswordsConfig,
    pub(crate) peppers: Peppers,
    pub(crate) password_policy: Option<PasswordPolicy>,
    pub(crate) transports: Vec<(String, Arc<dyn Transport>)>,
    pub(crate) strategies: Vec<(String, Arc<dyn Strategy<U>>)>,
    pub(crate) backends: Vec<Backend<U>>,
    pub(crate) sessions: SessionOptions,
    pub(crate) sources: Sources,
    pub(crate) states: States,
    pub(crate) limits: LimitOptions,
    pub(crate) jwt_keys: Option<JwtKeys>,
    pub(crate) jwt_claims: OwnClaims,
    pub(crate) reset_keys: Option<JwtKeys>,
    pub(crate) verify_keys: Option<JwtKeys>,
    pub(crate) state_keys: Option<JwtKeys>,
    pub(crate) tenant: Option<Arc<dyn ResolvesTenant>>,
    #[cfg(feature = "oauth")]
    pub(crate) oauth: Vec<(OAuth, String)>,
}

impl<U: UserModel> UsersBuilder<U> {
    pub(crate) fn new(store: Arc<dyn UserStore<U>>, secret: &[u8]) -> Self {
        Self {
            store,
            secret: secret.to_vec(),
            options: Options::of(Compat::Off, U::CONFIG.secure),
            email_domains: Vec::new(),
            trusted_origins: Vec::new(),
            base_url: None,
            hooks: Arc::new(NoHooks),
            has_hooks: false,
            hasher: None,
            hashing: PasswordsConfig::default(),
            peppers: Peppers::default(),
            password_policy: None,
            transports: Vec::new(),
            strategies: Vec::new(),
            backends: Vec::new(),
            sessions: SessionOptions::new(),
            sources: Sources::default(),
            states: States::default(),
            limits: LimitOptions::default(),
            jwt_keys: None,
            jwt_claims: OwnClaims::default(),
            reset_keys: None,
            verify_keys: None,
            state_keys: None,
            tenant: None,
            #[cfg(feature = "oauth")]
            oauth: Vec::new(),
        }
    }

    /// Whether the system behaves like FastAPI Users where the two differ. It presets all of these options at once.
    ///
    /// Call it before the methods that set one of them, since it overwrites their values (`revoke_sessions`, `hash_access_tokens`,
    /// `accept_clear_tokens`, `logout_presented_session`, `reset_token_follows_email`, `own_email_in_other_case`, `notify_in_background`,
    /// `normalize_username`, `normalize_passwords`, `log_events`, `oauth_as_original`, `cross_site_protection`, `same_site_requests`, `body_limit`, `json_value_limit`,
    /// `uniform_registration`, `host_prefix_cookies`, `superusers_set_passwords`, `max_background_hooks`). It does not change
    /// lifetimes.
    #[must_use]
    pub fn compat(mut self, compat: Compat) -> Self {
        let (access, reset, verify) = (
            self.options.access_token_lifetime,
            self.options.reset_token_lifetime,
            self.options.verify_token_lifetime,
        );
        self.options = Options::of(compat, U::CONFIG.secure);
        self.options.access_token_lifetime = access;
        self.options.reset_token_lifetime = reset;
        self.options.verify_token_lifetime = verify;
        self
    }

    /// The application's hooks. By default there are none.
    #[must_use]
    pub fn hooks(mut self, hooks: impl Hooks<U>) -> Self {
        self.hooks = Arc::new(hooks);
        self.has_hooks = true;
        self
    }

    /// The lifetime of the access tokens of declared backends and of their cookies. With `None` tokens never expire, and browsers
    /// keep the cookies until they are closed. The default is one hour.
    ///
    /// Strategies and transports that the builder is given ([`strategy`](Self::strategy), [`transport`](Self::transport),
    /// [`backend`](Self::backend)) keep their own.
    #[must_use]
    pub fn access_token_lifetime(mut self, lifetime: impl Into<Option<Duration>>) -> Self {
        self.options.access_token_lifetime = lifetime.into();
        self
    }

    /// The lifetime of password-reset tokens. The default is one hour.
    #[must_use]
    pub fn reset_token_lifetime(mut self, lifetime: Duration) -> Self {
        self.options.reset_token_lifetime = lifetime;
        self
    }

    /// The lifetime of verification tokens. The default is one hour.
    #[must_use]
    pub fn verify_token_lifetime(mut self, lifetime: Duration) -> Self {
        self.options.verify_token_lifetime = lifetime;
        self
    }

    /// The lifetimes of the sessions of declared backends, and which data they store.
    #[must_use]
    pub fn sessions(mut self, options: SessionOptions) -> Self {
        self.sessions = options;
        self
    }

    /// Whether a new password ends the user's other sessions, and a deactivation all of them. Default: yes.
    #[must_use]
    pub fn revoke_sessions(mut self, revoke: bool) -> Self {
        self.options.revoke_sessions = revoke;
        self
    }

    /// Whether the table of access tokens holds hashes instead of tokens. Default: yes.
    #[must_use]
    pub fn hash_access_tokens(mut self, hash: bool) -> Self {
        self.options.hash_access_tokens = hash;
        self
    }

    /// Whether access tokens that are stored in clear are accepted in addition to hashed ones, for example after a time in which
    /// FastAPI Users or [`hash_access_tokens(false)`](Self::hash_access_tokens) wrote them. The clear token is then an argument
    /// of every look-up, so a database that logs the arguments of its statements logs it. Default: no. If tokens are stored in
    /// clear, both forms are accepted in any case.
    #[must_use]
    pub fn accept_clear_tokens(mut self, accept: bool) -> Self {
        self.options.accept_clear_tokens = accept;
        self
    }

    /// Whether a logout ends the session that was presented to its own backend even when another backend is asked first.
    /// Default: yes.
    #[must_use]
    pub fn logout_presented_session(mut self, presented: bool) -> Self {
        self.options.logout_presented_session = presented;
        self
    }

    /// Whether a change of the address invalidates reset tokens, and a transparent re-hash does not. Default: yes.
    #[must_use]
    pub fn reset_token_follows_email(mut self, follows: bool) -> Self {
        self.options.reset_token_follows_email = follows;
        self
    }

    /// Whether users may change the case of their own address. Default: yes.
    #[must_use]
    pub fn own_email_in_other_case(mut self, accept: bool) -> Self {
        self.options.own_email_in_other_case = accept;
        self
    }

    /// Whether a session ends when the user's password changes, even if a login was in progress at the time: tokens have the
    /// [stamp](crate::password::CredentialsStamp) of the credentials for which they were issued, JSON web tokens in the claim `ver`. Only
    /// the session that changed the password stays, unless it is a JSON web token. Default: yes.
    #[must_use]
    pub fn credentials_stamp(mut self, stamp: bool) -> Self {
        self.options.credentials_stamp = stamp;
        self
    }

    /// Whether the audience of tokens names the users' table, such as `fastapi-users:auth:staff`, for every table except `user`,
    /// so that two user types with the same secret do not accept each other's tokens. Default: yes.
    #[must_use]
    pub fn table_audiences(mut self, audiences: bool) -> Self {
        self.options.table_audiences = audiences;
        self
    }

    /// Also accepts e-mail addresses at these domains and their subdomains, although they cannot receive e-mail on the internet:
    /// the special-use ones (`local`, `localhost`, `test`, `invalid`, `onion`, `arpa`), names without a period such as `intranet`,
    /// and others whose last part is not a top-level domain. It applies to registration, updates, the e-mails that users request,
    /// the command line and OAuth. Default: none. Stored addresses are always returned.
    ///
    /// `["local"]` accepts `jo@corp.local`; so does `["corp.local"]`, which does not accept `jo@other.local`.
    #[must_use]
    pub fn allow_special_use_domains<D: Into<String>>(
        mut self,
        domains: impl IntoIterator<Item = D>,
    ) -> Self {
        self.email_domains = domains.into_iter().map(Into::into).collect();
        self
    }

    /// Whether `on_after_forgot_password` and `on_after_request_verify` run after the response, whose time then does not reveal
    /// whether the address is known. Default: yes.
    ///
    /// With [`reset_token_follows_email(false)`](Self::reset_token_follows_email) `on_after_forgot_password` always runs after the
    /// answer: its token costs a hash, which unknown addresses do not need.
    #[must_use]
    pub fn notify_in_background(mut self, background: bool) -> Self {
        self.options.notify_in_background = background;
        self
    }

    /// Whether a login's `username` is normalised like an address at registration: surrounding spaces and a display name are
    /// dropped, and its domain is normalised. Text that is not an address is looked up unchanged. Default: yes.
    #[must_use]
    pub fn normalize_username(mut self, normalize: bool) -> Self {
        self.options.normalize_username = normalize;
        self
    }

    /// Whether [events](crate::docs::events) are logged, under the target `users_runtime::events`. The hook
    /// [`on_event`](crate::Hooks::on_event) is called in any case. Default: yes.
    #[must_use]
    pub fn log_events(mut self, log: bool) -> Self {
        self.options.log_events = log;
        self
    }

    /// The maximum number of hooks that run in the background at the same time, at least 1. The default is 64.
    ///
    /// A request that could start one takes its permit before it looks up the user, whether the address is known or not. If no
    /// permit becomes free within a second, because the mail server is slow, the response is 503 with `Retry-After`.
    /// [`Users::drain`](crate::Users::drain) waits for those that run.
    #[must_use]
    pub fn max_background_hooks(mut self, count: u32) -> Self {
        self.options.max_background_hooks = count;
        self
    }

    /// The maximum size of a request body, in bytes; longer ones get 413. The default is 64 KiB, and 16 MiB with
    /// `Compat::FastApiUsers15`.
    ///
    /// If the lengths that the struct allows add up to more, [`build`](Self::build) logs a warning.
    #[must_use]
    pub fn body_limit(mut self, bytes: usize) -> Self {
        self.options.body_limit = bytes;
        self
    }

    /// The maximum number of values in a JSON body, lists and objects included; a body with more gets 400, like a malformed one.
    /// The default is 10,000, also with `Compat::FastApiUsers15`.
    ///
    /// A value takes up to 300 bytes of memory while the body is read, before the client is authenticated.
    #[must_use]
    pub fn json_value_limit(mut self, count: usize) -> Self {
        self.options.json_value_limit = count;
        self
    }

    /// Replaces the transport of a declared backend, e.g. with a cookie with other attributes.
    #[must_use]
    pub fn transport(mut self, backend: impl Into<String>, transport: impl Transport) -> Self {
        self.transports.push((backend.into(), Arc::new(transport)));
        self
    }

    /// Replaces the strategy of a declared backend.
    #[must_use]
    pub fn strategy(mut self, backend: impl Into<String>, strategy: impl Strategy<U>) -> Self {
        self.strategies.push((backend.into(), Arc::new(strategy)));
        self
    }

    /// Adds a backend to those that the struct declares.
    #[must_use]
    pub fn backend(mut self, backend: Backend<U>) -> Self {
        self.backends.push(backend);
        self
    }

    /// Separate keys for access tokens: another algorithm, or old secrets that are still accepted.
    #[must_use]
    pub fn jwt_keys(mut self, keys: JwtKeys) -> Self {
        self.jwt_keys = Some(keys);
        self
    }

    /// Separate keys for password-reset tokens. The default is the system's secret.
    #[must_use]
    pub fn reset_token_keys(mut self, keys: JwtKeys) -> Self {
        self.reset_keys = Some(keys);
        self
    }

    /// Separate keys for verification tokens. The default is the system's secret.
    #[must_use]
    pub fn verify_token_keys(mut self, keys: JwtKeys) -> Self {
        self.verify_keys = Some(keys);
        self
    }

    /// Separate keys for the states of OAuth flows. The default is the system's secret.
    #[must_use]
    pub fn oauth_state_keys(mut self, keys: JwtKeys) -> Self {
        self.state_keys = Some(keys);
        self
    }

    /// Declares a provider: [`Users::router`](crate::Users::router) mounts login with it under `/auth/NAME` and linking under
    /// `/auth/associate/NAME`, where NAME is the provider's. `backend` is the one that logs its users in. Mount
    /// [`Users::oauth_router`](crate::Users::oauth_router) yourself for other prefixes.
    #[cfg(feature = "oauth")]
    #[must_use]
    pub fn oauth(mut self, oauth: OAuth, backend: impl Into<String>) -> Self {
        self.oauth.push((oauth, backend.into()));
        self
    }

    /// Whether OAuth flows are as permissive as in FastAPI Users: a state can be used again and is not bound to its flow, an
    /// OpenID provider need not return an id token, the `Host` header determines the callback, any scope can be requested, the
    /// providers' addresses are stored unchanged, and linking needs no verified address and removes no credentials. PKCE and
    /// nonce are disabled, unless [`OAuth::pkce`](crate::oauth::OAuth::pkce) enables them. The default is no.
    #[must_use]
    pub fn oauth_as_original(mut self, as_original: bool) -> Self {
        self.options.oauth_as_original = as_original;
        self
    }
}
