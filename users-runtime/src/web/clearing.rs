//! A refusal that also makes the browser drop the cookie that it sent.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, header};

#[cfg(feature = "openapi")]
use super::outcome::Outcome;
use super::refusals::Refusals;
use crate::session::transport::Transport;

/// A refusal, and the `Set-Cookie` headers that go with it.
#[derive(Debug)]
pub(crate) struct Clearing<E> {
    refusal: E,
    cookies: Vec<HeaderValue>,
}

impl<E> Clearing<E> {
    /// The refusal alone.
    pub(crate) const fn nothing(refusal: E) -> Self {
        Self {
            refusal,
            cookies: Vec::new(),
        }
    }

    /// The refusal with the cookies that a logout by this transport clears; none for a transport without cookies. `path` is what
    /// clients reach the backend under, where it has refresh tokens.
    pub(crate) fn cookies_of(transport: &dyn Transport, path: Option<&str>, refusal: E) -> Self {
        let cleared = match path {
            Some(path) => transport.forgetting_response(path),
            None => transport.logout_response(),
        };
        let cookies = cleared.headers().get_all(header::SET_COOKIE);
        Self {
            refusal,
            cookies: cookies.into_iter().cloned().collect(),
        }
    }
}

impl<E: IntoResponse> IntoResponse for Clearing<E> {
    fn into_response(self) -> Response {
        let mut response = self.refusal.into_response();
        for cookie in self.cookies {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
        response
    }
}

impl<E: Refusals> Refusals for Clearing<E> {
    #[cfg(feature = "oauth")]
    fn code(&self) -> &str {
        self.refusal.code()
    }

    #[cfg(feature = "openapi")]
    fn outcomes() -> Vec<Outcome> {
        E::outcomes()
    }
}
