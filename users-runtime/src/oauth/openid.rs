//! OpenID Connect by discovery.

use async_trait::async_trait;
use axum::body::Bytes;
use http::{Method, Request};
use serde_json::Value;

use super::{
    ClientAuth, Endpoints, Expectation, HttpClient, OAuthProvider, Profile, ProviderError,
    ProviderToken, get_json,
    id_token::{IdTokens, Keys},
    provider::call,
};

/// A provider that tells everything about itself (OpenID Connect Discovery 1.0).
///
/// Accounts are known by the claim `sub`, addresses are those of the claim `email` at the user-info endpoint.
pub struct OpenIdConnect {
    name: String,
    endpoints: Endpoints,
    user_info: String,
    scopes: Vec<&'static str>,
    has_pkce: bool,
    /// Whether it names itself in what browsers bring back.
    names_itself: bool,
    id_tokens: IdTokens,
    issuer: String,
}

impl OpenIdConnect {
    /// Asks the provider at `issuer` (an `https` URL without the `/.well-known/…`) where its endpoints are.
    ///
    /// # Errors
    ///
    /// When it cannot be reached, or its answer names another issuer or lacks an endpoint.
    pub async fn discover(
        http: &dyn HttpClient,
        name: impl Into<String>,
        issuer: &str,
    ) -> Result<Self, ProviderError> {
        let issuer = issuer.trim_end_matches('/');
        let url = format!("{issuer}/.well-known/openid-configuration");
        let request = Request::builder().method(Method::GET).uri(url);
        let found = call(http, request, Bytes::new()).await?;
        Self::of(name.into(), issuer, &found)
    }

    /// Stores accounts under another name.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    fn of(name: String, issuer: &str, found: &Value) -> Result<Self, ProviderError> {
        let text = |name: &str| found.get(name).and_then(Value::as_str).map(str::to_owned);
        // Every provider names its issuer; where one does not, its address is what its id tokens must name.
        let told = text("issuer").unwrap_or_else(|| issuer.to_owned());
        if told.trim_end_matches('/') != issuer {
            return Err(ProviderError::Answer("it names another issuer"));
        }
        let endpoint = |name: &str| text(name).ok_or(ProviderError::Answer("it lacks an endpoint"));
        let endpoints = Endpoints {
            authorize: endpoint("authorization_endpoint")?,
            token: endpoint("token_endpoint")?,
            auth: auth(found)?,
        };
        let methods = found
            .get("code_challenge_methods_supported")
            .and_then(Value::as_array);
        let has_pkce = methods.is_some_and(|methods| methods.iter().any(|method| method == "S256"));
        Ok(Self {
            name,
            endpoints,
            user_info: endpoint("userinfo_endpoint")?,
            scopes: vec!["openid", "email"],
            has_pkce,
            names_itself: found.get("authorization_response_iss_parameter_supported")
                == Some(&Value::Bool(true)),
            issuer: told.clone(),
            id_tokens: IdTokens::new(told, text("jwks_uri").map_or(Keys::None, Keys::At)),
        })
    }
}

/// The first way to prove itself that both sides know, as the provider lists them; without a list it is the header.
fn auth(found: &Value) -> Result<ClientAuth, ProviderError> {
    let Some(methods) = found
        .get("token_endpoint_auth_methods_supported")
        .and_then(Value::as_array)
    else {
        return Ok(ClientAuth::Basic);
    };
    let known = methods.iter().find_map(|method| match method.as_str() {
        Some("client_secret_basic") => Some(ClientAuth::Basic),
        Some("client_secret_post") => Some(ClientAuth::Body),
        _ => None,
    });
    known.ok_or(ProviderError::Answer("it takes no client secrets"))
}

#[async_trait]
impl OAuthProvider for OpenIdConnect {
    fn name(&self) -> &str {
        &self.name
    }

    fn endpoints(&self) -> &Endpoints {
        &self.endpoints
    }

    fn base_scopes(&self) -> &[&str] {
        &self.scopes
    }

    fn supports_pkce(&self) -> bool {
        self.has_pkce
    }

    fn supports_nonce(&self) -> bool {
        true
    }

    fn issuer_in_answers(&self) -> Option<&str> {
        self.names_itself.then_some(&*self.issuer)
    }

    async fn profile(
        &self,
        http: &dyn HttpClient,
        token: &ProviderToken,
        expected: Expectation<'_>,
    ) -> Result<Profile, ProviderError> {
        let proven = self.id_tokens.verify(http, token, expected).await?;
        let claims = get_json(http, &self.user_info, &token.access_token).await?;
        profile_about(&claims, proven.as_deref())
    }
}

/// What a user-info endpoint says about whom the id token is about.
pub(super) fn profile_about(
    claims: &Value,
    proven: Option<&str>,
) -> Result<Profile, ProviderError> {
    // OpenID Connect Core 1.0, 5.3.2: an answer about somebody else must not be used.
    if proven.is_some_and(|proven| claims.get("sub").and_then(Value::as_str) != Some(proven)) {
        return Err(ProviderError::Answer(
            "it is about somebody else than its id token",
        ));
    }
    profile_of(claims)
}

/// What the standard claims say.
pub(super) fn profile_of(claims: &Value) -> Result<Profile, ProviderError> {
    let verified = match claims.get("email_verified") {
        Some(Value::Bool(verified)) => Some(*verified),
        Some(Value::String(verified)) => Some(verified == "true"),
        _ => None,
    };
    Ok(Profile::of(claims.get("sub"), claims.get("email"))?.verified(verified))
}
