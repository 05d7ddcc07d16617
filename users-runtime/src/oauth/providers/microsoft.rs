//! Microsoft.

use async_trait::async_trait;

use super::shared::{Fixed, fixed, provider};
use crate::oauth::{
    Expectation, HttpClient, OAuthProvider, Profile, ProviderError, ProviderToken, get_json,
};

/// Accounts at Microsoft: of organizations (Entra ID), and personal ones.
///
/// - **To register**: an application at <https://entra.microsoft.com>, with the callback as a redirect URI of the platform
///   "Web" and a client secret.
/// - **Scope**: `User.Read`.
/// - **Account id**: the `id` of the [user](https://learn.microsoft.com/en-us/graph/api/user-get) in Microsoft Graph.
/// - **E-mail**: the `userPrincipalName`, which looks like an address and mostly is one; that of a guest is not
///   (`zoe_example.com#EXT#@contoso.onmicrosoft.com`). A tenant's administrators write what they like there, so it counts as
///   unverified: outside of the compatibility preset no account is linked [by it](crate::oauth::OAuth::associate_by_email), and
///   [`trusts_addresses`](crate::oauth::OAuth::trusts_addresses) is an error of `build()`.
#[derive(Clone, Debug)]
pub struct Microsoft {
    fixed: Fixed,
}

provider!(Microsoft: Default);

impl Microsoft {
    /// Accounts of every organization and personal ones (the tenant `common`), named `microsoft`.
    pub fn new() -> Self {
        Self::tenant("common")
    }

    /// Accounts of one tenant, by its id or its domain, or of `organizations` or `consumers`.
    pub fn tenant(tenant: &str) -> Self {
        let endpoint =
            |name: &str| format!("https://login.microsoftonline.com/{tenant}/oauth2/v2.0/{name}");
        Self {
            fixed: Fixed::new(
                "microsoft",
                endpoint("authorize"),
                endpoint("token"),
                &["User.Read"],
            ),
        }
    }
}

#[async_trait]
impl OAuthProvider for Microsoft {
    fixed!();

    fn authorize_params(&self) -> &[(&str, &str)] {
        &[("response_mode", "query")]
    }

    fn supports_pkce(&self) -> bool {
        true
    }

    fn has_unverified_addresses(&self) -> bool {
        true
    }

    async fn profile(
        &self,
        http: &dyn HttpClient,
        token: &ProviderToken,
        _: Expectation<'_>,
    ) -> Result<Profile, ProviderError> {
        let user = get_json(
            http,
            "https://graph.microsoft.com/v1.0/me",
            &token.access_token,
        )
        .await?;
        let profile = Profile::of(user.get("id"), user.get("userPrincipalName"))?;
        Ok(profile
            .verified(Some(false))
            .shown_as(user.get("displayName"), None))
    }
}
