//! Errors whose every answer is known: what a route can answer besides success is what its error type lists.

use std::time::Duration;

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde_json::json;

#[cfg(feature = "openapi")]
use super::outcome::Outcome;
use super::{
    outcome::{self, VALIDATION_ERROR},
    unlogged,
};
#[cfg(feature = "oauth")]
use crate::hook_refusal::HookRefusal;
use crate::{
    error::Error,
    features::register::uniform::UniformRegisterError,
    schema::{ValidationError, echo},
    store::StoreError,
    users::{
        DeleteError, FieldNotSet, Refused, RegisterError, ResetPasswordError, UnlockError,
        UpdateError, VerifyError,
    },
    wire::form::FormError,
};

/// An error whose answers are known.
pub(crate) trait Refusals: IntoResponse {
    /// The code for a front end that receives it in a URL.
    #[cfg(feature = "oauth")]
    fn code(&self) -> &str;

    /// All the answers that it can be.
    #[cfg(feature = "openapi")]
    fn outcomes() -> Vec<Outcome>;
}

/// An enumeration of what a route refuses with: outcomes of its own, then the errors that it passes on.
macro_rules! refusals {
    ($(#[$doc:meta])* $vis:vis enum $name:ident { $($own:ident = $outcome:ident,)* $(| $passed:ident($error:ty),)* }) => {
        $(#[$doc])*
        #[derive(Debug)]
        $vis enum $name {
            $($own,)*
            $($passed($error),)*
        }

        impl ::axum::response::IntoResponse for $name {
            fn into_response(self) -> ::axum::response::Response {
                match self {
                    $(Self::$own => $crate::web::outcome::$outcome.answer(),)*
                    $(Self::$passed(error) => error.into_response(),)*
                }
            }
        }

        impl $crate::web::refusals::Refusals for $name {
            #[cfg(feature = "oauth")]
            fn code(&self) -> &str {
                match self {
                    $(Self::$own => $crate::web::outcome::$outcome.text(),)*
                    $(Self::$passed(error) => error.code(),)*
                }
            }

            #[cfg(feature = "openapi")]
            fn outcomes() -> Vec<$crate::web::outcome::Outcome> {
                let own: Vec<$crate::web::outcome::Outcome> = vec![$($crate::web::outcome::$outcome),*];
                let passed: Vec<Vec<_>> = vec![$(<$error as $crate::web::refusals::Refusals>::outcomes()),*];
                own.into_iter().chain(passed.into_iter().flatten()).collect()
            }
        }

        $(
            impl From<$error> for $name {
                fn from(error: $error) -> Self {
                    Self::$passed(error)
                }
            }
        )*
    };
}
pub(crate) use refusals;

/// What an error of the manager's answers, variant by variant; `Failed` is a failure of ours.
macro_rules! answers {
    ($($error:ident { $($variant:ident $(($bound:ident))? => $outcome:ident.$how:ident($($argument:expr)?),)* })*) => {$(
        impl IntoResponse for $error {
            fn into_response(self) -> Response {
                match self {
                    $(Self::$variant $(($bound))? => outcome::$outcome.$how($($argument)?),)*
                    Self::Failed(error) => error.into_response(),
                }
            }
        }

        impl Refusals for $error {
            #[cfg(feature = "oauth")]
            fn code(&self) -> &str {
                match self {
                    $(Self::$variant { .. } => outcome::$outcome.text(),)*
                    Self::Failed(error) => error.code(),
                }
            }

            #[cfg(feature = "openapi")]
            fn outcomes() -> Vec<Outcome> {
                let own = [$(outcome::$outcome),*];
                own.into_iter().chain(Error::outcomes()).collect()
            }
        }
    )*};
}
#[cfg(feature = "oauth")]
pub(crate) use answers;

answers! {
    Refused {
        Unauthorized => UNAUTHORIZED.answer(),
        Forbidden => FORBIDDEN.answer(),
        CrossSite => CROSS_SITE_REQUEST.answer(),
    }
    RegisterError {
        InvalidPassword(refused) => REGISTER_INVALID_PASSWORD.because(&refused.reason),
        PasswordTooLong(max) => VALIDATION_ERROR.with(&[password_too_long(max)]),
        EmailTaken => REGISTER_USER_ALREADY_EXISTS.answer(),
        InvalidFields(errors) => VALIDATION_ERROR.with(&errors),
        Unstorable(error) => VALIDATION_ERROR.with(&[unstorable(&error)]),
    }
    UniformRegisterError {
        InvalidPassword(refused) => REGISTER_INVALID_PASSWORD.because(&refused.reason),
        PasswordTooLong(max) => VALIDATION_ERROR.with(&[password_too_long(max)]),
        InvalidFields(errors) => VALIDATION_ERROR.with(&errors),
    }
    UpdateError {
        InvalidPassword(refused) => UPDATE_USER_INVALID_PASSWORD.because(&refused.reason),
        PasswordTooLong(max) => VALIDATION_ERROR.with(&[password_too_long(max)]),
        EmailTaken => UPDATE_USER_EMAIL_ALREADY_EXISTS.answer(),
        NotFound => NOT_FOUND.answer(),
        SessionEnded => UNAUTHORIZED.answer(),
        Forbidden => FORBIDDEN.answer(),
        Unstorable(error) => VALIDATION_ERROR.with(&[unstorable(&error)]),
    }
    DeleteError {
        NotFound => NOT_FOUND.answer(),
    }
    ResetPasswordError {
        BadToken => RESET_PASSWORD_BAD_TOKEN.answer(),
        InvalidPassword(refused) => RESET_PASSWORD_INVALID_PASSWORD.because(&refused.reason),
        PasswordTooLong(max) => VALIDATION_ERROR.with(&[password_too_long(max)]),
    }
    UnlockError {
        BadToken => UNLOCK_BAD_TOKEN.answer(),
    }
    VerifyError {
        BadToken => VERIFY_USER_BAD_TOKEN.answer(),
        AlreadyVerified => VERIFY_USER_ALREADY_VERIFIED.answer(),
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        if let Some(answer) = answer_of_hook(&self) {
            return answer;
        }
        tracing::error!(error = &self as &dyn std::error::Error, "request failed");
        unlogged::report(&self);
        let mut response = if self.status() == StatusCode::SERVICE_UNAVAILABLE {
            outcome::UNAVAILABLE.answer()
        } else {
            outcome::SERVER_ERROR.answer()
        };
        let seconds = match self {
            Self::Overloaded { retry_after } | Self::HooksOverloaded { retry_after } => {
                retry_after.as_secs().max(1)
            }
            Self::SessionStorage(_) | Self::Store(StoreError::Unavailable(_)) => 1,
            _ => return response,
        };
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        response
    }
}

/// The answer that a hook has chosen, or a 422 where it set a value that is not valid.
fn answer_of_hook(error: &Error) -> Option<Response> {
    if let Some(refusal) = error.refusal() {
        tracing::info!(status = %refusal.status(), code = refusal.code(), "refused by a hook");
        return Some(refusal.answer());
    }
    match error {
        Error::Hook(error) | Error::Refused(error) => match error.downcast_ref() {
            Some(FieldNotSet::Invalid(error)) => {
                Some(VALIDATION_ERROR.with(std::slice::from_ref(&**error)))
            }
            _ => None,
        },
        _ => None,
    }
}

impl Refusals for Error {
    #[cfg(feature = "oauth")]
    fn code(&self) -> &str {
        self.refusal().map_or("SERVER_ERROR", HookRefusal::code)
    }

    #[cfg(feature = "openapi")]
    fn outcomes() -> Vec<Outcome> {
        vec![outcome::SERVER_ERROR, outcome::UNAVAILABLE]
    }
}

/// More attempts than the limits allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TooManyAttempts {
    /// When trying again makes sense.
    pub(crate) retry_after: Duration,
}

impl IntoResponse for TooManyAttempts {
    fn into_response(self) -> Response {
        let seconds = self.retry_after.as_millis().div_ceil(1000).max(1);
        let mut response = outcome::TOO_MANY_ATTEMPTS.answer();
        response.headers_mut().insert(
            header::RETRY_AFTER,
            HeaderValue::from(u64::try_from(seconds).unwrap_or(u64::MAX)),
        );
        response
    }
}

impl Refusals for TooManyAttempts {
    #[cfg(feature = "oauth")]
    fn code(&self) -> &'static str {
        outcome::TOO_MANY_ATTEMPTS.text()
    }

    #[cfg(feature = "openapi")]
    fn outcomes() -> Vec<Outcome> {
        vec![outcome::TOO_MANY_ATTEMPTS]
    }
}

