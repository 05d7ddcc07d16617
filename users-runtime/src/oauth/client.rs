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
    authorize_params: Vec<(String, String)>,
}

/// What the client itself puts into the address of the authorization page.
const RESERVED: [&str; 8] = [
    "response_type",
    "client_id",
    "redirect_uri",
    "state",
    "scope",
    "code_challenge",
    "code_challenge_method",
    "nonce",
];

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
    /// A client of a provider, with the id and the secret that the provider issued to the application.
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
            authorize_params: Vec::new(),
        }
    }

    /// Adds a parameter to the address of the authorization page: `prompt`, `access_type`, `audience`, `hd` and others that the
    /// provider documents. A second call with the same name, or with one that the provider adds by itself, replaces the value. By
    /// default there are none.
    ///
    /// Users can change it in their browsers, so it is not a restriction: with `hd` at Google, accounts of other domains can
    /// still log in.
    ///
    /// The parameters of the protocol (`scope`, `state`, `nonce`, …) are refused by `build()`
    /// ([`OAuthSetupError::ReservedParameter`](super::OAuthSetupError::ReservedParameter)); scopes have [their own
    /// option](super::OAuth::scopes).
    #[must_use]
    pub fn authorize_param(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        let name = name.into();
        self.authorize_params.retain(|(known, _)| *known != name);
        self.authorize_params.push((name, value.into()));
        self
    }

    /// The first of the added parameters that belongs to the protocol.
    pub(crate) fn reserved_param(&self) -> Option<&str> {
        let mut names = self.authorize_params.iter().map(|(name, _)| &**name);
        names.find(|name| RESERVED.contains(name))
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
        let added = || {
            self.authorize_params
                .iter()
                .map(|(name, value)| (&**name, &**value))
        };
        let is_added = |name: &str| added().any(|(added, _)| added == name);
        let own = self.provider.authorize_params().iter().copied();
        parameters.extend(own.filter(|(name, _)| !is_added(name)).chain(added()));
        let page = &self.provider.endpoints().authorize;
        // RFC 6749, 3.1: the page may have a query of its own, which is kept.
        let separator = match page.split_once('?') {
            None => "?",
            Some((_, query)) if query.is_empty() || query.ends_with('&') => "",
            Some(_) => "&",
        };
        format!("{page}{separator}{}", form(&parameters))
    }

    /// Sees to it that the provider is known. `strict` is false in the compatibility preset.
    pub(crate) async fn prepare(&self, strict: bool) -> Result<(), ProviderError> {
        self.provider.prepare(&*self.http, strict).await
    }

    /// Exchanges the code that a browser brought back.
    pub(crate) async fn exchange(
        &self,
        code: &str,
        redirect_uri: &str,
        verifier: Option<&str>,
        strict: bool,
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
            ClientAuth::Basic if strict => {
                request = request.header(header::AUTHORIZATION, self.basic(encoded)?);
            }
            ClientAuth::Basic | ClientAuth::BasicUnencoded => {
                request = request.header(header::AUTHORIZATION, self.basic(str::to_owned)?);
            }
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
        strict: bool,
    ) -> Result<Profile, ProviderError> {
        let expected = Expectation {
            client_id: &self.client_id,
            other_clients: &[],
            client_secret: &self.client_secret,
            nonce,
            id_token_required: strict,
            verified_mark_wanted: strict,
        };
        self.provider.profile(&*self.http, token, expected).await
    }

    /// Who the user is that an id token is about which a client has brought.
    pub(crate) async fn profile_of_id_token(
        &self,
        id_token: &str,
        nonce: Option<&str>,
        other_clients: &[String],
        strict: bool,
    ) -> Result<Profile, ProviderError> {
        let expected = Expectation {
            client_id: &self.client_id,
            other_clients,
            client_secret: &self.client_secret,
            nonce,
            id_token_required: strict,
            verified_mark_wanted: strict,
        };
        let (provider, http) = (&self.provider, &*self.http);
        provider.profile_of_id_token(http, id_token, expected).await
    }

    /// The client's credentials, each first encoded in this way. RFC 6749, 2.3.1, asks for the encoding of forms, httpx-oauth has none.
    fn basic(&self, encode: fn(&str) -> String) -> Result<HeaderValue, ProviderError> {
        let [id, secret] = [&*self.client_id, self.client_secret.as_str()]
            .map(|text| Zeroizing::new(encode(text)));
        let credentials = Zeroizing::new(format!("{}:{}", *id, *secret));
        let credentials = Zeroizing::new(BASE64_STANDARD.encode(&*credentials));
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
