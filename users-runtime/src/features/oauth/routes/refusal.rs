//! What a browser receives when a login fails.

use axum::response::{IntoResponse, Response};

#[cfg(feature = "openapi")]
use crate::web::outcome::Outcome;
use crate::{
    error::Error,
    features::oauth::{OAuthError, UnlinkError},
    oauth::{HttpError, ProviderError, StateError},
    web::{
        outcome,
        refusals::{Refusals, answers, refusals},
    },
};

refusals! {
    /// Why a browser is not sent to the provider.
    pub(crate) enum AuthorizeRefusal {
        InvalidNext = OAUTH_INVALID_NEXT,
        InvalidScope = OAUTH_INVALID_SCOPE,
        | Redirect(NoRedirectUrl),
        | Unprepared(ProviderUnavailable),
        | Failed(Error),
    }
}

refusals! {
    /// Why it is unknown where the provider shall send browsers back to.
    pub(crate) enum NoRedirectUrl {
        NoHost = BAD_REQUEST,
        NotConfigured = OAUTH_REDIRECT_URL_NOT_CONFIGURED,
    }
}

refusals! {
    /// Why what a browser brought back is worth nothing.
    pub(crate) enum ReturnRefusal {
        Incomplete = BAD_REQUEST,
        Undecodable = ACCESS_TOKEN_DECODE_ERROR,
        Expired = ACCESS_TOKEN_ALREADY_EXPIRED,
        Invalid = OAUTH_INVALID_STATE,
        | Redirect(NoRedirectUrl),
        | Unprepared(ProviderUnavailable),
        | Provider(ErrorOfProvider),
        | Failed(Error),
    }
}

impl From<StateError> for ReturnRefusal {
    fn from(error: StateError) -> Self {
        match error {
            StateError::Undecodable => Self::Undecodable,
            StateError::Expired => Self::Expired,
            StateError::Invalid => Self::Invalid,
        }
    }
}

refusals! {
    /// Why a code is worth nothing, or the token that it was exchanged for.
    pub(crate) enum ProviderRefusal {
        Unavailable = OAUTH_PROVIDER_UNAVAILABLE,
        NoToken = OAUTH_CODE_EXCHANGE_FAILED,
        NoProfile = OAUTH_PROFILE_FAILED,
    }
}

refusals! {
    /// That nothing is known of a provider, since it cannot be asked.
    pub(crate) enum ProviderUnavailable {
        Unavailable = OAUTH_PROVIDER_UNAVAILABLE,
    }
}

impl From<ProviderError> for ProviderUnavailable {
    fn from(error: ProviderError) -> Self {
        warn(&error);
        Self::Unavailable
    }
}

fn warn(error: &ProviderError) {
    tracing::warn!(
        error = error as &dyn std::error::Error,
        "a provider's answer was refused"
    );
}

impl ProviderRefusal {
    /// That the provider cannot be reached, or else what its answer means.
    pub(crate) fn or(self, error: &ProviderError) -> Self {
        warn(error);
        match error {
            ProviderError::Http(HttpError::Unreachable(_) | HttpError::TooLong) => {
                Self::Unavailable
            }
            _ => self,
        }
    }
}

/// The error that a provider sent the browser back with (RFC 6749, section 4.1.2.1).
#[derive(Debug)]
pub(crate) struct ErrorOfProvider(pub(crate) String);

impl IntoResponse for ErrorOfProvider {
    fn into_response(self) -> Response {
        outcome::OAUTH_PROVIDER_ERROR.saying(&self.0)
    }
}

impl Refusals for ErrorOfProvider {
    fn code(&self) -> &str {
        &self.0
    }

    #[cfg(feature = "openapi")]
    fn outcomes() -> Vec<Outcome> {
        vec![outcome::OAUTH_PROVIDER_ERROR]
    }
}

answers! {
    OAuthError {
        NoEmail => OAUTH_NOT_AVAILABLE_EMAIL.answer(),
        UserExists => OAUTH_USER_ALREADY_EXISTS.answer(),
        AccountTaken => OAUTH_ACCOUNT_ALREADY_LINKED.answer(),
    }
    UnlinkError {
        LastWayIn => OAUTH_LAST_LOGIN_METHOD.answer(),
    }
}
