//! FranceConnect.

use async_trait::async_trait;

use super::shared::{Fixed, fixed, provider};
use crate::oauth::{
    Expectation, HttpClient, OAuthProvider, Profile, ProviderError, ProviderToken,
    claims::profile_about, get_json, id_token::brought_by_tls,
};

/// Accounts of the French state's identity service, by version 1 of its API, which is the one FastAPI Users asks.
///
/// - **To register**: a service at <https://partenaires.franceconnect.gouv.fr>, with the callback as a callback URL.
/// - **Scopes**: `openid` and `email`.
/// - **Account id**: the claim `sub` of the
///   [user info](https://partenaires.franceconnect.gouv.fr/fcp/fournisseur-service), which is another one for every service.
/// - **E-mail**: the claim `email`, which the user has entered at one of many services. FranceConnect does not say whether it is
///   verified.
///
/// FranceConnect insists on a nonce, so it gets one in the compatibility preset, too. It signs id tokens with the client's
/// secret; they come over TLS from itself, and are checked for audience, lifetime and nonce.
#[derive(Clone, Debug)]
pub struct FranceConnect {
    fixed: Fixed,
    user_info: String,
}

provider!(FranceConnect: Default);

impl FranceConnect {
    /// The service for citizens, named `franceconnect`.
    pub fn new() -> Self {
        Self::at("https://app.franceconnect.gouv.fr/api/v1")
    }

    /// The service for tests with invented citizens, named `franceconnect`.
    pub fn integration() -> Self {
        Self::at("https://fcp.integ01.dev-franceconnect.fr/api/v1")
    }

    fn at(api: &str) -> Self {
        let fixed = Fixed::new(
            "franceconnect",
            format!("{api}/authorize"),
            format!("{api}/token"),
            &["openid", "email"],
        );
        Self {
            fixed,
            user_info: format!("{api}/userinfo"),
        }
    }
}

#[async_trait]
impl OAuthProvider for FranceConnect {
    fixed!();

    fn supports_nonce(&self) -> bool {
        true
    }

    fn requires_nonce(&self) -> bool {
        true
    }

    async fn profile(
        &self,
        http: &dyn HttpClient,
        token: &ProviderToken,
        expected: Expectation<'_>,
    ) -> Result<Profile, ProviderError> {
        let proven = brought_by_tls(token, expected)?;
        let claims = get_json(http, &self.user_info, &token.access_token).await?;
        profile_about(&claims, proven.as_deref())
    }
}
