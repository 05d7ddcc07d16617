//! What keeps other sites, and text that pretends to be a script, away from the page and its cookie.

use axum::{
    Json,
    extract::Request,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use serde_json::json;

/// No script and no style but the files of this server, no page that frames this one, no form that leaves it.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
     connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

const HEADERS: [(HeaderName, &str); 5] = [
    (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
];

/// Adds the headers that protect the page. What does not say otherwise is kept by no cache.
pub(crate) async fn with_headers(mut response: Response) -> Response {
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    response
}

/// Refuses requests by which another site's page would change something (cross-site request forgery).
///
/// The cookie is `SameSite=Strict` already. This adds what the cookie cannot: pages of the same site but another origin (another
/// port, a subdomain), and a login with somebody else's account, which needs no cookie.
pub(crate) async fn only_own_page(request: Request, next: Next) -> Response {
    if request.method().is_safe() || is_own_page(request.headers()) {
        return next.run(request).await;
    }
    (
        StatusCode::FORBIDDEN,
        Json(json!({ "detail": "CROSS_SITE_REQUEST" })),
    )
        .into_response()
}

/// Whether a request comes from this server's page, by what no script can forge: `Sec-Fetch-Site`, or of browsers that are too
/// old for it, `Origin`. A request with neither comes from no browser, and carries nobody's cookie but the sender's.
fn is_own_page(headers: &HeaderMap) -> bool {
    if let Some(site) = headers.get("sec-fetch-site") {
        return site == "same-origin";
    }
    let Some(origin) = headers.get(header::ORIGIN) else {
        return true;
    };
    let origin = origin
        .to_str()
        .ok()
        .and_then(|origin| origin.split_once("://"));
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok());
    origin.is_some_and(|(_, authority)| Some(authority) == host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_own_page_changes_something() {
        for (site, origin, expected) in [
            (Some("same-origin"), Some("http://example.com"), true),
            (Some("same-site"), Some("http://example.com"), false),
            (Some("cross-site"), None, false),
            (Some("none"), None, false),
            (None, Some("https://example.com"), true),
            (None, Some("https://example.com:8000"), false),
            (None, Some("https://evil.example"), false),
            (None, Some("null"), false),
            (None, None, true),
        ] {
            let mut headers =
                HeaderMap::from_iter([(header::HOST, HeaderValue::from_static("example.com"))]);
            headers.extend(site.map(|site| {
                (
                    HeaderName::from_static("sec-fetch-site"),
                    HeaderValue::from_static(site),
                )
            }));
            headers.extend(origin.map(|origin| (header::ORIGIN, HeaderValue::from_static(origin))));
            assert_eq!(is_own_page(&headers), expected, "{site:?} {origin:?}");
        }
    }
}
