//! What the routes of sessions read from a query.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use http::request::Parts;

#[cfg(feature = "openapi")]
use crate::openapi::Page;
use crate::{
    schema::{Json, ValidationError, echo::Echo},
    value::{Kind, Value, coerce::coerce},
    web::{documented::Documented, refusals::Unprocessable},
};

/// Whether the present session ends with the others: `?all=true`. A mistake is reported after the guard.
pub(super) struct All(pub(super) Result<bool, Unprocessable>);

impl All {
    fn read(query: &str) -> Result<bool, Unprocessable> {
        let mut parameters = form_urlencoded::parse(query.as_bytes());
        let Some((name, value)) = parameters.find(|(name, _)| name == "all") else {
            return Ok(false);
        };
        let sent = Json::Text(value.into_owned());
        coerce(&sent, Kind::Bool)
            .map(|all| all == Value::Bool(true))
            .map_err(|problem| {
                let sent = Json::Object(Box::new([(name.into_owned(), sent)].into()));
                let problem = problem.at("all");
                let error = ValidationError::of_part("query", problem, &sent, Echo::SingleValues);
                Unprocessable(vec![error])
            })
    }
}

impl<S: Send + Sync> FromRequestParts<S> for All {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(All::read(parts.uri.query().unwrap_or_default())))
    }
}

impl Documented for All {
    #[cfg(feature = "openapi")]
    fn document(page: &mut Page<'_>) {
        page.in_query(
            "all",
            "Whether the present session ends, too.",
            serde_json::json!({ "type": "boolean", "default": false }),
        );
    }
}
