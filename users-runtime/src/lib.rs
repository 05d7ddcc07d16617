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
pub mod clock;
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
pub mod randomness;
#[cfg(feature = "redis")]
mod redis_connection;
pub mod schema;
pub mod session;
pub mod store;
pub mod token;
pub mod users;
pub mod value;
pub mod web;
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
pub use async_trait::async_trait;

pub use error::{Error, HookError};
pub use model::UserModel;
pub use password::{Password, PasswordHash};
pub use session::{
    backend::Backend,
    strategy::{DatabaseStrategy, JwtStrategy},
    transport::{BearerTransport, CookieTransport},
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
pub use token::random as random_secret;
pub use users::{builder::UsersBuilder, hooks::Hooks, system::Users};
pub use users_macros::UserModel;
pub use web::{extract::CurrentUser, serve::serve};
pub use wire::{compat::Compat, routing::fastapi_routing};

/// What [`UsersBuilder::build`] and the methods of [`Users`] return where they fail, beside [`Error`].
pub mod errors {
    pub use crate::{
        features::{cross_site::InvalidOrigin, login::LoginError},
        users::{
            build_error::BuildError,
            errors::{
                DeleteError, RegisterError, ResetPasswordError, UnlockError, UpdateError,
                VerifyError,
            },
            new_user::FieldNotSet,
        },
    };

    #[cfg(feature = "oauth")]
    pub use crate::features::oauth::{OAuthError, UnlinkError};
}

/// What happens to users, as [`Hooks::on_event`] and the log receive it and as the store keeps it. The page
/// [Events](docs::events) lists the events.
pub mod events {
    pub use crate::features::events::{
        EventCursor, EventPage, StoredEvent,
        event::{Actor, Event, EventKind, LoginFailure},
    };
}

/// Which users a handler accepts: the second parameter of [`CurrentUser`].
pub mod guards {
    pub use crate::{
        users::current::{Refused, Requirements},
        web::extract::{
            Active, ActiveSuperuser, ActiveVerified, ActiveVerifiedSuperuser, AnyUser, Guard,
        },
    };
}

/// What the methods of [`Hooks`] receive and return.
pub mod hooks {
    pub use crate::{
        hook_refusal::HookRefusal,
        users::{
            hooks::{InvalidPassword, NoHooks, PasswordOf},
            registration::{LoginContext, RegisteredBy, Registration},
        },
    };
}

/// Logins of the application's own routes: [`Users::log_in`].
pub mod login {
    pub use crate::features::login::{LoggedIn, LoginAttempt};
}

/// Users who belong to tenants: the page [Data](docs::cookbook_data) describes them.
pub mod tenants {
    pub use crate::{features::tenants::TenantResolver, model::TenantModel};
}

/// The requirements for new passwords.
pub mod password_policy {
    #[cfg(feature = "oauth")]
    pub use crate::features::passwords::PwnedPasswords;
    pub use crate::features::passwords::{PasswordPolicy, PasswordProblem};
}
