//! What routes answer where all is well; the types say which status it has, and what the body is.

use std::marker::PhantomData;

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};

use super::documented::Documented;
#[cfg(feature = "openapi")]
use crate::openapi::Page;
use crate::{
    error::Error,
    model::UserModel,
    session::{Issued, transport::Transport},
    users::Users,
    value::Viewer,
    wire::respond,
};

/// A user as the viewer may see it.
#[derive(Debug)]
pub(crate) struct Shown<U, const STATUS: u16 = 200> {
    response: Response,
    user: PhantomData<fn() -> U>,
}

impl<U: UserModel, const STATUS: u16> Shown<U, STATUS> {
    /// The user, with the address normalised where the rules accept it.
    pub(crate) async fn new(users: &Users<U>, user: &U, viewer: Viewer) -> Result<Self, Error> {
        let shown = users.show(user, viewer).await?;
        Ok(Self {
            response: respond::serialized(status::<STATUS>(), &shown),
            user: PhantomData,
        })
    }
}

impl<U, const STATUS: u16> IntoResponse for Shown<U, STATUS> {
    fn into_response(self) -> Response {
        self.response
    }
}

impl<U: UserModel, const STATUS: u16> Documented for Shown<U, STATUS> {
    #[cfg(feature = "openapi")]
    fn document(page: &mut Page<'_>) {
        page.answers_user::<U>(STATUS);
    }
}

/// The body `null`, which reveals nothing.
#[derive(Debug)]
pub(crate) struct Null<const STATUS: u16>;

impl<const STATUS: u16> IntoResponse for Null<STATUS> {
    fn into_response(self) -> Response {
        respond::json(status::<STATUS>(), "null")
    }
}

impl<const STATUS: u16> Documented for Null<STATUS> {
    #[cfg(feature = "openapi")]
    fn document(page: &mut Page<'_>) {
        page.answers_json(STATUS, serde_json::json!({ "type": "null" }));
    }
}

/// No body.
#[derive(Debug)]
pub(crate) struct NoContent;

impl IntoResponse for NoContent {
    fn into_response(self) -> Response {
        StatusCode::NO_CONTENT.into_response()
    }
}

impl Documented for NoContent {
    #[cfg(feature = "openapi")]
    fn document(page: &mut Page<'_>) {
        page.answers_nothing(StatusCode::NO_CONTENT.as_u16());
    }
}

/// An answer with a cookie beside it, which the document does not mention.
#[derive(Debug)]
pub(crate) struct WithCookie<T> {
    answer: T,
    cookie: Option<HeaderValue>,
}

impl<T> WithCookie<T> {
    pub(crate) const fn new(answer: T, cookie: Option<HeaderValue>) -> Self {
        Self { answer, cookie }
    }
}

impl<T: IntoResponse> IntoResponse for WithCookie<T> {
    fn into_response(self) -> Response {
        let mut response = self.answer.into_response();
        if let Some(cookie) = self.cookie {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
        response
    }
}

impl<T: Documented> Documented for WithCookie<T> {
    #[cfg(feature = "openapi")]
    fn document(page: &mut Page<'_>) {
        T::document(page);
    }
}

/// A token, in the way of a transport.
#[derive(Debug)]
pub(crate) struct TokenAnswer(pub(crate) Response);

impl TokenAnswer {
    /// The tokens, for a backend that clients reach under this path.
    pub(crate) fn new(transport: &dyn Transport, issued: &Issued, path: &str) -> Self {
        Self(respond::no_store(transport.issued_response(issued, path)))
    }
}

impl IntoResponse for TokenAnswer {
    fn into_response(self) -> Response {
        self.0
    }
}

impl Documented for TokenAnswer {
    #[cfg(feature = "openapi")]
    fn document(page: &mut Page<'_>) {
        let mut issued = Issued::new(EXAMPLE_TOKEN);
        if page.refreshes() {
            issued.refresh = Some(EXAMPLE_REFRESH_TOKEN.to_owned());
            issued.expires_in = Some(std::time::Duration::from_mins(10));
        }
        page.answers_as(|transport| Self::new(transport, &issued, "/").0);
    }
}

/// What makes a client forget its token, in the way of a transport.
#[derive(Debug)]
pub(crate) struct LoggedOut(Response);

impl LoggedOut {
    /// The answer of a backend; `path` is what clients reach it under, where it has refresh tokens.
    pub(crate) fn new(transport: &dyn Transport, path: Option<&str>) -> Self {
        Self(match path {
            Some(path) => transport.forgetting_response(path),
            None => transport.logout_response(),
        })
    }
}

impl IntoResponse for LoggedOut {
    fn into_response(self) -> Response {
        self.0
    }
}

impl Documented for LoggedOut {
    #[cfg(feature = "openapi")]
    fn document(page: &mut Page<'_>) {
        page.answers_as(|transport| Self::new(transport, None).0);
    }
}

/// What a token may look like; no user has it.
#[cfg(feature = "openapi")]
const EXAMPLE_TOKEN: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.e30.example";

/// What a refresh token may look like; it belongs to no session.
#[cfg(feature = "openapi")]
const EXAMPLE_REFRESH_TOKEN: &str = "example-refresh-token";

fn status<const STATUS: u16>() -> StatusCode {
    const {
        assert!(
            STATUS >= 100 && STATUS < 1000,
            "a status code has three digits"
        );
    };
    StatusCode::from_u16(STATUS).unwrap_or(StatusCode::OK)
}
