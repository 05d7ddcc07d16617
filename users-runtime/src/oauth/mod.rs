//! Login with accounts at other services, and linking them to users (RFC 6749, RFC 7636, OpenID Connect).
//!
//! An [`OAuthClient`] is an application that is registered at a provider; [`OAuth`] adds how its routes behave; and
//! [`Users::oauth_router`](crate::Users::oauth_router) and
//! [`Users::oauth_associate_router`](crate::Users::oauth_associate_router) make routers of it, to be nested where you like:
//!
//! ```no_run
//! # async fn example(users: users_runtime::Users<User>) -> Result<(), Box<dyn std::error::Error>> {
//! use axum::Router;
//! use users_runtime::oauth::{NetworkClient, OAuth, OAuthClient, OpenIdConnect};
//!
//! let http = NetworkClient::new()?;
//! let provider = OpenIdConnect::discover(&http, "oidc", "https://login.example.com").await?;
//! let oidc = OAuth::new(OAuthClient::new(provider, http, "the client's id", "its secret"));
//! let app: Router = Router::new()
//!     .nest("/auth/oidc", users.oauth_router(oidc.clone(), "jwt")?)
//!     .nest("/auth/associate/oidc", users.oauth_associate_router(oidc)?)
//!     .merge(users.router());
//! # Ok(()) }
//! # #[derive(Clone, users_runtime::UserModel)]
//! # #[fastapi_users(backend(name = "jwt", transport = bearer, strategy = jwt))]
//! # struct User { id: i64, email: String, hashed_password: users_runtime::PasswordHash, is_active: bool, is_superuser: bool, is_verified: bool }
//! ```
//!
//! # What is checked
//!
//! The state that travels through the provider is signed, expires after an hour, and belongs to the browser (a cookie), and
//! outside of the compatibility preset to the provider and the kind of flow; it is checked before anything is asked of the
//! provider, and is used once per process. Where the provider supports it, the code is bound to the browser as well (PKCE with
//! S256). An OpenID provider's id token is verified with the provider's published keys: issuer, audience, lifetime and nonce.

mod client;
mod http;
mod id_token;
mod openid;
mod options;
mod provider;
pub mod providers;
mod state;

pub use client::OAuthClient;
pub use http::{HttpClient, HttpError, NetworkClient, NetworkClientError};
pub use openid::OpenIdConnect;
pub use options::{OAuth, OAuthSetupError};
pub use provider::{ClientAuth, Endpoints, Expectation, OAuthProvider, Profile, ProviderError, ProviderToken, get_json};

pub(crate) use client::Authorization;
pub(crate) use state::{Flow, Proofs, State, StateError, UsedStates};
