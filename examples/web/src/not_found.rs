//! What unknown paths answer: a page for people, JSON for programs.

use axum::{
    Json,
    http::{HeaderMap, StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use serde_json::json;

const PAGE: &str = include_str!("../page/not-found.html");

/// 404, as a page where the client names HTML among what it accepts, as browsers do for pages.
pub(crate) async fn not_found(headers: HeaderMap) -> Response {
    let accepted = headers
        .get(header::ACCEPT)
        .and_then(|accepted| accepted.to_str().ok());
    if accepted.is_some_and(|accepted| accepted.contains("text/html")) {
        return (StatusCode::NOT_FOUND, Html(PAGE)).into_response();
    }
    (
        StatusCode::NOT_FOUND,
        Json(json!({ "detail": "Not Found" })),
    )
        .into_response()
}
