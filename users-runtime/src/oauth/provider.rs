//! The trait of providers.

use std::fmt;

use async_trait::async_trait;
use axum::body::Bytes;
use http::{HeaderValue, Method, Request, StatusCode, header};
use serde_json::Value;

use super::{HttpClient, HttpError};

/// Why a provider did not return the user's profile.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ProviderError {
    /// It cannot be reached, or does not respond in time.
    #[error(transparent)]
    Http(#[from] HttpError),
    /// It answered with an error.
    #[error("the provider answered {status}")]
    Status {
        /// The status of its answer.
        status: StatusCode,
    },
    /// Its answer is invalid.
    #[error("the provider's answer is not what it should be: {0}")]
    Answer(&'static str),
    /// It cannot be used as it is configured.
    #[error("the provider cannot be used as it is configured: {0}")]
    Configuration(&'static str),
}

/// How the client authenticates when it exchanges a code (RFC 6749, 2.3.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ClientAuth {
    /// Its id and secret in the request's body.
    #[default]
    Body,
    /// Its id and secret in the `Authorization` header, form-encoded first as the RFC asks. The compatibility preset sends them as
    /// FastAPI Users does, which is [`BasicUnencoded`](Self::BasicUnencoded).
    Basic,
    /// The same without the encoding, for providers that do not decode. This only makes a difference for a secret with other
    /// characters than ASCII letters, digits, `-`, `.` and `_`.
    BasicUnencoded,
}

/// The endpoints of a provider.
#[derive(Clone, Debug)]
pub struct Endpoints {
    /// The authorization page, to which the browser is redirected.
    pub authorize: String,
    /// The token endpoint.
    pub token: String,
    /// How the client authenticates there.
    pub auth: ClientAuth,
}

/// What a provider returned for a code.
#[derive(Clone)]
pub struct ProviderToken {
    /// The access token, for calls to the provider's API.
    pub access_token: String,
    /// When it expires, in seconds since 1970; `None` if the provider does not report it.
    pub expires_at: Option<i64>,
    /// The refresh token, if there is one.
    pub refresh_token: Option<String>,
    /// The complete response, for provider-specific values.
    pub answer: Value,
}

impl fmt::Debug for ProviderToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProviderToken")
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

/// Who the user is at the provider.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Profile {
    /// The account's id, as text: links are found by it, so it must never change.
    pub account_id: String,
    /// The account's e-mail address, if the provider returns it.
    pub email: Option<String>,
    /// Whether the provider has verified the address; `None` if it does not report it.
    pub email_verified: Option<bool>,
    /// The name by which the provider shows the user, if it sends one.
    pub name: Option<String>,
    /// The URL of the user's picture, if the provider sends one.
    pub picture: Option<String>,
}

impl Profile {
    /// A profile of an id, text or number, and an address, out of a JSON answer.
    ///
    /// # Errors
    ///
    /// [`ProviderError::Answer`] without an id.
    pub fn of(id: Option<&Value>, email: Option<&Value>) -> Result<Self, ProviderError> {
        let account_id = match id {
            Some(Value::String(id)) => id.clone(),
            Some(Value::Number(id)) => id.to_string(),
            _ => return Err(ProviderError::Answer("it has no id of the account")),
        };
        let email = email.and_then(Value::as_str).map(str::to_owned);
        Ok(Self {
            account_id,
            email,
            email_verified: None,
            name: None,
            picture: None,
        })
    }

    /// How the provider shows the user: a name and the URL of a picture. A value that is not text, or is empty, is ignored.
    #[must_use]
    pub fn shown_as(mut self, name: Option<&Value>, picture: Option<&Value>) -> Self {
        let text = |value: Option<&Value>| {
            let text = value.and_then(Value::as_str);
            text.filter(|text| !text.is_empty()).map(str::to_owned)
        };
        self.name = text(name);
        self.picture = text(picture);
        self
    }

    /// What the provider says about the address.
    #[must_use]
    pub fn verified(mut self, verified: Option<bool>) -> Self {
        self.email_verified = verified;
        self
    }
}

