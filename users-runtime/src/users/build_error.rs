//! What can be wrong with a configuration.

use crate::{
    features::cross_site::InvalidOrigin,
    password::InvalidPepper,
    session::{strategy::StrategyError, transport::TransportError},
    token::WeakSecret,
};

/// Why a user system cannot be built.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// The secret is empty, or too short to sign with HS256 (RFC 7518, section 3.2): at least 32 bytes are required.
    #[error("{0}; generate one, for example with `openssl rand -hex 32`")]
    WeakSecret(#[from] WeakSecret),
    /// A release build has a predictable source of random bytes, with which attackers could guess tokens.
    #[error("`predictable_randomness` is for tests: remove it, or build with debug assertions")]
    PredictableRandomness,
    /// Two backends have the same name.
    #[error("two backends are named `{0}`: give each backend a name of its own")]
    DuplicateBackend(String),
    /// Two backends have the same path prefix.
    #[error("two backends are mounted under `{0}`: give each backend a prefix of its own")]
    DuplicatePrefix(String),
    /// A declared backend needs a strategy that only the application can provide.
    #[error(
        "the backend `{0}` declares a strategy that the builder must be given: call `.strategy(\"{0}\", …)`"
    )]
    MissingStrategy(String),
    /// A declared backend lacks the transport that only the application can give.
    #[error(
        "the backend `{0}` declares `transport = custom`, which the builder must be given: call `.transport(\"{0}\", …)`"
    )]
    MissingTransport(String),
    /// The builder has a transport or strategy for a backend that is not declared.
    #[error(
        "there is no backend named `{0}`: declare it on the struct, or add it with `.backend(…)`"
    )]
    UnknownBackend(String),
    /// A backend needs a store that supports access tokens.
    #[error(
        "the backend `{0}` uses the database strategy, but the store holds no access tokens: use one whose `access_tokens()` \
         gives some, or call `.strategy(\"{0}\", …)` with another strategy"
    )]
    NoAccessTokens(String),
    /// A backend needs a store that supports sessions.
    #[error(
        "the backend `{0}` keeps sessions, but the store holds none: use one whose `records()` gives some, or call \
         `.strategy(\"{0}\", …)` with another strategy"
    )]
    NoSessions(String),
    /// Revocable tokens need a store that supports declared tables.
    #[error(
        "the backend `{0}` is declared `revocable`, but the store holds no epochs: use one whose `records()` gives some, or \
         remove `revocable`"
    )]
    NoEpochs(String),
    /// Stored events need a store that supports declared tables.
    #[error(
        "the struct declares `events`, but the store holds none: use one whose `records()` gives some, or remove `events`"
    )]
    NoEvents,
    /// The function of a computed field needs a state that the builder was not given.
    #[error(
        "the computed field `{field}` needs a state of the type `{state}`: call `.state(…)` with one"
    )]
    MissingState {
        /// The field.
        field: &'static str,
        /// The type, as the compiler names it.
        state: &'static str,
    },
    /// A field is declared `array`, and the store's database has no arrays.
    #[error(
        "the field `{0}` is declared `array`, which the store cannot hold: use PostgreSQL, or remove `array`, so that the list is \
         stored as JSON"
    )]
    NoArrays(&'static str),
    /// A transport's options are invalid.
    #[error("the transport of the backend `{backend}` cannot work: {reason}")]
    InvalidTransport {
        /// The backend.
        backend: String,
        /// Why not.
        reason: TransportError,
    },
    /// A strategy's options are invalid, such as a JSON web token's secret that is short or easy to guess.
    #[error("the strategy of the backend `{backend}` cannot work: {reason}")]
    InvalidStrategy {
        /// The backend.
        backend: String,
        /// Why not.
        reason: StrategyError,
    },
    /// A backend's path prefix, or the name that becomes part of it, is not a plain path.
    #[error(
        "the prefix `{0}` is not a plain path: it must start with `/`, not end with one, have no empty segment, and consist of \
         ASCII letters, digits, `-`, `_`, `.` and `~`; `.prefix(…)` sets another"
    )]
    InvalidPrefix(String),
    /// A domain of `allow_special_use_domains` is invalid.
    #[error(
        "`{domain}` is not a valid e-mail domain: {reason} Write it without `@`, as in `corp.local`"
    )]
    InvalidEmailDomain {
        /// The domain as it was given.
        domain: String,
        /// Why not.
        reason: String,
    },
    /// An origin of `trusted_origins` is invalid.
    #[error("`{origin}` is not a valid origin: {reason}")]
    InvalidOrigin {
        /// The text as it was given.
        origin: String,
        /// Why not.
        reason: InvalidOrigin,
    },
    /// The URL of `base_url` is not absolute.
    #[error("`{url}` is not a valid base URL: {reason}")]
    InvalidBaseUrl {
        /// The text as it was given.
        url: String,
        /// Why not.
        reason: InvalidOrigin,
    },
    /// Text that [`limit`](crate::UsersBuilder::limit) received is not a valid list of rules, or its route has no limits.
    #[error("the limits of the route `{route:?}` cannot be used: {reason}")]
    InvalidLimit {
        /// The route.
        route: crate::web::Route,
        /// Why not.
        reason: String,
    },
    /// A proxy of `client_addresses` is neither an address nor a network.
    #[error(
        "`{0}` is not a valid proxy: write an address such as `127.0.0.1`, a network such as `10.0.0.0/8`, or `unix` for Unix sockets"
    )]
    InvalidProxy(String),
    /// The struct declares `secure`, and the builder has the preset of FastAPI Users.
    #[error(
        "`secure` and `Compat::FastApiUsers15` contradict each other: remove `secure` from the struct, or the call of `.compat(…)`"
    )]
    SecureAndCompatible,
    /// The struct declares `secure`, and the source of client addresses is not configured.
    #[error(
        "`secure` needs the addresses of clients: call `.client_addresses(ClientAddresses::peer())`, or name your proxies"
    )]
    NoClientAddresses,
    /// The struct declares `secure`, and there are no hooks, which send the e-mails.
    #[error(
        "`secure` needs hooks that send letters: call `.hooks(…)` with `on_after_request_verify`, `on_after_forgot_password` and \
         `on_register_taken`"
    )]
    NoHooks,
    /// The struct declares `secure` and not `oauth`, and users log in with a provider.
    #[error(
        "`secure` needs used OAuth states to be stored, so that a state is used once in all processes: add `oauth` to the struct"
    )]
    NoStoredStates,
    /// The struct declares `secure`, and a backend has JSON web tokens that a logout cannot end.
    #[error(
        "with `secure`, the backend `{0}` needs `refresh`, since a logout cannot end its tokens otherwise: add `refresh`, or call \
         `.strategy(\"{0}\", …)`"
    )]
    PlainJwt(String),
    /// Users belong to tenants, and the builder does not say to which one a request belongs.
    #[error(
        "users belong to tenants: call `.tenant(|request: &RequestParts| …)`, which returns the tenant of a request"
    )]
    NoTenantResolver,
    /// Users belong to tenants, and the store cannot find users by tenant.
    #[error(
        "users belong to tenants, but the store finds none by tenant: implement `UserStore::tenants`, or use a store of this crate"
    )]
    NoTenantStore,
    /// Users belong to tenants, and the builder has the preset of FastAPI Users, which has none.
    #[error(
        "`tenant` and `Compat::FastApiUsers15` contradict each other: remove `tenant` from the struct, or the call of `.compat(…)`"
    )]
    TenantsAndCompatible,
    /// A pepper cannot be used.
    #[error("the pepper `{id}` cannot be used: {reason}")]
    InvalidPepper {
        /// The pepper's id.
        id: String,
        /// Why not.
        reason: InvalidPepper,
    },
    /// Two providers have the same name.
    #[cfg(feature = "oauth")]
    #[error("two providers are named `{0}`: give one another name with its `.named(…)`")]
    DuplicateProvider(String),
    /// A provider's name cannot be part of a path.
    #[cfg(feature = "oauth")]
    #[error(
        "`{0}` cannot be part of a path: name the provider with ASCII letters, digits, `-` and `_`"
    )]
    InvalidProvider(String),
    /// A provider's routes cannot be built.
    #[cfg(feature = "oauth")]
    #[error("the routes of the provider `{provider}` cannot be made: {reason}")]
    OAuth {
        /// The provider.
        provider: String,
        /// Why not.
        reason: crate::oauth::OAuthSetupError,
    },
}

crate::error_debug::debug_as_sentence!(BuildError);
