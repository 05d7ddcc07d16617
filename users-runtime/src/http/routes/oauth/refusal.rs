//! What a browser is told when it does not get in.

use axum::response::{IntoResponse as _, Response};
use http::StatusCode;

use crate::{
    error::Error,
    http::respond,
    manager::OAuthError,
    oauth::{HttpError, ProviderError, StateError},
};

/// A refusal: its status and its code, or a failure of ours.
#[derive(Debug)]
pub(super) enum Refusal {
    Told { status: StatusCode, detail: String },
    Failed(Error),
}

impl Refusal {
    pub(super) fn bad_request(detail: impl Into<String>) -> Self {
        Self::Told { status: StatusCode::BAD_REQUEST, detail: detail.into() }
    }

    /// The code for a front end.
    pub(super) fn code(&self) -> &str {
        match self {
            Self::Told { detail, .. } => detail,
            Self::Failed(_) => "SERVER_ERROR",
        }
    }

    pub(super) fn into_response(self) -> Response {
        match self {
            Self::Told { status, detail } => respond::detail(status, &detail),
            Self::Failed(error) => error.into_response(),
        }
    }

    /// Why a code or a token of the provider's is worth nothing.
    pub(super) fn of_provider(error: &ProviderError, code: &str) -> Self {
        tracing::warn!(error = error as &dyn std::error::Error, "a provider's answer was refused");
        match error {
            ProviderError::Http(HttpError::Unreachable(_) | HttpError::TooLong) => {
                Self::Told { status: StatusCode::BAD_GATEWAY, detail: "OAUTH_PROVIDER_UNAVAILABLE".to_owned() }
            }
            _ => Self::bad_request(code),
        }
    }
}

impl From<StateError> for Refusal {
    fn from(error: StateError) -> Self {
        Self::bad_request(match error {
            StateError::Undecodable => "ACCESS_TOKEN_DECODE_ERROR",
            StateError::Expired => "ACCESS_TOKEN_ALREADY_EXPIRED",
            StateError::Invalid => "OAUTH_INVALID_STATE",
        })
    }
}

impl From<OAuthError> for Refusal {
    fn from(error: OAuthError) -> Self {
        Self::bad_request(match error {
            OAuthError::NoEmail => "OAUTH_NOT_AVAILABLE_EMAIL",
            OAuthError::UserExists => "OAUTH_USER_ALREADY_EXISTS",
            OAuthError::AccountTaken => "OAUTH_ACCOUNT_ALREADY_LINKED",
            OAuthError::LastWayIn => "OAUTH_LAST_LOGIN_METHOD",
            OAuthError::Failed(error) => return Self::Failed(error),
        })
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}
