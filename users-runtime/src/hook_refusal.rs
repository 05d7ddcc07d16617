//! An answer of the application's own, with which a hook refuses.

use std::{borrow::Cow, fmt, time::Duration};

use axum::response::Response;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use serde_json::Value;

use crate::wire::respond;

/// An answer with which a hook refuses what a client asks for: a status, a code, and where it helps a reason and headers.
///
/// A hook returns it as its error. The body is `{"detail": CODE}`, or `{"detail": {"code": CODE, "reason": REASON}}` with a
/// [reason](Self::because). A browser that comes back from a provider and belongs to a front end brings it the code as `error`. Any other
/// error of a hook is a 500 without details.
///
/// ```
/// use axum::http::StatusCode;
/// use users_runtime::{HookError, hooks::HookRefusal};
///
/// fn check(invitation: Option<&str>) -> Result<(), HookError> {
///     match invitation {
///         Some("welcome") => Ok(()),
///         Some(_) => Err(HookRefusal::new(StatusCode::BAD_REQUEST, "INVITATION_UNKNOWN").into()),
///         None => Err(HookRefusal::new(StatusCode::FORBIDDEN, "INVITATION_NEEDED")
///             .because("Ask a member for an invitation")
///             .into()),
///     }
/// }
/// # assert!(check(Some("welcome")).is_ok() && check(None).is_err());
/// ```
#[derive(Clone)]
pub struct HookRefusal {
    status: StatusCode,
    code: Cow<'static, str>,
    reason: Option<Value>,
    headers: HeaderMap,
}

impl HookRefusal {
    /// A refusal with this status, 4xx or 5xx, and this code. Any other status becomes 500.
    pub fn new(status: StatusCode, code: impl Into<Cow<'static, str>>) -> Self {
        let is_error = status.is_client_error() || status.is_server_error();
        Self {
            status: if is_error {
                status
            } else {
                StatusCode::INTERNAL_SERVER_ERROR
            },
            code: code.into(),
            reason: None,
            headers: HeaderMap::new(),
        }
    }

    /// Adds a reason for the client: text, or any JSON.
    #[must_use]
    pub fn because(mut self, reason: impl Into<Value>) -> Self {
        self.reason = Some(reason.into());
        self
    }

    /// Adds a header to the answer.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.append(name, value);
        self
    }

    /// Adds `Retry-After`, in whole seconds, at least 1.
    #[must_use]
    pub fn retry_after(mut self, wait: Duration) -> Self {
        let seconds = wait.as_millis().div_ceil(1000).max(1);
        let seconds = u64::try_from(seconds).unwrap_or(u64::MAX);
        self.headers
            .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        self
    }

    /// The answer's status.
    pub const fn status(&self) -> StatusCode {
        self.status
    }

    /// The answer's code.
    pub fn code(&self) -> &str {
        &self.code
    }

    pub(crate) fn answer(&self) -> Response {
        let mut response = match &self.reason {
            None => respond::detail(self.status, &self.code),
            Some(reason) => respond::coded(self.status, &self.code, reason),
        };
        response.headers_mut().extend(self.headers.clone());
        response
    }
}

/// Shows neither the reason nor the headers, which are the client's.
impl fmt::Debug for HookRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HookRefusal")
            .field("status", &self.status)
            .field("code", &self.code)
            .finish_non_exhaustive()
    }
}

impl fmt::Display for HookRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.code, self.status)
    }
}

impl std::error::Error for HookRefusal {}