/// What the client expects of an answer that a browser brought back.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct Expectation<'a> {
    /// The client's id at the provider, the audience of id tokens.
    pub client_id: &'a str,
    /// The ids of the application's other clients at the provider, whose id tokens count, too: those of its mobile applications.
    pub other_clients: &'a [String],
    /// The client's secret at the provider, with which some providers sign id tokens.
    pub client_secret: &'a str,
    /// The nonce that was sent, where one was.
    pub nonce: Option<&'a str>,
    /// Whether an OpenID provider must hand out an id token.
    pub id_token_required: bool,
    /// Whether it matters that the provider has verified the address, so that it is worth a request of its own. In the
    /// compatibility preset it does not.
    pub verified_mark_wanted: bool,
}

impl fmt::Debug for Expectation<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Expectation")
            .field("client_id", &self.client_id)
            .field("id_token_required", &self.id_token_required)
            .field("verified_mark_wanted", &self.verified_mark_wanted)
            .finish_non_exhaustive()
    }
}

/// A service at which users have accounts.
///
/// The account ids are those that FastAPI Users stores, so that links of an existing deployment are found. A custom provider has
/// a name, two URLs, and a call that returns the user's profile:
///
/// ```
/// use users_runtime::{
///     async_trait,
///     oauth::{ClientAuth, Endpoints, Expectation, HttpClient, OAuthProvider, Profile, ProviderError, ProviderToken, get_json},
/// };
///
/// struct Forge {
///     endpoints: Endpoints,
/// }
///
/// #[async_trait]
/// impl OAuthProvider for Forge {
///     fn name(&self) -> &str {
///         "forge"
///     }
///
///     fn endpoints(&self) -> &Endpoints {
///         &self.endpoints
///     }
///
///     fn base_scopes(&self) -> &[&str] {
///         &["profile"]
///     }
///
///     async fn profile(
///         &self,
///         http: &dyn HttpClient,
///         token: &ProviderToken,
///         _: Expectation<'_>,
///     ) -> Result<Profile, ProviderError> {
///         let profile = get_json(http, "https://forge.example/api/me", &token.access_token).await?;
///         Profile::of(profile.get("id"), profile.get("email"))
///     }
/// }
/// ```
#[async_trait]
pub trait OAuthProvider: Send + Sync + 'static {
    /// The name under which accounts are stored, and part of the routes' paths.
    fn name(&self) -> &str;

    /// Its endpoints.
    fn endpoints(&self) -> &Endpoints;

    /// The default scopes.
    fn base_scopes(&self) -> &[&str];

    /// Parameters of the authorization page besides the standard ones.
    fn authorize_params(&self) -> &[(&str, &str)] {
        &[]
    }

    /// Whether it checks the proof of RFC 7636 (PKCE) with S256. The default is no.
    fn supports_pkce(&self) -> bool {
        false
    }

    /// Whether it issues id tokens with the nonce that it was sent (OpenID Connect). The default is no.
    fn supports_nonce(&self) -> bool {
        false
    }

    /// Whether it must be sent a nonce even where FastAPI Users sends none by itself, in the compatibility preset. The default is
    /// no.
    fn requires_nonce(&self) -> bool {
        false
    }

    /// The issuer that it sends as `iss` in its redirects (RFC 9207); outside of the compatibility preset a callback without it
    /// is refused. By default it sends none.
    fn issuer_in_answers(&self) -> Option<&str> {
        None
    }

    /// Its issuer, if that is known: outside of the compatibility preset a callback with another one as `iss` is refused, even if
    /// the provider does not announce that it sends `iss`. By default it is [`issuer_in_answers`](Self::issuer_in_answers).
    fn known_issuer(&self) -> Option<&str> {
        self.issuer_in_answers()
    }

    /// Checks what is known of the provider. `build()` calls it, so that errors are reported at the start of an application.
    /// `strict` is false in the compatibility preset. The default returns no error.
    ///
    /// # Errors
    ///
    /// [`ProviderError::Configuration`] with what is wrong.
    fn check(&self, strict: bool) -> Result<(), ProviderError> {
        let _ = strict;
        Ok(())
    }

    /// Fetches what must be known before a browser is sent to the provider, and what is not known yet. Every login calls it first;
    /// if it fails, the login returns 502 `OAUTH_PROVIDER_UNAVAILABLE`. The default fetches nothing.
    ///
    /// # Errors
    ///
    /// When the provider cannot be reached, or its discovery document cannot be used (see [`check`](Self::check)).
    async fn prepare(&self, http: &dyn HttpClient, strict: bool) -> Result<(), ProviderError> {
        let _ = (http, strict);
        Ok(())
    }

    /// Whether its addresses are never a proof of who a user is, so that
    /// [`trusts_addresses`](super::OAuth::trusts_addresses) with it is an error of `build()`. The default is no.
    fn has_unverified_addresses(&self) -> bool {
        false
    }

    /// Who the user is that the token belongs to.
    async fn profile(
        &self,
        http: &dyn HttpClient,
        token: &ProviderToken,
        expected: Expectation<'_>,
    ) -> Result<Profile, ProviderError>;

    /// Who the user is that an id token is about which a client has brought, such as a mobile application. Only its signature
    /// vouches for it: it is verified with the provider's keys, and issuer, audience, lifetime and an expected nonce must fit. The default
    /// refuses it.
    async fn profile_of_id_token(
        &self,
        http: &dyn HttpClient,
        id_token: &str,
        expected: Expectation<'_>,
    ) -> Result<Profile, ProviderError> {
        let _ = (http, id_token, expected);
        Err(ProviderError::Configuration(
            "it has no id tokens that can be verified",
        ))
    }
}

