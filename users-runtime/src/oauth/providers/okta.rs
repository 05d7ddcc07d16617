//! Okta.

use async_trait::async_trait;

use crate::oauth::{
    Endpoints, Expectation, HttpClient, OAuthProvider, OpenIdConnect, Profile, ProviderError,
    ProviderToken,
};

/// Accounts of an organization at Okta, by OpenID Connect.
///
/// - **To register**: an OIDC web application in the organization's admin console, with the callback as a sign-in redirect URI.
/// - **Scopes**: `openid` and `email`.
/// - **Account id**: the claim `sub` of the [user info](https://developer.okta.com/docs/api/openapi/okta-oauth/oauth/tag/OrgAS/).
/// - **E-mail**: the claim `email`, with `email_verified`.
pub struct Okta {
    openid: OpenIdConnect,
}

impl Okta {
    /// The organization at this domain, such as `dev-123456.okta.com`, named `okta`. It is asked where its endpoints are at the first
    /// login; see [`OpenIdConnect::new`].
    pub fn new(domain: &str) -> Self {
        let openid = OpenIdConnect::new("okta", &format!("https://{domain}"));
        Self { openid }
    }

    /// The same, asked now.
    ///
    /// # Errors
    ///
    /// See [`OpenIdConnect::discover`].
    pub async fn discover(http: &dyn HttpClient, domain: &str) -> Result<Self, ProviderError> {
        let openid = OpenIdConnect::discover(http, "okta", &format!("https://{domain}")).await?;
        Ok(Self { openid })
    }

    /// Stores accounts under another name, as for a second organization.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.openid = self.openid.named(name);
        self
    }
}

#[async_trait]
impl OAuthProvider for Okta {
    fn name(&self) -> &str {
        self.openid.name()
    }

    fn endpoints(&self) -> &Endpoints {
        self.openid.endpoints()
    }

    fn base_scopes(&self) -> &[&str] {
        self.openid.base_scopes()
    }

    fn authorize_params(&self) -> &[(&str, &str)] {
        self.openid.authorize_params()
    }

    fn supports_pkce(&self) -> bool {
        self.openid.supports_pkce()
    }

    fn supports_nonce(&self) -> bool {
        self.openid.supports_nonce()
    }

    fn requires_nonce(&self) -> bool {
        self.openid.requires_nonce()
    }

    fn issuer_in_answers(&self) -> Option<&str> {
        self.openid.issuer_in_answers()
    }

    fn known_issuer(&self) -> Option<&str> {
        self.openid.known_issuer()
    }

    fn check(&self, strict: bool) -> Result<(), ProviderError> {
        self.openid.check(strict)
    }

    async fn prepare(&self, http: &dyn HttpClient, strict: bool) -> Result<(), ProviderError> {
        self.openid.prepare(http, strict).await
    }

    fn has_unverified_addresses(&self) -> bool {
        self.openid.has_unverified_addresses()
    }

    async fn profile(
        &self,
        http: &dyn HttpClient,
        token: &ProviderToken,
        expected: Expectation<'_>,
    ) -> Result<Profile, ProviderError> {
        self.openid.profile(http, token, expected).await
    }
}
