//! Social login, and linking accounts at other services to users (RFC 6749, RFC 7636, OpenID Connect).
//!
//! An [`OAuthClient`] is an application that is registered at a provider, and [`OAuth`] adds how its routes behave. Given to the
//! builder ([`UsersBuilder::oauth`](crate::UsersBuilder::oauth)) with the backend that logs its users in, its routes are part of
//! `Users::router`, under `/auth/NAME` and `/auth/associate/NAME`. Or make routers of it, to be nested where you like:
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
//! # Providers
//! Use [`OpenIdConnect`] for providers with OpenID Connect, and implement [`OAuthProvider`] for others. The following are
//! included, with the names, account ids and addresses that FastAPI Users stores:
//!
//! | Provider | Name | Account id | E-mail | Verified? | PKCE |
//! |---|---|---|---|---|---|
//! | [`Apple`](providers::Apple) | `apple` | `sub` | `email` | reported | |
//! | [`Discord`](providers::Discord) | `discord` | `id` | `email`, only if verified | reported | yes |
//! | [`Facebook`](providers::Facebook) | `facebook` | `id` | `email` | | |
//! | [`FranceConnect`](providers::FranceConnect) | `franceconnect` | `sub` | `email` | | |
//! | [`GitHub`](providers::GitHub) | `github` | `id` | the public one, or else the primary | reported for the primary | yes |
//! | [`Google`](providers::Google) | `google` | `resourceName` | the primary | reported | yes |
//! | [`Kakao`](providers::Kakao) | `kakao` | `id` | `kakao_account.email` | reported | |
//! | [`LinkedIn`](providers::LinkedIn) | `linkedin` | `id`, or `sub` | the first, or `email` | reported by OpenID | |
//! | [`Microsoft`](providers::Microsoft) | `microsoft` | `id` | `userPrincipalName` | | yes |
//! | [`Naver`](providers::Naver) | `naver` | `response.id` | `response.email` | | |
//! | [`Okta`](providers::Okta) | `okta` | `sub` | `email` | reported | if it declares it |
//! | [`Reddit`](providers::Reddit) | `reddit` | `name` | none | | |
//! | [`Shopify`](providers::Shopify) | `shopify` | `shop.id` | `shop.email` | | |
//!
//! # What is checked
//!
//! The state that is sent through the provider is signed, expires after an hour, and belongs to the browser (a cookie); it is
//! checked before the provider is contacted. Outside of the compatibility preset it also belongs to the provider and the kind of
//! flow, and can be used once per process; where the provider supports it, the code is bound to the login (PKCE with S256,
//! [`OAuth::pkce`]), and so is an OpenID provider's id token (nonce). An id token is verified with the provider's published keys:
//! issuer, audience and lifetime. A provider that is unavailable does not delay the start: it is contacted again at the next
//! login, by one login at a time.

mod claims;
mod client;
mod discovery;
mod fetching;
mod http;
#[cfg(test)]
mod http_tests;
mod id_token;
mod jws;
mod openid;
#[cfg(test)]
mod openid_fake;
#[cfg(test)]
mod openid_profile_tests;
#[cfg(test)]
mod openid_tests;
mod options;
mod provider;
pub mod providers;
mod setup;
mod state;
mod url;

pub use client::OAuthClient;
pub use http::{HttpClient, HttpError, NetworkClient, NetworkClientError};
pub use jws::SigningAlgorithm;
pub use openid::OpenIdConnect;
pub use options::{OAuth, OAuthSetupError};
pub use provider::{
    ClientAuth, Endpoints, Expectation, OAuthProvider, Profile, ProviderError, ProviderToken,
    get_json,
};

pub(crate) use client::Authorization;
pub(crate) use state::{
    Flow, LIFETIME as STATE_LIFETIME, Next, Proofs, SignedState, State, StateError, UsedStates,
};
pub(crate) use url::is_loopback;
