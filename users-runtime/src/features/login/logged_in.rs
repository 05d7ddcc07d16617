//! The answer to a login that is done.

use std::fmt;

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, header};

use crate::{model::UserModel, session::Issued, web::documented::Documented, wire::respond};
#[cfg(feature = "openapi")]
use crate::{openapi::Page, web::answers::TokenAnswer};

/// A user who is logged in, and the answer with which the client receives the tokens.
///
/// As a response it is what the built-in login answers: the tokens as JSON, or 204 and a cookie, as the backend's transport has it, with what
/// [`on_after_login`](crate::Hooks::on_after_login) has added.
#[must_use = "the client receives the tokens with this answer"]
pub struct LoggedIn<U> {
    pub(super) user: U,
    pub(super) issued: Issued,
    pub(super) answer: Response,
}

impl<U> LoggedIn<U> {
    /// The user, as stored when the tokens were issued.
    pub const fn user(&self) -> &U {
        &self.user
    }

    /// The tokens. They are secrets of the client: never log them.
    pub const fn issued(&self) -> &Issued {
        &self.issued
    }

    /// Your own response, such as a redirect or a page, with the cookies of this answer and all its other headers that your response does
    /// not have. No cache keeps it.
    ///
    /// The body of this answer is dropped: with a bearer transport, send the tokens of [`issued`](Self::issued) yourself.
    pub fn with_response(self, response: impl IntoResponse) -> Response {
        let mut response = response.into_response();
        let own = response.headers().clone();
        let headers = response.headers_mut();
        for (name, value) in self.answer.headers() {
            let is_of_body = matches!(*name, header::CONTENT_TYPE | header::CONTENT_LENGTH);
            if *name == header::SET_COOKIE || !(is_of_body || own.contains_key(name)) {
                headers.append(name, value.clone());
            }
        }
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }
}

impl<U> IntoResponse for LoggedIn<U> {
    fn into_response(self) -> Response {
        respond::with_safe_headers(self.answer)
    }
}

impl<U: UserModel> Documented for LoggedIn<U> {
    #[cfg(feature = "openapi")]
    fn document(page: &mut Page<'_>) {
        TokenAnswer::document(page);
    }
}

/// Shows neither the user nor a token.
impl<U> fmt::Debug for LoggedIn<U> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LoggedIn")
            .field("issued", &self.issued)
            .finish_non_exhaustive()
    }
}
