//! What browsers bring, and what they are sent back with.

use std::{convert::Infallible, marker::PhantomData};

use axum::{
    extract::FromRequestParts,
    response::{IntoResponse, Response},
};
use http::request::Parts;

#[cfg(feature = "openapi")]
use crate::openapi::Page;
use crate::{
    model::UserModel,
    web::{answers::Shown, documented::Documented, parts::quiet, refusals::Refusals},
};

/// The request of a browser that wants to the provider.
pub(crate) struct Leaving(pub(crate) Parts);

/// The request of a browser that comes from the provider.
pub(crate) struct Returning(pub(crate) Parts);

impl<S: Sync> FromRequestParts<S> for Leaving {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(quiet(parts.clone())))
    }
}

impl<S: Sync> FromRequestParts<S> for Returning {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(quiet(parts.clone())))
    }
}

impl Documented for Leaving {
    #[cfg(feature = "openapi")]
    fn document(page: &mut Page<'_>) {
        let text = serde_json::json!({ "type": "string" });
        page.in_query(
            "scopes",
            "What to ask the provider for.",
            serde_json::json!({ "type": "array", "items": text }),
        );
        if page.context.front_ends {
            page.in_query("next", "The front end to send the browser on to.", text);
            page.in_query(
                "extra",
                "Returned to the front end unchanged.",
                serde_json::json!({ "type": "string", "maxLength": 512 }),
            );
        }
    }
}

impl Documented for Returning {
    #[cfg(feature = "openapi")]
    fn document(page: &mut Page<'_>) {
        let text = serde_json::json!({ "type": "string" });
        let as_original = page.context.oauth_as_original;
        page.in_query("code", "The code to exchange for a token.", text.clone());
        if as_original {
            page.in_query(
                "code_verifier",
                "The proof (RFC 7636) of a front end that added a challenge to the authorization URL.",
                text.clone(),
            );
        }
        page.in_query(
            "state",
            "The state that the authorization URL has.",
            text.clone(),
        );
        page.in_query("error", "Why there is no code.", text.clone());
        if !as_original {
            page.in_query(
                "error_code",
                "What some providers call `error`.",
                text.clone(),
            );
            page.in_query("iss", "The provider that answers (RFC 9207).", text);
        }
    }
}

/// Where to send the browser.
pub(crate) struct AuthorizationUrl(pub(crate) Response);

impl IntoResponse for AuthorizationUrl {
    fn into_response(self) -> Response {
        self.0
    }
}

impl Documented for AuthorizationUrl {
    #[cfg(feature = "openapi")]
    fn document(page: &mut Page<'_>) {
        let schema = serde_json::json!({
            "type": "object",
            "properties": { "authorization_url": { "type": "string", "description": "The provider's page." } },
            "required": ["authorization_url"],
        });
        let schema = page.component("OAuth2AuthorizeResponse", schema);
        page.answers_json(200, schema);
    }
}

/// The answer to a browser that came back: `T` or `E`, or a redirect that passes it to the front end.
pub(crate) struct Answered<T, E> {
    response: Response,
    either: PhantomData<fn() -> (T, E)>,
}

impl<T, E> Answered<T, E> {
    pub(crate) const fn new(response: Response) -> Self {
        Self {
            response,
            either: PhantomData,
        }
    }
}

impl<T, E> IntoResponse for Answered<T, E> {
    fn into_response(self) -> Response {
        self.response
    }
}

impl<T: Documented, E: Refusals> Documented for Answered<T, E> {
    #[cfg(feature = "openapi")]
    fn document(page: &mut Page<'_>) {
        Result::<T, E>::document(page);
        if page.context.front_ends {
            page.answers_redirect("To the front end, with the token or the error in the fragment.");
        }
    }
}

/// The user who has linked an account, unless the browser is redirected to a front end.
pub(crate) struct Linked<U>(pub(crate) Option<Shown<U>>);

impl<U> IntoResponse for Linked<U> {
    fn into_response(self) -> Response {
        self.0.map_or_else(
            || http::StatusCode::NO_CONTENT.into_response(),
            IntoResponse::into_response,
        )
    }
}

impl<U: UserModel> Documented for Linked<U> {
    #[cfg(feature = "openapi")]
    fn document(page: &mut Page<'_>) {
        Shown::<U>::document(page);
    }
}
