//! The page that shows the document.

use axum::Router;
use utoipa::openapi::OpenApi;
use utoipa_swagger_ui::{Config, SwaggerUi};

/// Serves an interactive page at `page`, such as `/docs`, and the document that it shows at `document`, such as `/openapi.json`.
///
/// All of it comes from the binary, and the page asks no other server. Its dialog "Authorize" logs in with an e-mail address and a
/// password. The page is Swagger UI, under the Apache licence.
///
/// Merge it into the outermost router: both paths are absolute, so that under [`Router::nest`] the page would redirect to, and
/// fetch, what is not there.
///
/// # Panics
///
/// When a path is none that axum can route: both begin with a slash.
pub fn docs<S: Clone + Send + Sync + 'static>(
    page: &str,
    document: &str,
    openapi: OpenApi,
) -> Router<S> {
    // Without the validator, which is a server of Swagger's.
    let config = Config::new([document.to_owned()]).validator_url("none");
    SwaggerUi::new(page.to_owned())
        .url(document.to_owned(), openapi)
        .config(config)
        .into()
}