/// Asks a provider's API with the user's token and reads its JSON.
///
/// # Errors
///
/// [`ProviderError::Status`] for a status of 400 or more, [`ProviderError::Answer`] for a body that is not JSON.
pub async fn get_json(
    http: &dyn HttpClient,
    url: &str,
    access_token: &str,
) -> Result<Value, ProviderError> {
    let request = Request::builder()
        .method(Method::GET)
        .uri(url)
        .header(header::AUTHORIZATION, bearer(access_token)?);
    call(http, request, Bytes::new()).await
}

/// Asks a provider's API with the user's token for a signed token (RFC 7519), and returns its text.
pub(crate) async fn get_jwt(
    http: &dyn HttpClient,
    url: &str,
    access_token: &str,
) -> Result<String, ProviderError> {
    let request = Request::builder()
        .method(Method::GET)
        .uri(url)
        .header(header::AUTHORIZATION, bearer(access_token)?)
        .header(header::ACCEPT, "application/jwt");
    let body = send(http, request, Bytes::new()).await?;
    let text = String::from_utf8(body.to_vec());
    text.map(|text| text.trim().to_owned())
        .map_err(|_| ProviderError::Answer("it is not a signed token"))
}

fn bearer(access_token: &str) -> Result<HeaderValue, ProviderError> {
    let mut bearer = HeaderValue::from_str(&format!("Bearer {access_token}"))
        .map_err(|_| ProviderError::Answer("its access token does not fit into a header"))?;
    bearer.set_sensitive(true);
    Ok(bearer)
}

/// Sends a request that is answered with JSON.
pub(crate) async fn call(
    http: &dyn HttpClient,
    request: http::request::Builder,
    body: Bytes,
) -> Result<Value, ProviderError> {
    let request = request.header(header::ACCEPT, "application/json");
    let body = send(http, request, body).await?;
    serde_json::from_slice(&body).map_err(|_| ProviderError::Answer("it is not valid JSON"))
}

async fn send(
    http: &dyn HttpClient,
    request: http::request::Builder,
    body: Bytes,
) -> Result<Bytes, ProviderError> {
    let request = request
        .body(body)
        .map_err(|_| ProviderError::Answer("one of its endpoints is not a valid URL"))?;
    let response = http.send(request).await?;
    if response.status().as_u16() >= 400 {
        return Err(ProviderError::Status {
            status: response.status(),
        });
    }
    Ok(response.into_body())
}
