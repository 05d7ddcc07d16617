//! What the providers have in common.

use axum::body::Bytes;
use http::{HeaderValue, Method, Request, header};
use serde_json::Value;

use crate::oauth::{ClientAuth, Endpoints, HttpClient, ProviderError, provider::call};

/// What is known of a provider in advance.
#[derive(Clone, Debug)]
pub(super) struct Fixed {
    pub(super) name: String,
    pub(super) endpoints: Endpoints,
    pub(super) scopes: &'static [&'static str],
}

impl Fixed {
    /// A provider that takes the client's secret in the body.
    pub(super) fn new(
        name: &str,
        authorize: impl Into<String>,
        token: impl Into<String>,
        scopes: &'static [&'static str],
    ) -> Self {
        let endpoints = Endpoints {
            authorize: authorize.into(),
            token: token.into(),
            auth: ClientAuth::Body,
        };
        Self {
            name: name.to_owned(),
            endpoints,
            scopes,
        }
    }

    /// A provider that takes it in the header.
    pub(super) fn with_basic_auth(mut self) -> Self {
        self.endpoints.auth = ClientAuth::Basic;
        self
    }
}

/// `named` for a provider, and `Default` for one that needs to know nothing.
macro_rules! provider {
    ($provider:ident) => {
        impl $provider {
            /// Stores accounts under another name, as for a second application at the same provider.
            #[must_use]
            pub fn named(mut self, name: impl Into<String>) -> Self {
                self.fixed.name = name.into();
                self
            }
        }
    };
    ($provider:ident: Default) => {
        $crate::oauth::providers::shared::provider!($provider);

        impl Default for $provider {
            fn default() -> Self {
                Self::new()
            }
        }
    };
}

/// The methods of `OAuthProvider` that return constants.
macro_rules! fixed {
    () => {
        fn name(&self) -> &str {
            &self.fixed.name
        }

        fn endpoints(&self) -> &$crate::oauth::Endpoints {
            &self.fixed.endpoints
        }

        fn base_scopes(&self) -> &[&str] {
            self.fixed.scopes
        }
    };
}

pub(super) use {fixed, provider};

/// Asks with the user's token, by `POST`, where a provider wants it so.
pub(super) async fn post_json(
    http: &dyn HttpClient,
    url: &str,
    access_token: &str,
) -> Result<Value, ProviderError> {
    let request = Request::builder().method(Method::POST).uri(url);
    let request = request.header(
        header::AUTHORIZATION,
        secret(&format!("Bearer {access_token}"))?,
    );
    // A body of no length is not announced otherwise, and some servers insist.
    call(
        http,
        request.header(header::CONTENT_LENGTH, "0"),
        Bytes::new(),
    )
    .await
}

/// Asks with the user's token in a header that is the provider's own.
pub(super) async fn get_json_by(
    http: &dyn HttpClient,
    url: &str,
    header: &str,
    access_token: &str,
) -> Result<Value, ProviderError> {
    let request = Request::builder()
        .method(Method::GET)
        .uri(url)
        .header(header, secret(access_token)?);
    call(http, request, Bytes::new()).await
}

fn secret(text: &str) -> Result<HeaderValue, ProviderError> {
    let mut value = HeaderValue::from_str(text)
        .map_err(|_| ProviderError::Answer("its access token does not fit into a header"))?;
    value.set_sensitive(true);
    Ok(value)
}

/// The value of a query's parameter, encoded.
pub(super) fn parameter(value: &str) -> String {
    form_urlencoded::byte_serialize(value.as_bytes()).collect()
}
