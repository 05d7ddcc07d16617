//! Calls to providers, behind a seam that tests answer without a network.

use std::{future::Future, time::Duration};

use async_trait::async_trait;
use axum::body::Bytes;
use http::{HeaderValue, Request, Response, header};
use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};

/// Why a provider's answer did not arrive.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum HttpError {
    /// No connection, no answer in time, or one that broke off.
    #[error("the provider did not answer")]
    Unreachable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The answer is longer than anything a provider has to say.
    #[error("the provider's answer is too long")]
    TooLong,
}

/// Sends one request to a provider and reads its whole answer.
///
/// An implementation bounds the time of a call and the length of an answer, and follows no redirect. A closure is one, which
/// is how providers are tested without a network:
///
/// ```
/// use axum::body::Bytes;
/// use http::{Request, Response};
/// use users_runtime::oauth::{HttpClient, HttpError};
///
/// let provider = |request: Request<Bytes>| async move {
///     assert_eq!(request.uri(), "https://provider.example/userinfo");
///     Ok::<_, HttpError>(Response::new(Bytes::from_static(b"{\"sub\": \"1\"}")))
/// };
/// fn client(client: impl HttpClient) {}
/// client(provider);
/// ```
#[async_trait]
pub trait HttpClient: Send + Sync + 'static {
    /// Sends the request.
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError>;
}

#[async_trait]
impl<F, T> HttpClient for F
where
    F: Fn(Request<Bytes>) -> T + Send + Sync + 'static,
    T: Future<Output = Result<Response<Bytes>, HttpError>> + Send,
{
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        self(request).await
    }
}

/// The client over the network: 10 seconds for a call, 1 MiB for an answer, no redirects, TLS by rustls with the system's roots.
#[derive(Clone, Debug)]
pub struct NetworkClient {
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
    /// How long a call may take altogether.
    time: Duration,
}

/// The network client cannot be made: the system has no usable certificates.
#[derive(Debug, thiserror::Error)]
#[error("no TLS client can be made on this system")]
pub struct NetworkClientError(#[source] std::io::Error);

impl NetworkClient {
    /// The longest answer, in bytes.
    const LONGEST: usize = 1 << 20;
    /// The timeout of a call, except in tests of what happens after it.
    const TIME: Duration = Duration::from_secs(10);

    /// A client with the limits of the type.
    ///
    /// # Errors
    ///
    /// When the system's root certificates cannot be used.
    pub fn new() -> Result<Self, NetworkClientError> {
        // Named here, and not taken from the process, whose choice belongs to the application.
        let provider = rustls::crypto::ring::default_provider();
        let tls = HttpsConnectorBuilder::new()
            .with_provider_and_platform_verifier(provider)
            .map_err(NetworkClientError)?;
        let connector = tls.https_or_http().enable_http1().build();
        Ok(Self {
            client: Client::builder(TokioExecutor::new()).build(connector),
            time: Self::TIME,
        })
    }

    /// A client that waits no longer than this.
    #[cfg(test)]
    pub(super) fn with_time(time: Duration) -> Self {
        Self {
            time,
            ..Self::new().expect("root certificates")
        }
    }

    async fn exchange(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let answer = self
            .client
            .request(request.map(Full::new))
            .await
            .map_err(|error| HttpError::Unreachable(error.into()))?;
        let (parts, body) = answer.into_parts();
        let body = Limited::new(body, Self::LONGEST)
            .collect()
            .await
            .map_err(|error| {
                if error.is::<LengthLimitError>() {
                    HttpError::TooLong
                } else {
                    HttpError::Unreachable(error)
                }
            })?;
        Ok(Response::from_parts(parts, body.to_bytes()))
    }
}

#[async_trait]
impl HttpClient for NetworkClient {
    async fn send(&self, mut request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let agent = HeaderValue::from_static(concat!("users-runtime/", env!("CARGO_PKG_VERSION")));
        request
            .headers_mut()
            .entry(header::USER_AGENT)
            .or_insert(agent);
        let answer = tokio::time::timeout(self.time, self.exchange(request)).await;
        answer.unwrap_or_else(|elapsed| Err(HttpError::Unreachable(elapsed.into())))
    }
}
