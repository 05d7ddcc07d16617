//! Why a login failed, and what the client receives.

use std::time::Duration;

use axum::response::{IntoResponse, Response};

use super::NotIssued;
#[cfg(feature = "openapi")]
use crate::web::outcome::Outcome;
use crate::{
    error::{Error, HookError},
    hook_refusal::HookRefusal,
    web::{
        outcome,
        refusals::{Refusals, TooManyAttempts},
    },
    wire::respond,
};

/// Why a user was not logged in. As a response it is what the built-in login answers.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum LoginError {
    /// The credentials are wrong or no longer valid, or the user is unknown, inactive or deleted: 400 `LOGIN_BAD_CREDENTIALS`.
    #[error("the credentials are wrong, or the user is inactive")]
    BadCredentials,
    /// The backend requires a verified address: 400 `LOGIN_USER_NOT_VERIFIED`.
    #[error("the user's address is not verified")]
    NotVerified,
    /// The limits allow no further attempt now: 429 `TOO_MANY_ATTEMPTS`, with `Retry-After`.
    #[error("too many attempts by this client or at this account")]
    Limited {
        /// When trying again makes sense.
        retry_after: Duration,
    },
    /// A page of another site caused the request, and the backend sets a cookie: 403 `CROSS_SITE_REQUEST`.
    #[error("another site caused the request")]
    CrossSite,
    /// A hook has refused the login with this answer.
    #[error("a hook refused the login")]
    Refused(#[source] Box<HookRefusal>),
    /// More passwords wait to be hashed than the queue may hold: 503 with `Retry-After`.
    #[error("too many passwords are waiting to be hashed")]
    Overloaded {
        /// When trying again makes sense.
        retry_after: Duration,
    },
    /// The user system has no backend of this name: 500.
    #[error("there is no backend `{0}`")]
    UnknownBackend(String),
    /// Something failed: 503 where trying again helps, else 500.
    #[error(transparent)]
    Failed(Error),
}

impl LoginError {
    /// The code in the body of the answer, for texts of your own: `LOGIN_BAD_CREDENTIALS`, `LOGIN_USER_NOT_VERIFIED`, `TOO_MANY_ATTEMPTS`,
    /// `CROSS_SITE_REQUEST`, a hook's own, or `SERVER_ERROR` for everything that is not the client's fault.
    pub fn code(&self) -> &str {
        match self {
            Self::BadCredentials => outcome::LOGIN_BAD_CREDENTIALS.text(),
            Self::NotVerified => outcome::LOGIN_USER_NOT_VERIFIED.text(),
            Self::Limited { .. } => outcome::TOO_MANY_ATTEMPTS.text(),
            Self::CrossSite => outcome::CROSS_SITE_REQUEST.text(),
            Self::Refused(refusal) => refusal.code(),
            Self::Overloaded { .. } | Self::UnknownBackend(_) | Self::Failed(_) => "SERVER_ERROR",
        }
    }
}

impl From<Error> for LoginError {
    fn from(error: Error) -> Self {
        let refused = |error: HookError, other: fn(HookError) -> Error| {
            error
                .downcast()
                .map_or_else(|error| Self::Failed(other(error)), Self::Refused)
        };
        match error {
            Error::Overloaded { retry_after } => Self::Overloaded { retry_after },
            Error::Refused(error) => refused(error, Error::Refused),
            Error::Hook(error) => refused(error, Error::Hook),
            other => Self::Failed(other),
        }
    }
}

impl From<NotIssued> for LoginError {
    fn from(refused: NotIssued) -> Self {
        match refused {
            NotIssued::BadCredentials => Self::BadCredentials,
            NotIssued::NotVerified => Self::NotVerified,
        }
    }
}

impl From<TooManyAttempts> for LoginError {
    fn from(TooManyAttempts { retry_after }: TooManyAttempts) -> Self {
        Self::Limited { retry_after }
    }
}

impl IntoResponse for LoginError {
    fn into_response(self) -> Response {
        respond::with_safe_headers(match self {
            Self::BadCredentials => outcome::LOGIN_BAD_CREDENTIALS.answer(),
            Self::NotVerified => outcome::LOGIN_USER_NOT_VERIFIED.answer(),
            Self::Limited { retry_after } => TooManyAttempts { retry_after }.into_response(),
            Self::CrossSite => outcome::CROSS_SITE_REQUEST.answer(),
            Self::Refused(refusal) => Error::Refused(refusal).into_response(),
            Self::Overloaded { retry_after } => Error::Overloaded { retry_after }.into_response(),
            Self::UnknownBackend(_) => {
                tracing::error!(error = &self as &dyn std::error::Error, "request failed");
                outcome::SERVER_ERROR.answer()
            }
            Self::Failed(error) => error.into_response(),
        })
    }
}

impl Refusals for LoginError {
    #[cfg(feature = "oauth")]
    fn code(&self) -> &str {
        self.code()
    }

    #[cfg(feature = "openapi")]
    fn outcomes() -> Vec<Outcome> {
        let own = [
            outcome::LOGIN_BAD_CREDENTIALS,
            outcome::LOGIN_USER_NOT_VERIFIED,
            outcome::TOO_MANY_ATTEMPTS,
        ];
        own.into_iter().chain(Error::outcomes()).collect()
    }
}

crate::error_debug::debug_as_sentence!(LoginError);
