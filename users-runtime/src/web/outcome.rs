//! Every answer that is no success, in one table: its status, what its body says, and when it is given.

use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use serde::Serialize;

use crate::wire::respond;

/// An answer that is no success.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Outcome {
    pub(crate) status: StatusCode,
    detail: Detail,
    /// The name of its example in the OpenAPI document.
    #[cfg(feature = "openapi")]
    pub(crate) name: &'static str,
    /// When it is given.
    #[cfg(feature = "openapi")]
    pub(crate) summary: &'static str,
}

/// What a body says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Detail {
    /// `{"detail": TEXT}`
    Text(&'static str),
    /// `{"detail": TEXT}` with one of several texts, such as this.
    OneOf(&'static str),
    /// `{"detail": {"code": CODE, "reason": REASON}}`
    Coded(&'static str),
    /// `{"detail": [ERROR, …]}`, every mistake of the body at once
    Mistakes,
    /// Text that is no JSON.
    Plain(&'static str),
}

impl Outcome {
    /// The answer whose body says always the same.
    pub(crate) fn answer(self) -> Response {
        match self.detail {
            Detail::Plain(text) => (self.status, text).into_response(),
            _ => respond::detail(self.status, self.text()),
        }
    }

    /// The answer with a text of its own.
    pub(crate) fn saying(self, text: &str) -> Response {
        respond::detail(self.status, text)
    }

    /// The answer with the reason why.
    pub(crate) fn because(self, reason: &str) -> Response {
        respond::coded(self.status, self.text(), reason)
    }

    /// The answer with everything that is wrong.
    pub(crate) fn with(self, mistakes: &[impl Serialize]) -> Response {
        // Not by way of `serde_json::Value`, which has no numbers of more than 64 bits to echo.
        #[derive(Serialize)]
        struct Answer<'a, T> {
            detail: &'a [T],
        }
        respond::serialized(self.status, &Answer { detail: mistakes })
    }

    /// The text, or the code.
    pub(crate) const fn text(self) -> &'static str {
        match self.detail {
            Detail::Text(text)
            | Detail::OneOf(text)
            | Detail::Coded(text)
            | Detail::Plain(text) => text,
            Detail::Mistakes => "",
        }
    }

    /// A body; `None` where it is no JSON.
    #[cfg(feature = "openapi")]
    pub(crate) fn example(self) -> Option<serde_json::Value> {
        use serde_json::json;
        Some(match self.detail {
            Detail::Text(text) | Detail::OneOf(text) => json!({ "detail": text }),
            Detail::Coded(code) => {
                json!({ "detail": { "code": code, "reason": "Password should be at least 3 characters" } })
            }
            Detail::Mistakes => json!({ "detail": [
                { "type": "missing", "loc": ["body", "email"], "msg": "Field required", "input": {} },
            ] }),
            Detail::Plain(_) => return None,
        })
    }
}

macro_rules! outcomes {
    ($($(#[$attribute:meta])* $name:ident: $status:ident, $detail:ident $(($text:literal))?, $summary:literal;)*) => {
        $(
            $(#[$attribute])*
            pub(crate) const $name: Outcome = Outcome {
                status: StatusCode::$status,
                detail: Detail::$detail $(($text))?,
                #[cfg(feature = "openapi")]
                name: stringify!($name),
                #[cfg(feature = "openapi")]
                summary: $summary,
            };
        )*

        /// All of them.
        #[cfg(all(test, feature = "openapi"))]
        pub(crate) const ALL: &[Outcome] = &[$($(#[$attribute])* $name),*];
    };
}

outcomes! {
    UNREADABLE_BODY: BAD_REQUEST, Text("There was an error parsing the body"), "The body is not UTF-8 text, or its JSON exceeds the limits.";
    MALFORMED_FORM: BAD_REQUEST, OneOf("Too many fields. Maximum number of fields is 1000."), "The form cannot be read.";
    BODY_TOO_LONG: PAYLOAD_TOO_LARGE, Text("Content Too Large"), "The body is longer than the server accepts.";
    VALIDATION_ERROR: UNPROCESSABLE_ENTITY, Mistakes, "Validation Error";
    UNAUTHORIZED: UNAUTHORIZED, Text("Unauthorized"), "Missing token or inactive user.";
    FORBIDDEN: FORBIDDEN, Text("Forbidden"), "The user is not allowed: not verified, or not a superuser.";
    CROSS_SITE_REQUEST: FORBIDDEN, Text("CROSS_SITE_REQUEST"), "Another site caused the request, and a cookie would authenticate it.";
    NOT_FOUND: NOT_FOUND, Text("Not Found"), "The user does not exist.";
    LOGIN_BAD_CREDENTIALS: BAD_REQUEST, Text("LOGIN_BAD_CREDENTIALS"), "Bad credentials or the user is inactive.";
    LOGIN_USER_NOT_VERIFIED: BAD_REQUEST, Text("LOGIN_USER_NOT_VERIFIED"), "The user is not verified.";
    REGISTER_USER_ALREADY_EXISTS: BAD_REQUEST, Text("REGISTER_USER_ALREADY_EXISTS"), "A user with this email already exists.";
    REGISTER_INVALID_PASSWORD: BAD_REQUEST, Coded("REGISTER_INVALID_PASSWORD"), "Password validation failed.";
    REFRESH_BAD_TOKEN: BAD_REQUEST, Text("REFRESH_BAD_TOKEN"), "Bad, expired or used refresh token, or its session has ended.";
    RESET_PASSWORD_BAD_TOKEN: BAD_REQUEST, Text("RESET_PASSWORD_BAD_TOKEN"), "Bad or expired token.";
    RESET_PASSWORD_INVALID_PASSWORD: BAD_REQUEST, Coded("RESET_PASSWORD_INVALID_PASSWORD"), "Password validation failed.";
    VERIFY_USER_BAD_TOKEN: BAD_REQUEST, Text("VERIFY_USER_BAD_TOKEN"), "Bad token, not existing user or not the e-mail currently set for the user.";
    VERIFY_USER_ALREADY_VERIFIED: BAD_REQUEST, Text("VERIFY_USER_ALREADY_VERIFIED"), "The user is already verified.";
    UNLOCK_BAD_TOKEN: BAD_REQUEST, Text("UNLOCK_BAD_TOKEN"), "Bad, expired or used token.";
    UPDATE_USER_EMAIL_ALREADY_EXISTS: BAD_REQUEST, Text("UPDATE_USER_EMAIL_ALREADY_EXISTS"), "A user with this email already exists.";
    UPDATE_USER_INVALID_PASSWORD: BAD_REQUEST, Coded("UPDATE_USER_INVALID_PASSWORD"), "Password validation failed.";
    TOO_MANY_ATTEMPTS: TOO_MANY_REQUESTS, Text("TOO_MANY_ATTEMPTS"), "Too many attempts by this client or at this account.";
    SERVER_ERROR: INTERNAL_SERVER_ERROR, Plain("Internal Server Error"), "Something failed that trying again does not help.";
    UNAVAILABLE: SERVICE_UNAVAILABLE, Text("Service Unavailable"), "The database or the session storage cannot be reached, too many passwords wait to be hashed, or too many e-mails to be sent; try again later.";
    #[cfg(feature = "oauth")]
    BAD_REQUEST: BAD_REQUEST, Text("Bad Request"), "The browser brought no code, or another user's state, or asked without a usable host.";
    #[cfg(feature = "oauth")]
    OAUTH_PROVIDER_ERROR: BAD_REQUEST, OneOf("access_denied"), "The provider sent the browser back with an error, which is repeated.";
    #[cfg(feature = "oauth")]
    OAUTH_INVALID_NEXT: BAD_REQUEST, Text("OAUTH_INVALID_NEXT"), "The front end is not configured, or `extra` is too long.";
    #[cfg(feature = "oauth")]
    OAUTH_INVALID_SCOPE: BAD_REQUEST, Text("OAUTH_INVALID_SCOPE"), "A scope is not allowed.";
    #[cfg(feature = "oauth")]
    OAUTH_REDIRECT_URL_NOT_CONFIGURED: BAD_REQUEST, Text("OAUTH_REDIRECT_URL_NOT_CONFIGURED"), "The callback's URL is not configured, and the `Host` header does not decide it.";
    #[cfg(feature = "oauth")]
    OAUTH_INVALID_STATE: BAD_REQUEST, Text("OAUTH_INVALID_STATE"), "The state is another browser's or flow's, or was used before.";
    #[cfg(feature = "oauth")]
    ACCESS_TOKEN_DECODE_ERROR: BAD_REQUEST, Text("ACCESS_TOKEN_DECODE_ERROR"), "The state is not a valid token of this server.";
    #[cfg(feature = "oauth")]
    ACCESS_TOKEN_ALREADY_EXPIRED: BAD_REQUEST, Text("ACCESS_TOKEN_ALREADY_EXPIRED"), "The state has expired.";
    #[cfg(feature = "oauth")]
    OAUTH_CODE_EXCHANGE_FAILED: BAD_REQUEST, Text("OAUTH_CODE_EXCHANGE_FAILED"), "The provider gives no token for the code.";
    #[cfg(feature = "oauth")]
    OAUTH_PROFILE_FAILED: BAD_REQUEST, Text("OAUTH_PROFILE_FAILED"), "The provider does not return who the user is, or its id token is invalid.";
    #[cfg(feature = "oauth")]
    OAUTH_PROVIDER_UNAVAILABLE: BAD_GATEWAY, Text("OAUTH_PROVIDER_UNAVAILABLE"), "The provider cannot be reached.";
    #[cfg(feature = "oauth")]
    OAUTH_NOT_AVAILABLE_EMAIL: BAD_REQUEST, Text("OAUTH_NOT_AVAILABLE_EMAIL"), "The provider returns no e-mail address.";
    #[cfg(feature = "oauth")]
    OAUTH_USER_ALREADY_EXISTS: BAD_REQUEST, Text("OAUTH_USER_ALREADY_EXISTS"), "Another user has the e-mail address.";
    #[cfg(feature = "oauth")]
    OAUTH_ACCOUNT_ALREADY_LINKED: BAD_REQUEST, Text("OAUTH_ACCOUNT_ALREADY_LINKED"), "The account is linked to another user.";
    #[cfg(feature = "oauth")]
    OAUTH_LAST_LOGIN_METHOD: BAD_REQUEST, Text("OAUTH_LAST_LOGIN_METHOD"), "The account is the user's only way to log in.";
    #[cfg(feature = "oauth")]
    OAUTH_NO_SUCH_ACCOUNT: NOT_FOUND, Text("Not Found"), "The account is not linked to the user.";
}
