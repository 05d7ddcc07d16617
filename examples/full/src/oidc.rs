//! Login with, and linking of, accounts at an `OpenID` provider, where the environment names one.

use axum::Router;
use users_runtime::{
    UserModel, Users,
    oauth::{NetworkClient, OAuth, OAuthClient, OAuthSetupError, OpenIdConnect},
    openapi::Api,
    session::SameSite,
};

use crate::config::Oidc as Config;

/// The provider, with the plain options and with every option at its other value.
pub(crate) struct Oidc {
    plain: OAuth,
    strict: OAuth,
}

impl Oidc {
    /// Asks the provider who it is.
    pub(crate) async fn discover(config: &Config) -> Result<Self, Box<dyn std::error::Error>> {
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
        Ok(Self { plain, strict })
    }

    /// The routers.
    pub(crate) fn router<U: UserModel>(&self, users: &Users<U>) -> Result<Router, OAuthSetupError> {
        Ok(Router::new()
            .nest("/auth/oidc", users.oauth_router(self.plain.clone(), "jwt")?)
            .nest(
                "/auth/associate/oidc",
                users.oauth_associate_router(self.plain.clone())?,
            )
            .nest(
                "/strict/auth/oidc",
                users.oauth_router(self.strict.clone(), "cookie")?,
            )
            .nest(
                "/strict/auth/associate/oidc",
                users.oauth_associate_router(self.strict.clone())?,
            ))
    }

    /// The same, described.
    pub(crate) fn describe<'a, U: UserModel>(&self, api: Api<'a, U>) -> Api<'a, U> {
        api.oauth("/auth/oidc", &self.plain, "jwt")
            .oauth_associate("/auth/associate/oidc", &self.plain)
            .oauth("/strict/auth/oidc", &self.strict, "cookie")
            .oauth_associate("/strict/auth/associate/oidc", &self.strict)
    }
}
