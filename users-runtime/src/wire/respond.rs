//! The few shapes that every answer has.

use axum::{
    body::Body,
    response::{IntoResponse as _, Response},
};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use serde_json::json;

/// JSON text with a status.
pub(crate) fn json(status: StatusCode, body: impl Into<Body>) -> Response {
    let headers = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/json"),
        ),
        (header::X_CONTENT_TYPE_OPTIONS, nosniff()),
    ];
    (status, headers, body.into()).into_response()
}

/// Browsers take the body for what the content type says (Fetch standard, section 3.5).
const fn nosniff() -> HeaderValue {
    HeaderValue::from_static("nosniff")
}

/// Adds what every answer of the user system has: no browser guesses its content type, and no cache keeps it, unless it says
/// otherwise itself. Most of them are about one user, and a cache does not see which cookie they depend on.
pub(crate) fn with_safe_headers(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, nosniff());
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    response
}

/// How many bytes most answers have at most.
const USUAL: usize = 512;

/// A value as JSON with a status.
pub(crate) fn serialized(status: StatusCode, value: &impl Serialize) -> Response {
    // Most users fit, so that the buffer need not grow.
    let mut body = Vec::with_capacity(USUAL);
    match serde_json::to_writer(&mut body, value) {
        Ok(()) => json(status, body),
        Err(error) => {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "an answer could not be written as JSON"
            );
            (StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error").into_response()
        }
    }
}

/// `{"detail": TEXT}`, the form of every error that is not a list of validation errors.
pub(crate) fn detail(status: StatusCode, text: &str) -> Response {
    serialized(status, &json!({ "detail": text }))
}

/// `{"detail": {"code": CODE, "reason": REASON}}`, the form of a refused password.
pub(crate) fn coded(status: StatusCode, code: &str, reason: impl Serialize) -> Response {
    serialized(
        status,
        &json!({ "detail": { "code": code, "reason": reason } }),
    )
}

/// Forbids caches to keep an answer that carries a token (RFC 6749, section 5.1).
pub(crate) fn no_store(mut response: Response) -> Response {
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// 405 as FastAPI answers it: `Allow` names the first route of the path only.
pub(crate) fn method_not_allowed(allow: &'static str) -> Response {
    let mut response = detail(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed");
    response
        .headers_mut()
        .insert(header::ALLOW, HeaderValue::from_static(allow));
    response
}
