//! Reading request bodies as FastAPI reads them: syntax at once, fields only after the guard.

use axum::{
    body::{Bytes, to_bytes},
    extract::{FromRequest, Request},
    response::{IntoResponse as _, Response},
};
use http::{HeaderMap, StatusCode, header, request::Parts};
use http_body_util::LengthLimitError;

use super::{parts::quiet, rejections::Unprocessable, respond};
use crate::{
    manager::Users,
    model::{UserModel, Viewer},
    schema::{
        InputSchema,
        body::{Body, BodyError},
        form,
        login::LoginForm,
    },
};

/// A body that was read and, where it is JSON, parsed; its fields are judged by the handler, after the guard.
#[derive(Debug)]
pub(crate) struct JsonBody {
    pub(crate) parts: Parts,
    body: Body,
}

impl JsonBody {
    /// The body as a whole schema.
    pub(crate) fn model<T: InputSchema>(&self, viewer: Viewer) -> Result<T, Unprocessable> {
        self.body.model(viewer).map_err(Unprocessable)
    }

    /// The e-mail address of a body with the one field `email`.
    pub(crate) fn embedded_email(&self) -> Result<String, Unprocessable> {
        self.body.email().map_err(Unprocessable)
    }

    /// The texts of a body with these fields.
    pub(crate) fn embedded_texts<const N: usize>(&self, fields: [&'static str; N]) -> Result<[String; N], Unprocessable> {
        self.body.texts(fields).map_err(Unprocessable)
    }
}

impl<U: UserModel> FromRequest<Users<U>> for JsonBody {
    type Rejection = Response;

    async fn from_request(request: Request, users: &Users<U>) -> Result<Self, Response> {
        let (parts, bytes) = read(request, users.options().body_limit).await?;
        let body = Body::read(content_type(&parts.headers), &bytes).map_err(|error| match error {
            BodyError::Unreadable => respond::detail(StatusCode::BAD_REQUEST, "There was an error parsing the body"),
            BodyError::Invalid(error) => Unprocessable(vec![*error]).into_response(),
        })?;
        Ok(Self { parts, body })
    }
}

/// The form of a login.
#[derive(Debug)]
pub(crate) struct FormBody {
    pub(crate) parts: Parts,
    pub(crate) form: LoginForm,
}

impl<U: UserModel> FromRequest<Users<U>> for FormBody {
    type Rejection = Response;

    async fn from_request(request: Request, users: &Users<U>) -> Result<Self, Response> {
        let (parts, bytes) = read(request, users.options().body_limit).await?;
        let form = form::read(content_type(&parts.headers), &bytes)
            .map_err(|error| respond::detail(StatusCode::BAD_REQUEST, error.0))?;
        let form = LoginForm::read(&form).map_err(|errors| Unprocessable(errors).into_response())?;
        Ok(Self { parts, form })
    }
}

async fn read(request: Request, limit: usize) -> Result<(Parts, Bytes), Response> {
    let (parts, body) = request.into_parts();
    match to_bytes(body, limit).await {
        Ok(bytes) => Ok((quiet(parts), bytes)),
        Err(error) => Err(if error.into_inner().is::<LengthLimitError>() {
            respond::detail(StatusCode::PAYLOAD_TOO_LARGE, "Content Too Large")
        } else {
            respond::detail(StatusCode::BAD_REQUEST, "There was an error parsing the body")
        }),
    }
}

fn content_type(headers: &HeaderMap) -> Option<&[u8]> {
    headers.get(header::CONTENT_TYPE).map(http::HeaderValue::as_bytes)
}
