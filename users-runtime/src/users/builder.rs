//! Putting a user system together.

use std::{sync::Arc, time::Duration};

use super::{BuildError, background::BackgroundHooks, longest_body::warn_of_long_fields};
#[cfg(feature = "oauth")]
use crate::oauth::OAuth;
use crate::{
    clock::{Clock, SystemClock},
    features::{events::StoredEvents, limits::limiter::LimitOptions, passwords::PasswordPolicy},
    model::UserModel,
    password::{PasswordHasher, PasswordsConfig, Peppers},
    session::{
        Backend,
        strategy::{SessionOptions, Strategy},
        transport::Transport,
    },
    store::UserStore,
    token::JwtKeys,
    users::{
        assembly,
        hooks::{Hooks, NoHooks},
        options::Options,
        system::{Inner, Users},
        watch::WatchedUsers,
    },
    wire::compat::Compat,
};

/// Puts a [`Users`] together: the store and the secret at first, everything else has a default.
pub struct UsersBuilder<U: UserModel> {
    pub(crate) store: Arc<dyn UserStore<U>>,
    pub(crate) secret: Vec<u8>,
    pub(crate) options: Options,
    pub(crate) email_domains: Vec<String>,
    pub(crate) trusted_origins: Vec<String>,
    pub(crate) base_url: Option<String>,
    hooks: Arc<dyn Hooks<U>>,
    pub(crate) has_hooks: bool,
    pub(crate) hasher: Option<Arc<dyn PasswordHasher>>,
    pub(crate) hashing: PasswordsConfig,
    pub(crate) peppers: Peppers,
    pub(crate) password_policy: Option<PasswordPolicy>,
    pub(crate) transports: Vec<(String, Arc<dyn Transport>)>,
    pub(crate) strategies: Vec<(String, Arc<dyn Strategy<U>>)>,
    pub(crate) backends: Vec<Backend<U>>,
    pub(crate) sessions: SessionOptions,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) limits: LimitOptions,
    pub(crate) jwt_keys: Option<JwtKeys>,
    pub(crate) reset_keys: Option<JwtKeys>,
    pub(crate) verify_keys: Option<JwtKeys>,
    pub(crate) state_keys: Option<JwtKeys>,
    #[cfg(feature = "oauth")]
    oauth: Vec<(OAuth, String)>,
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
            clock: Arc::new(SystemClock),
            limits: LimitOptions::default(),
            jwt_keys: None,
            reset_keys: None,
            verify_keys: None,
            state_keys: None,
            #[cfg(feature = "oauth")]
            oauth: Vec::new(),
        }
    }

    /// Whose behaviour the system has where ours and FastAPI Users' differ. It presets all of these options at once.
    ///
    /// Call it before the methods that set one of them, which it would undo (`revoke_sessions`, `hash_access_tokens`,
    /// `accept_clear_tokens`, `logout_presented_session`, `reset_token_follows_email`, `own_email_in_other_case`, `notify_in_background`,
    /// `normalize_username`, `normalize_passwords`, `log_events`, `oauth_as_original`, `cross_site_protection`, `same_site_requests`, `body_limit`, `json_value_limit`,
    /// `uniform_registration`, `host_prefix_cookies`, `superusers_set_passwords`, `max_background_hooks`). Lifetimes stay as they are.
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

    /// What the application adds to the life of a user. The default adds nothing.
    #[must_use]
    pub fn hooks(mut self, hooks: impl Hooks<U>) -> Self {
        self.hooks = Arc::new(hooks);
        self.has_hooks = true;
        self
    }

    /// How long the access tokens of declared backends are good, and how long browsers keep their cookies; `None` for ever, and
    /// until the browser is closed. The default is one hour.
    ///
    /// Strategies and transports that the builder is given ([`strategy`](Self::strategy), [`transport`](Self::transport),
    /// [`backend`](Self::backend)) keep their own.
    #[must_use]
    pub fn access_token_lifetime(mut self, lifetime: impl Into<Option<Duration>>) -> Self {
        self.options.access_token_lifetime = lifetime.into();
        self
    }

    /// How long a password-reset token is good. The default is one hour.
    #[must_use]
    pub fn reset_token_lifetime(mut self, lifetime: Duration) -> Self {
        self.options.reset_token_lifetime = lifetime;
        self
    }

    /// How long a verification token is good. The default is one hour.
    #[must_use]
    pub fn verify_token_lifetime(mut self, lifetime: Duration) -> Self {
        self.options.verify_token_lifetime = lifetime;
        self
    }

    /// How long the sessions of declared backends last, and what is kept of them.
    #[must_use]
    pub fn sessions(mut self, options: SessionOptions) -> Self {
        self.sessions = options;
        self
    }

    /// The clock. The default is the system's clock; tests can set their own.
    #[must_use]
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Arc::new(clock);
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

    /// Whether access tokens that the table holds in clear are accepted beside hashed ones, as after a time in which FastAPI Users
    /// or [`hash_access_tokens(false)`](Self::hash_access_tokens) wrote them. The clear token is then an argument of every
    /// look-up, so a database that logs the arguments of its statements logs it. Default: no. Where tokens are stored in clear,
    /// both forms are read whatever is said here.
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

    /// Whether reset tokens die with a change of the address and survive a transparent re-hash. Default: yes.
    #[must_use]
    pub fn reset_token_follows_email(mut self, follows: bool) -> Self {
        self.options.reset_token_follows_email = follows;
        self
    }

    /// Whether users may write their own address in other capitals. Default: yes.
    #[must_use]
    pub fn own_email_in_other_case(mut self, accept: bool) -> Self {
        self.options.own_email_in_other_case = accept;
        self
    }

    /// Whether a session ends when the user's password changes, whatever waited in between: tokens carry the
    /// [stamp](crate::CredentialsStamp) of the credentials that they were issued on, JSON web tokens in the claim `ver`. Only the session
    /// that changed the password stays, unless it is a JSON web token. Default: yes.
    #[must_use]
    pub fn credentials_stamp(mut self, stamp: bool) -> Self {
        self.options.credentials_stamp = stamp;
        self
    }

    /// Whether the audience of tokens names the users' table, such as `fastapi-users:auth:staff`, for every table but `user`, so
    /// that two user types with one secret do not accept each other's tokens. Default: yes.
    #[must_use]
    pub fn table_audiences(mut self, audiences: bool) -> Self {
        self.options.table_audiences = audiences;
        self
    }

    /// Also accepts e-mail addresses at these domains and their subdomains, although no mail on the internet is sent there: the
    /// special-use ones (`local`, `localhost`, `test`, `invalid`, `onion`, `arpa`), names without a period such as `intranet`,
    /// and others whose last part is no top-level domain. It holds for registration, updates, the letters that users ask for,
    /// the command line and OAuth. Default: none. What is stored is shown in any case.
    ///
    /// `["local"]` accepts `jo@corp.local`, `["corp.local"]` does so, too, but not `jo@other.local`.
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

    /// Whether a login's `username` is normalised as an address is at the registration: blanks around it and a display name are
    /// dropped, its domain is written in one way. Text that is no address is looked up as it came. Default: yes.
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

    /// How many hooks may run after their answers at once, at least 1. The default is 64.
    ///
    /// A request that could start one takes its permit before it looks for the user, whether the address is known or not. Where no
    /// permit comes free within a second, because the mail server is slow, the answer is 503 with `Retry-After`.
    /// [`Users::drain`] waits for those that run.
    #[must_use]
    pub fn max_background_hooks(mut self, count: u32) -> Self {
        self.options.max_background_hooks = count;
        self
    }

    /// The longest request body, in bytes; longer ones are answered 413. The default is 64 KiB, and 16 MiB with
    /// `Compat::FastApiUsers15`.
    ///
    /// Where the lengths that the struct allows add up to more, [`build`](Self::build) logs a warning.
    #[must_use]
    pub fn body_limit(mut self, bytes: usize) -> Self {
        self.options.body_limit = bytes;
        self
    }

    /// How many values a JSON body may have, lists and objects included; a body with more is answered 400, as a broken one. The
    /// default is 10,000, with `Compat::FastApiUsers15`, too.
    ///
    /// A value takes up to 300 bytes of memory while the body is read, before anybody is authenticated.
    #[must_use]
    pub fn json_value_limit(mut self, count: usize) -> Self {
        self.options.json_value_limit = count;
        self
    }

    /// Replaces the transport of a declared backend, e.g. by a cookie with other attributes.
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

    /// Keys of their own for access tokens: another algorithm, or former secrets that are still accepted.
    #[must_use]
    pub fn jwt_keys(mut self, keys: JwtKeys) -> Self {
        self.jwt_keys = Some(keys);
        self
    }

    /// Keys of their own for password-reset tokens. The default is the system's secret.
    #[must_use]
    pub fn reset_token_keys(mut self, keys: JwtKeys) -> Self {
        self.reset_keys = Some(keys);
        self
    }

    /// Keys of their own for verification tokens. The default is the system's secret.
    #[must_use]
    pub fn verify_token_keys(mut self, keys: JwtKeys) -> Self {
        self.verify_keys = Some(keys);
        self
    }

    /// Keys of their own for the states of OAuth flows. The default is the system's secret.
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

    /// Whether OAuth flows are as lax as the original's: a state can be used again and is not bound to its flow, an OpenID
    /// provider need not hand out an id token, the `Host` header decides about the callback, any scope can be asked for, the
    /// providers' addresses are stored as they come, and linking needs no proven address and voids nothing. PKCE and nonce are
    /// off, unless [`OAuth::pkce`](crate::oauth::OAuth::pkce) switches them on. The default is no.
    #[must_use]
    pub fn oauth_as_original(mut self, as_original: bool) -> Self {
        self.options.oauth_as_original = as_original;
        self
    }

    /// Builds the system.
    ///
    /// # Errors
    ///
    /// Every mistake of the configuration that the compiler could not see.
    pub fn build(mut self) -> Result<Users<U>, BuildError> {
        self.check_secure()?;
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
        if U::CONFIG.events.is_some() && self.store.records().is_none() {
            return Err(BuildError::NoEvents);
        }
        let limiter = self.limiter(&keys)?;
        warn_of_long_fields::<U>(&self.options);
        // The original's tokens have no other end either.
        if self.options.revoke_sessions {
            assembly::mention_irrevocable(&backends);
        }
        let passwords = self.passwords()?;
        let inner = Inner {
            store: self.store,
            hooks: self.hooks,
            passwords,
            limiter,
            backends,
            reset_keys: self.reset_keys.unwrap_or_else(|| keys.clone()),
            verify_keys: self.verify_keys.unwrap_or_else(|| keys.clone()),
            state_keys: self.state_keys.unwrap_or(keys),
            watched: WatchedUsers::default(),
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
        };
        #[cfg(feature = "oauth")]
        assembly::check_oauth(&users)?;
        Ok(users)
    }
}
