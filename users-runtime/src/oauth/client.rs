//! An application registered at a provider: builds its addresses and exchanges its codes.

use std::{fmt, sync::Arc, time::SystemTime};

use axum::body::Bytes;
use base64::{Engine as _, prelude::BASE64_STANDARD};
use http::{HeaderValue, Method, Request, header};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;
use zeroize::Zeroizing;

use super::{
    ClientAuth, Expectation, HttpClient, OAuthProvider, Profile, ProviderError, ProviderToken,
    provider::call,
};
use crate::token::unix_seconds;

/// What needs no encoding in a form (RFC 3986, 2.3).
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// An application that is registered at a provider. Cheap to clone.
#[derive(Clone)]
pub struct OAuthClient {
    pub(crate) provider: Arc<dyn OAuthProvider>,
    http: Arc<dyn HttpClient>,
    client_id: Arc<str>,
    client_secret: Arc<Zeroizing<String>>,
}

impl fmt::Debug for OAuthClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OAuthClient")
            .field("provider", &self.provider.name())
            .field("client_id", &self.client_id)
            .finish_non_exhaustive()
    }
}

/// What a browser is sent to the provider with.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Authorization<'a> {
    pub(crate) redirect_uri: &'a str,
    pub(crate) state: &'a str,
    /// `None` for the provider's own.
    pub(crate) scopes: Option<&'a [String]>,
    pub(crate) code_challenge: Option<&'a str>,
    pub(crate) nonce: Option<&'a str>,
}

impl OAuthClient {
    /// A client of a provider, with the id and the secret that the provider gave to the application.
    pub fn new(
        provider: impl OAuthProvider,
        http: impl HttpClient,
        client_id: impl Into<String>,
        client_secret: impl Into<String>,
    ) -> Self {
        Self {
            provider: Arc::new(provider),
            http: Arc::new(http),
            client_id: client_id.into().into(),
            client_secret: Arc::new(Zeroizing::new(client_secret.into())),
        }
    }

    /// The provider's name.
    pub fn name(&self) -> &str {
        self.provider.name()
    }

    /// The page to send a browser to, its parameters in the original's order.
    pub(crate) fn authorization_url(&self, asked: Authorization<'_>) -> String {
        let scope = match asked.scopes {
            Some(scopes) => scopes.join(" "),
            None => self.provider.base_scopes().join(" "),
        };
        let mut parameters = vec![
            ("response_type", "code"),
            ("client_id", &*self.client_id),
            ("redirect_uri", asked.redirect_uri),
            ("state", asked.state),
            ("scope", &*scope),
        ];
        if let Some(challenge) = asked.code_challenge {
            parameters.extend([
                ("code_challenge", challenge),
                ("code_challenge_method", "S256"),
            ]);
        }
        parameters.extend(asked.nonce.map(|nonce| ("nonce", nonce)));
        parameters.extend_from_slice(self.provider.authorize_params());
        format!(
            "{}?{}",
            self.provider.endpoints().authorize,
            form(&parameters)
        )
    }

    /// Exchanges the code that a browser brought back.
    pub(crate) async fn exchange(
        &self,
        code: &str,
        redirect_uri: &str,
        verifier: Option<&str>,
    ) -> Result<ProviderToken, ProviderError> {
        let endpoints = self.provider.endpoints();
        let mut parameters = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", redirect_uri),
        ];
        parameters.extend(verifier.map(|verifier| ("code_verifier", verifier)));
        let mut request = Request::builder()
            .method(Method::POST)
            .uri(&endpoints.token);
        match endpoints.auth {
            ClientAuth::Body => {
                parameters.extend([
                    ("client_id", &*self.client_id),
                    ("client_secret", self.client_secret.as_str()),
                ]);
            }
            ClientAuth::Basic => request = request.header(header::AUTHORIZATION, self.basic()?),
        }
        request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let answer = call(&*self.http, request, Bytes::from(form(&parameters))).await?;
        token(answer)
    }

    /// Who the user is that the token belongs to.
    pub(crate) async fn profile(
        &self,
        token: &ProviderToken,
        nonce: Option<&str>,
        id_token_required: bool,
    ) -> Result<Profile, ProviderError> {
        let expected = Expectation {
            client_id: &self.client_id,
            nonce,
            id_token_required,
        };
        self.provider.profile(&*self.http, token, expected).await
    }

    /// The client's credentials, form-encoded first as RFC 6749, 2.3.1, asks.
    fn basic(&self) -> Result<HeaderValue, ProviderError> {
        let [id, secret] = [&*self.client_id, self.client_secret.as_str()].map(encoded);
        let credentials = Zeroizing::new(BASE64_STANDARD.encode(format!("{id}:{secret}")));
        let mut value =
            HeaderValue::from_str(&format!("Basic {}", *credentials)).map_err(|_| {
                ProviderError::Answer("the client's credentials do not fit into a header")
            })?;
        value.set_sensitive(true);
        Ok(value)
    }
}

/// The provider's answer to a code.
fn token(answer: Value) -> Result<ProviderToken, ProviderError> {
    let text = |name: &str| answer.get(name).and_then(Value::as_str).map(str::to_owned);
    let seconds = |name: &str| match answer.get(name) {
        Some(Value::Number(number)) => number.as_i64().or_else(|| number.as_f64().map(whole)),
        Some(Value::String(number)) => number.parse().ok(),
        _ => None,
    };
    let access_token =
        text("access_token").ok_or(ProviderError::Answer("it has no access token"))?;
    let now = i64::try_from(unix_seconds(SystemTime::now())).unwrap_or(i64::MAX);
    let expires_at = seconds("expires_at")
        .or_else(|| seconds("expires_in").map(|lifetime| now.saturating_add(lifetime)));
    Ok(ProviderToken {
        access_token,
        expires_at,
        refresh_token: text("refresh_token"),
        answer,
    })
}

#[expect(clippy::cast_possible_truncation, reason = "the cast saturates")]
const fn whole(seconds: f64) -> i64 {
    seconds as i64
}

/// A form in the way of Python's `urlencode`.
fn form(parameters: &[(&str, &str)]) -> String {
    let pairs = parameters
        .iter()
        .map(|(name, value)| format!("{}={}", encoded(name), encoded(value)));
    pairs.collect::<Vec<_>>().join("&")
}

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, UNRESERVED)
        .to_string()
        .replace("%20", "+")
}
