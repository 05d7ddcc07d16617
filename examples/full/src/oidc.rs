//! Login with, and linking of, accounts at an `OpenID` provider, where the environment names one.

use axum::Router;
use users_runtime::{
    SameSite, UserModel, Users,
    oauth::{NetworkClient, OAuth, OAuthClient, OpenIdConnect},
};

use crate::config::Oidc;

/// The plain routers, and those with every option at its other value.
pub(crate) async fn router<U: UserModel>(users: &Users<U>, config: &Oidc) -> Result<Router, Box<dyn std::error::Error>> {
    let http = NetworkClient::new()?;
    let provider = OpenIdConnect::discover(&http, "oidc", &config.issuer).await?;
    let client = OAuthClient::new(provider, http, &*config.client_id, &*config.client_secret);
    let plain = OAuth::new(client.clone());
    let strict = OAuth::new(client)
        .redirect_url(&*config.redirect_url)
        .associate_by_email(true)
        .is_verified_by_default(true)
        .requires_verification(true)
        .csrf_cookie_name("strictcsrf")
        .csrf_cookie_path("/strict")
        .csrf_cookie_secure(false)
        .csrf_cookie_http_only(false)
        .csrf_cookie_same_site(SameSite::Strict);
    Ok(Router::new()
        .nest("/auth/oidc", users.oauth_router(plain.clone(), "jwt")?)
        .nest("/auth/associate/oidc", users.oauth_associate_router(plain)?)
        .nest("/strict/auth/oidc", users.oauth_router(strict.clone(), "cookie")?)
        .nest("/strict/auth/associate/oidc", users.oauth_associate_router(strict)?))
}
