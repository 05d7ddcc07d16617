//! The bearer transport.

use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, StatusCode};

use super::Transport;
use crate::{
    session::Issued,
    wire::{authorization, respond},
};

/// The token in the `Authorization: Bearer` header (RFC 6750); a login answers it as JSON.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct BearerTransport;

impl BearerTransport {
    /// The bearer transport, which has no options.
    pub const fn new() -> Self {
        Self
    }
}

impl Transport for BearerTransport {
    fn read(&self, headers: &HeaderMap) -> Option<String> {
        authorization::bearer_token(headers)
    }

    fn login_response(&self, token: &str) -> Response {
        let body = format!(
            r#"{{"access_token":{},"token_type":"bearer"}}"#,
            serde_json::Value::from(token)
        );
        respond::no_store(respond::json(StatusCode::OK, body))
    }

    fn issued_response(&self, issued: &Issued, _path: &str) -> Response {
        let (Some(refresh), Some(expires_in)) = (&issued.refresh, issued.expires_in) else {
            return self.login_response(&issued.access);
        };
        // RFC 6749, section 5.1.
        let body = format!(
            r#"{{"access_token":{},"token_type":"bearer","refresh_token":{},"expires_in":{}}}"#,
            serde_json::Value::from(&*issued.access),
            serde_json::Value::from(&**refresh),
            expires_in.as_secs()
        );
        respond::no_store(respond::json(StatusCode::OK, body))
    }

    fn logout_response(&self) -> Response {
        StatusCode::NO_CONTENT.into_response()
    }

    #[cfg(feature = "openapi")]
    fn security_scheme(&self, login: &str) -> utoipa::openapi::security::SecurityScheme {
        use utoipa::openapi::security::{Flow, OAuth2, Password, Scopes, SecurityScheme};
        SecurityScheme::OAuth2(OAuth2::new([Flow::Password(Password::new(
            login,
            Scopes::new(),
        ))]))
    }
}
