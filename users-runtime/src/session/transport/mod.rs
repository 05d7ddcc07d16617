//! Transports: how a token is sent between client and server.

mod bearer;
mod cookie;

use axum::response::Response;
use http::{HeaderMap, request::Parts};

pub use bearer::BearerTransport;
pub use cookie::CookieTransport;

pub use crate::wire::{
    authorization, cookie_header,
    cookie_header::{InvalidCookie, SameSite},
};

use super::Issued;

/// Why a transport is invalid.
pub type TransportError = Box<dyn std::error::Error + Send + Sync>;

/// How a token is sent between client and server.
///
/// A custom transport, here a header of the application:
///
/// ```
/// use axum::response::{IntoResponse, Response};
/// use http::{HeaderMap, StatusCode};
/// use users_runtime::session::Transport;
///
/// struct ApiKeyHeader;
///
/// impl Transport for ApiKeyHeader {
///     fn read(&self, headers: &HeaderMap) -> Option<String> {
///         headers.get("x-api-key")?.to_str().ok().map(str::to_owned)
///     }
///
///     fn login_response(&self, token: &str) -> Response {
///         ([("x-api-key", token)], StatusCode::NO_CONTENT).into_response()
///     }
///
///     fn logout_response(&self) -> Response {
///         StatusCode::NO_CONTENT.into_response()
///     }
/// }
/// ```
pub trait Transport: Send + Sync + 'static {
    /// The token that a request's headers carry; `None` when there is none. It need not be valid.
    fn read(&self, headers: &HeaderMap) -> Option<String>;

    /// The token that a request carries, for a transport that looks at more than the headers, such as the method or the query. The
    /// default is what [`read`](Self::read) finds in the headers.
    fn read_request(&self, request: &Parts) -> Option<String> {
        self.read(&request.headers)
    }

    /// The response to a login, which returns the token to the client.
    fn login_response(&self, token: &str) -> Response;

    /// The response to a logout, which makes the client delete the token.
    fn logout_response(&self) -> Response;

    /// The response to a login or a refresh with all tokens; `path` is the path under which clients reach the backend. The
    /// default is the [`login_response`](Self::login_response) with the access token: a transport that does not support refresh
    /// tokens drops them.
    fn issued_response(&self, issued: &Issued, path: &str) -> Response {
        let _ = path;
        self.login_response(&issued.access)
    }

    /// The refresh token that a request carries beside its body; `None` when there is none. The default reads none.
    fn read_refresh(&self, headers: &HeaderMap) -> Option<String> {
        let _ = headers;
        None
    }

    /// Whether refresh tokens are sent outside of the body, as in a cookie; otherwise they are in the bodies of the response and
    /// of the next refresh. The default is no.
    fn carries_refresh(&self) -> bool {
        false
    }

    /// The response that makes the client delete every token; `path` is the path under which clients reach the backend. The
    /// default is the [`logout_response`](Self::logout_response).
    fn forgetting_response(&self, path: &str) -> Response {
        let _ = path;
        self.logout_response()
    }

    /// Whether browsers send the token automatically, as with cookies, so that a page of another site can cause it. Requests from
    /// [other sites](crate::docs::cross_site) are refused then. The default is no.
    fn is_ambient(&self) -> bool {
        false
    }

    /// Whether the token belongs to this host only, like a `__Host-` cookie: pages of other hosts of the same site are refused
    /// then, too. It matters only for [ambient](Self::is_ambient) tokens. The default is no.
    fn is_bound_to_host(&self) -> bool {
        false
    }

    /// How clients send the token, for the OpenAPI document; `login` is the path of the login.
    ///
    /// OpenAPI cannot say that it is not known, and a route without a scheme would be open to all. The default is an API key in
    /// the header `Authorization` whose description says that it may be another header: a transport that reads something else
    /// describes it here.
    #[cfg(feature = "openapi")]
    fn security_scheme(&self, login: &str) -> utoipa::openapi::security::SecurityScheme {
        use utoipa::openapi::security::{ApiKey, ApiKeyValue, SecurityScheme};
        let _ = login;
        let description = "The application has not described how this token is presented; it may be in another place.";
        SecurityScheme::ApiKey(ApiKey::Header(ApiKeyValue::with_description(
            "Authorization",
            description,
        )))
    }

    /// Checks the transport's options, once, when the user system is built. By default they are valid.
    ///
    /// # Errors
    ///
    /// Why not, for the developer.
    fn validate(&self) -> Result<(), TransportError> {
        Ok(())
    }
}
