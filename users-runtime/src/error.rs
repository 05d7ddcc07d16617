//! Errors, and what a client receives for them.

use std::time::Duration;

use http::StatusCode;

use crate::{hook_refusal::HookRefusal, password::PasswordError, store::StoreError};

/// The error of a hook: the operation stops. Any error becomes one by `?` or `into()`. A [`HookRefusal`](crate::hooks::HookRefusal) is
/// what the client receives; for all others the answer is 500.
pub type HookError = Box<dyn std::error::Error + Send + Sync>;

/// A failure that is not the client's fault.
///
/// As a response it is what a [`HookRefusal`] says, `503` where trying again helps and `500` otherwise; its details reach the log, never a client.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The store failed.
    #[error("the store failed")]
    Store(#[from] StoreError),
    /// A strategy's own storage failed, such as Redis.
    #[error("the session storage is unavailable")]
    SessionStorage(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// More passwords wait to be hashed than the queue may hold.
    #[error("too many passwords are waiting to be hashed")]
    Overloaded {
        /// When trying again makes sense.
        retry_after: Duration,
    },
    /// As many hooks run after their answers as may, and none ended within a second.
    #[error(
        "too many hooks run in the background: find out why they are slow, or raise `max_background_hooks`"
    )]
    HooksOverloaded {
        /// When trying again makes sense.
        retry_after: Duration,
    },
    /// A hook of the application failed.
    #[error("a hook failed")]
    Hook(#[source] HookError),
    /// A hook that decides, such as `before_register`, refused or failed; nothing has happened.
    #[error("a hook refused")]
    Refused(#[source] HookError),
    /// The function of a computed field failed, so that a user cannot be shown.
    #[error("a computed field could not be loaded")]
    Computed(#[source] HookError),
    /// A token could not be made.
    #[error("a token could not be made")]
    Token(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Hashing a password failed.
    #[error("a password could not be hashed")]
    Password(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl Error {
    /// The status code of the response: a hook's own, 503 where trying again helps, else 500.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Store(StoreError::Unavailable(_))
            | Self::SessionStorage(_)
            | Self::Overloaded { .. }
            | Self::HooksOverloaded { .. } => StatusCode::SERVICE_UNAVAILABLE,
            _ => self
                .refusal()
                .map_or(StatusCode::INTERNAL_SERVER_ERROR, HookRefusal::status),
        }
    }
}

impl Error {
    /// The answer with which a hook refused.
    pub(crate) fn refusal(&self) -> Option<&HookRefusal> {
        match self {
            Self::Hook(error) | Self::Refused(error) => error.downcast_ref(),
            _ => None,
        }
    }
}

impl From<PasswordError> for Error {
    fn from(error: PasswordError) -> Self {
        match error {
            PasswordError::Overloaded { retry_after } => Self::Overloaded { retry_after },
            other => Self::Password(other.into()),
        }
    }
}

crate::error_debug::debug_as_sentence!(Error);
