//! Why the manager refused; one enumeration per operation, which also decides the route's answer.

use crate::{
    error::Error, schema::ValidationError, store::StoreError, users::hooks::InvalidPassword,
};

/// Why a new password is refused.
#[derive(Debug)]
pub(crate) enum RefusedPassword {
    /// It has more code points than this.
    TooLong(usize),
    /// The policy or the application refuses it.
    Invalid(InvalidPassword),
}

/// Why a user was not registered.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum RegisterError {
    /// The password policy refuses the password.
    #[error(transparent)]
    InvalidPassword(#[from] InvalidPassword),
    /// The password has more Unicode code points than this limit of the policy.
    #[error("the password has more than {0} characters")]
    PasswordTooLong(usize),
    /// Another user has the address.
    #[error("another user has this e-mail address")]
    EmailTaken,
    /// Values that `before_register` has set do not make a valid user together.
    #[error("a hook has set a value that is not valid")]
    InvalidFields(Vec<ValidationError>),
    /// A value is one that the store cannot hold, such as text with a NUL character.
    #[error("a value cannot be stored")]
    Unstorable(#[source] StoreError),
    /// Something failed.
    #[error(transparent)]
    Failed(#[from] Error),
}

/// Why a user was not changed.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum UpdateError {
    /// The password policy refuses the password.
    #[error(transparent)]
    InvalidPassword(#[from] InvalidPassword),
    /// The password has more Unicode code points than this limit of the policy.
    #[error("the password has more than {0} characters")]
    PasswordTooLong(usize),
    /// Another user has the address.
    #[error("another user has this e-mail address")]
    EmailTaken,
    /// There is no such user (any more).
    #[error("there is no such user")]
    NotFound,
    /// The session that asked ended while the request waited.
    #[error("the session has ended")]
    SessionEnded,
    /// The user who asked lost the right to it while the request waited.
    #[error("the user is not allowed to do this any more")]
    Forbidden,
    /// A value is one that the store cannot hold, such as text with a NUL character.
    #[error("a value cannot be stored")]
    Unstorable(#[source] StoreError),
    /// Something failed.
    #[error(transparent)]
    Failed(#[from] Error),
}

/// Why a user was not deleted.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum DeleteError {
    /// There is no such user (any more).
    #[error("there is no such user")]
    NotFound,
    /// Something failed.
    #[error(transparent)]
    Failed(#[from] Error),
}

/// Why a password was not reset.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum ResetPasswordError {
    /// The token is malformed, expired, used or for a user who is deleted or inactive.
    #[error("the token is invalid or has expired")]
    BadToken,
    /// The password policy refuses the password; the token is still valid.
    #[error(transparent)]
    InvalidPassword(#[from] InvalidPassword),
    /// The password has more Unicode code points than this limit of the policy.
    #[error("the password has more than {0} characters")]
    PasswordTooLong(usize),
    /// Something failed.
    #[error(transparent)]
    Failed(#[from] Error),
}

/// Why an account was not unlocked.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum UnlockError {
    /// The token is malformed, expired, used, or for a user who is gone or inactive, or has another password or address by now.
    #[error("the token is invalid or has expired")]
    BadToken,
    /// Something failed.
    #[error(transparent)]
    Failed(#[from] Error),
}

/// Why an address was not verified.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum VerifyError {
    /// The token is malformed, expired, or for an address that the user no longer has.
    #[error("the token is invalid or has expired")]
    BadToken,
    /// The address was verified before.
    #[error("the user is verified already")]
    AlreadyVerified,
    /// Something failed.
    #[error(transparent)]
    Failed(#[from] Error),
}

macro_rules! of_refused_password {
    ($($error:ident)*) => {$(
        impl From<RefusedPassword> for $error {
            fn from(refused: RefusedPassword) -> Self {
                match refused {
                    RefusedPassword::TooLong(max) => Self::PasswordTooLong(max),
                    RefusedPassword::Invalid(reason) => Self::InvalidPassword(reason),
                }
            }
        }
    )*};
}

of_refused_password! { RegisterError UpdateError ResetPasswordError }

impl From<StoreError> for RegisterError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::EmailTaken => Self::EmailTaken,
            StoreError::Value { .. } => Self::Unstorable(error),
            other => Self::Failed(other.into()),
        }
    }
}

impl From<StoreError> for DeleteError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound => Self::NotFound,
            other => Self::Failed(other.into()),
        }
    }
}

impl From<StoreError> for UpdateError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::EmailTaken => Self::EmailTaken,
            StoreError::NotFound => Self::NotFound,
            StoreError::Value { .. } => Self::Unstorable(error),
            other => Self::Failed(other.into()),
        }
    }
}

crate::error_debug::debug_as_sentence!(
    RegisterError,
    UpdateError,
    DeleteError,
    ResetPasswordError,
    UnlockError,
    VerifyError
);
