//! Calls to providers, behind a seam that tests answer without a network.

use std::{future::Future, time::Duration};

use async_trait::async_trait;
use axum::body::Bytes;
use http::{Request, Response};

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
    client: reqwest::Client,
}

/// The network client cannot be made: the system has no usable certificates.
#[derive(Debug, thiserror::Error)]
#[error("no TLS client can be made on this system")]
pub struct NetworkClientError(#[source] Box<dyn std::error::Error + Send + Sync>);

impl NetworkClient {
    /// The longest answer, in bytes.
    const LONGEST: usize = 1 << 20;
    /// How long a call may take altogether.
    const TIME: Duration = Duration::from_secs(10);

    /// A client with the limits of the type.
    ///
    /// # Errors
    ///
    /// When the system's root certificates cannot be used.
    pub fn new() -> Result<Self, NetworkClientError> {
        use rustls_platform_verifier::BuilderVerifierExt;
        // Named here, and not taken from the process, whose choice belongs to the application.
        let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
        let tls = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .and_then(BuilderVerifierExt::with_platform_verifier)
            .map_err(|error| NetworkClientError(error.into()))?
            .with_no_client_auth();
        let client = reqwest::Client::builder()
            .tls_backend_preconfigured(tls)
            .redirect(reqwest::redirect::Policy::none())
            .timeout(Self::TIME)
            .user_agent(concat!("users-runtime/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| NetworkClientError(error.into()))?;
        Ok(Self { client })
    }
}

#[async_trait]
impl HttpClient for NetworkClient {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let unreachable = |error: reqwest::Error| HttpError::Unreachable(error.without_url().into());
        let request = reqwest::Request::try_from(request).map_err(unreachable)?;
        let mut answer = self.client.execute(request).await.map_err(unreachable)?;
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(unreachable)? {
            if body.len() + chunk.len() > Self::LONGEST {
                return Err(HttpError::TooLong);
            }
            body.extend_from_slice(&chunk);
        }
        let mut response = Response::new(Bytes::from(body));
        *response.status_mut() = answer.status();
        *response.headers_mut() = answer.headers().clone();
        Ok(response)
    }
}
