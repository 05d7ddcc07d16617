#![doc = include_str!("docs/guide.md")]

#[cfg(all(
    feature = "sea-orm",
    not(any(feature = "sqlite", feature = "postgres"))
))]
compile_error!(
    "the feature `sea-orm` needs `sqlite` or `postgres` beside it: the one whose database the application is on"
);

#[cfg(feature = "conformance")]
pub mod conformance;

#[cfg(feature = "cli")]
pub mod cli;
mod clock;
mod error;
mod error_debug;
mod features;
mod hook_refusal;
pub mod model;
#[cfg(feature = "oauth")]
pub mod oauth;
#[cfg(feature = "openapi")]
pub mod openapi;
pub mod password;
#[cfg(feature = "redis")]
mod redis_connection;
pub mod schema;
mod session;
pub mod store;
pub mod token;
mod users;
mod value;
mod web;
mod wire;

/// Pages of the guide.
pub mod docs {
    #[doc = include_str!("docs/concepts.md")]
    pub mod concepts {}
    #[doc = include_str!("docs/existing-application.md")]
    pub mod existing_application {}
    #[doc = include_str!("docs/configuration.md")]
    pub mod configuration {}
    #[doc = include_str!("docs/databases.md")]
    pub mod databases {}
    #[doc = include_str!("docs/cookbook.md")]
    pub mod cookbook {}
    #[doc = include_str!("docs/cookbook-flows.md")]
    pub mod cookbook_flows {}
    #[doc = include_str!("docs/cookbook-data.md")]
    pub mod cookbook_data {}
    #[doc = include_str!("docs/cookbook-oauth.md")]
    pub mod cookbook_oauth {}
    #[doc = include_str!("docs/cookbook-sessions.md")]
    pub mod cookbook_sessions {}
    #[doc = include_str!("docs/cookbook-requests.md")]
    pub mod cookbook_requests {}
    #[doc = include_str!("docs/cookbook-fitting-in.md")]
    pub mod cookbook_fitting_in {}
    #[doc = include_str!("docs/sessions.md")]
    pub mod sessions {}
    #[doc = include_str!("docs/hooks.md")]
    pub mod hooks {}
    #[doc = include_str!("docs/events.md")]
    pub mod events {}
    #[doc = include_str!("docs/own-tables.md")]
    pub mod own_tables {}
    #[doc = include_str!("docs/security.md")]
    pub mod security {}
    #[doc = include_str!("docs/cross-site.md")]
    pub mod cross_site {}
    #[doc = include_str!("docs/limits.md")]
    pub mod limits {}
    #[doc = include_str!("docs/deployment.md")]
    pub mod deployment {}
    #[doc = include_str!("docs/operators.md")]
    pub mod operators {}
    #[doc = include_str!("docs/coming-from-fastapi-users.md")]
    pub mod coming_from_fastapi_users {}
    #[doc = include_str!("docs/own-store.md")]
    pub mod own_store {}
    #[doc = include_str!("docs/design.md")]
    pub mod design {}
    #[cfg(feature = "swagger-ui")]
    #[doc = include_str!("docs/openapi.md")]
    pub mod openapi {}
}

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;

pub use ::http::request::Parts as RequestParts;
#[cfg(feature = "mongodb")]
pub use ::mongodb::bson::oid::ObjectId;
pub use async_trait::async_trait;
pub use axum::response::Response;

pub use clock::{Clock, SystemClock};
pub use error::Error;
pub use features::cross_site::InvalidOrigin;
pub use features::events::{
    EventCursor, EventPage, StoredEvent,
    event::{Actor, Event, EventKind, LoginFailure},
};
pub use features::limits::client_address::ClientAddresses;
#[cfg(feature = "oauth")]
pub use features::oauth::{OAuthError, UnlinkError};
#[cfg(feature = "oauth")]
pub use features::passwords::PwnedPasswords;
pub use features::passwords::{PasswordPolicy, PasswordProblem};
pub use hook_refusal::HookRefusal;
pub use model::{Account, UserModel};
pub use password::{CredentialsStamp, Password, PasswordHash};
pub use schema::{AsAdmin, NewPassword};
#[cfg(feature = "redis")]
pub use session::strategy::RedisStrategy;
pub use session::{
    Backend, Issued, Login, Owner, Presented, SessionInfo,
    strategy::{
        self, DatabaseStrategy, JwtStrategy, KeptSessions, Refresh, RefreshTokens,
        RevocableJwtStrategy, SessionOptions, SessionStrategy, Strategy, TokenOwner,
    },
    transport::{self, BearerTransport, CookieTransport, Transport},
};
#[cfg(feature = "mongodb")]
pub use store::MongoStore;
#[cfg(feature = "mysql")]
pub use store::MySqlStore;
#[cfg(feature = "postgres")]
pub use store::PostgresStore;
#[cfg(all(feature = "sea-orm", any(feature = "sqlite", feature = "postgres")))]
pub use store::SeaOrmStore;
#[cfg(feature = "sqlite")]
pub use store::SqliteStore;
pub use store::{
    AccessTokenStore, Administration, Expected, Finding, OAuthAccount, OAuthAccountStore, Severity,
    StoreError, UserSearch, UserStore,
};
pub use token::random as random_secret;
pub use users::{
    ActingUser, Authenticated, BuildError, DeleteError, FieldNotSet, LoginContext, NewUser,
    Refused, RegisterError, RegisteredBy, Registration, Requirements, ResetPasswordError, Session,
    UnlockError, UpdateError, Users, UsersBuilder, UsersTransaction, VerifyError,
    hooks::{self, HookError, Hooks, InvalidPassword, NoHooks, PasswordOf},
};
pub use users_macros::UserModel;
pub use value::{
    Column, Field, FieldError, Kind, ListItem, Presence, Role, UserField, UserId, Value, Viewer,
};
pub use web::{
    Active, ActiveSuperuser, ActiveVerified, ActiveVerifiedSuperuser, AnyUser, CurrentUser, Guard,
    ProvidesUsers, Route, SentByUser, Serve, UserBody, UserBodyRejection, serve,
};
pub use wire::{
    compat::Compat,
    cookie_header::SameSite,
    routing::{FastApiRouting, fastapi_routing},
};
