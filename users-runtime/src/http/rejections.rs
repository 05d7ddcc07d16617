//! What a client is told when the manager refuses: one place for every status and every code.

use axum::response::{IntoResponse, Response};
use http::StatusCode;

use super::respond;
use crate::{
    manager::{Refused, RegisterError, ResetPasswordError, UpdateError, VerifyError},
    schema::ValidationError,
    store::StoreError,
};

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        match self {
            Self::Unauthorized => respond::detail(StatusCode::UNAUTHORIZED, "Unauthorized"),
            Self::Forbidden => respond::detail(StatusCode::FORBIDDEN, "Forbidden"),
            Self::Failed(error) => error.into_response(),
        }
    }
}

impl IntoResponse for RegisterError {
    fn into_response(self) -> Response {
        match self {
            Self::InvalidPassword(refused) => {
                respond::coded(StatusCode::BAD_REQUEST, "REGISTER_INVALID_PASSWORD", &refused.reason)
            }
            Self::EmailTaken => respond::detail(StatusCode::BAD_REQUEST, "REGISTER_USER_ALREADY_EXISTS"),
            Self::Unstorable(error) => unstorable(&error),
            Self::Failed(error) => error.into_response(),
        }
    }
}

impl IntoResponse for UpdateError {
    fn into_response(self) -> Response {
        match self {
            Self::InvalidPassword(refused) => {
                respond::coded(StatusCode::BAD_REQUEST, "UPDATE_USER_INVALID_PASSWORD", &refused.reason)
            }
            Self::EmailTaken => respond::detail(StatusCode::BAD_REQUEST, "UPDATE_USER_EMAIL_ALREADY_EXISTS"),
            Self::NotFound => respond::detail(StatusCode::NOT_FOUND, "Not Found"),
            Self::Unstorable(error) => unstorable(&error),
            Self::Failed(error) => error.into_response(),
        }
    }
}

impl IntoResponse for ResetPasswordError {
    fn into_response(self) -> Response {
        match self {
            Self::BadToken => respond::detail(StatusCode::BAD_REQUEST, "RESET_PASSWORD_BAD_TOKEN"),
            Self::InvalidPassword(refused) => {
                respond::coded(StatusCode::BAD_REQUEST, "RESET_PASSWORD_INVALID_PASSWORD", &refused.reason)
            }
            Self::Failed(error) => error.into_response(),
        }
    }
}

impl IntoResponse for VerifyError {
    fn into_response(self) -> Response {
        match self {
            Self::BadToken => respond::detail(StatusCode::BAD_REQUEST, "VERIFY_USER_BAD_TOKEN"),
            Self::AlreadyVerified => respond::detail(StatusCode::BAD_REQUEST, "VERIFY_USER_ALREADY_VERIFIED"),
            Self::Failed(error) => error.into_response(),
        }
    }
}

/// A body whose fields are not what the schema asks for: 422 with every error at once.
#[derive(Debug)]
pub(crate) struct Unprocessable(pub(crate) Vec<ValidationError>);

impl IntoResponse for Unprocessable {
    fn into_response(self) -> Response {
        // Not by way of `serde_json::Value`, which has no numbers of more than 64 bits to echo.
        #[derive(serde::Serialize)]
        struct Answer {
            detail: Vec<ValidationError>,
        }
        respond::serialized(StatusCode::UNPROCESSABLE_ENTITY, &Answer { detail: self.0 })
    }
}

/// A value that the store cannot hold is the client's mistake; the column is named, the value is not repeated.
fn unstorable(error: &StoreError) -> Response {
    let StoreError::Value { column, reason } = error else {
        return respond::detail(StatusCode::UNPROCESSABLE_ENTITY, "UNSTORABLE_VALUE");
    };
    let problem = serde_json::json!({ "type": "value_error", "loc": ["body", column], "msg": format!("Value error, {reason}") });
    respond::serialized(StatusCode::UNPROCESSABLE_ENTITY, &serde_json::json!({ "detail": [problem] }))
}