/// A body whose fields are not what the schema asks for: 422 with every error at once.
#[derive(Debug)]
pub(crate) struct Unprocessable(pub(crate) Vec<ValidationError>);

impl IntoResponse for Unprocessable {
    fn into_response(self) -> Response {
        VALIDATION_ERROR.with(&echo::bounded(self.0))
    }
}

impl Refusals for Unprocessable {
    #[cfg(feature = "oauth")]
    fn code(&self) -> &'static str {
        VALIDATION_ERROR.text()
    }

    #[cfg(feature = "openapi")]
    fn outcomes() -> Vec<Outcome> {
        vec![VALIDATION_ERROR]
    }
}

impl IntoResponse for FormError {
    fn into_response(self) -> Response {
        outcome::MALFORMED_FORM.saying(self.0)
    }
}

impl Refusals for FormError {
    #[cfg(feature = "oauth")]
    fn code(&self) -> &'static str {
        self.0
    }

    #[cfg(feature = "openapi")]
    fn outcomes() -> Vec<Outcome> {
        vec![outcome::MALFORMED_FORM]
    }
}

/// A password beyond the policy's limit, as Pydantic reports text that is too long; the password is not repeated.
fn password_too_long(max: usize) -> serde_json::Value {
    json!({
        "type": "string_too_long",
        "loc": ["body", "password"],
        "msg": format!("String should have at most {max} characters"),
        "ctx": { "max_length": max },
    })
}

/// A value that the store cannot hold is the client's mistake; the column is named, the value is not repeated.
fn unstorable(error: &StoreError) -> serde_json::Value {
    let (place, reason) = match error {
        StoreError::Value { column, reason } => (json!(["body", column]), reason.to_string()),
        _ => (json!(["body"]), "it cannot be stored".to_owned()),
    };
    json!({ "type": "value_error", "loc": place, "msg": format!("Value error, {reason}") })
}
