//! Where a request has its refresh token: in a JSON body, or in a cookie.

use axum::extract::{FromRequest, Request};
use http::request::Parts;
use serde::Deserialize;

#[cfg(feature = "openapi")]
use crate::openapi::Page;
use crate::{
    model::UserModel,
    users::Users,
    web::{
        body::{JsonBody, OnlyRefreshToken},
        documented::Documented,
        parts::quiet,
    },
};

/// A request's head, and the refresh token that its body may have.
pub(crate) struct MaybeRefreshToken {
    pub(crate) parts: Parts,
    pub(crate) token: Option<String>,
}

/// Longer bodies have no refresh token.
const LONGEST: usize = 4 << 10;

impl<U: UserModel> FromRequest<Users<U>> for MaybeRefreshToken {
    type Rejection = std::convert::Infallible;

    async fn from_request(request: Request, _: &Users<U>) -> Result<Self, Self::Rejection> {
        #[derive(Deserialize)]
        struct Sent {
            refresh_token: String,
        }
        let (parts, body) = request.into_parts();
        let bytes = axum::body::to_bytes(body, LONGEST)
            .await
            .unwrap_or_default();
        let sent = serde_json::from_slice::<Sent>(&bytes);
        Ok(Self {
            parts: quiet(parts),
            token: sent.ok().map(|sent| sent.refresh_token),
        })
    }
}

impl Documented for MaybeRefreshToken {
    #[cfg(feature = "openapi")]
    fn document(page: &mut Page<'_>) {
        page.may_take(
            "application/json",
            serde_json::json!({
                "type": "object",
                "properties": { "refresh_token": { "type": "string" } },
            }),
        );
    }
}

/// The body of a refresh.
pub(crate) type RefreshBody = JsonBody<OnlyRefreshToken>;
