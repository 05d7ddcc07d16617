//! The page that shows the document.

use std::{collections::BTreeSet, iter};

use axum::{Router, body::to_bytes, middleware::map_response, response::Response};
use http::{HeaderValue, Uri, header};
use serde_json::Value;
use utoipa::openapi::OpenApi;
use utoipa_swagger_ui::{Config, SwaggerUi};

/// Serves an interactive page at `page`, such as `/docs`, and the document that it shows at `document`, such as `/openapi.json`.
///
/// All of it comes from the binary, and the page asks no other server. Its dialog "Authorize" logs in with an e-mail address and a
/// password. The page is Swagger UI, under the Apache licence.
///
/// A content security policy lets the page load scripts and styles from this server only, lets no other page frame it, and lets it
/// send requests to this server and to the absolute `servers`, `tokenUrl` and `refreshUrl` of the document.
///
/// Merge it into the outermost router: both paths are absolute, so that under [`Router::nest`] the page would redirect to, and
/// fetch, what is not there.
///
/// # Panics
///
/// When axum cannot route a path: both begin with a slash.
pub fn docs<S: Clone + Send + Sync + 'static>(
    page: &str,
    document: &str,
    openapi: OpenApi,
) -> Router<S> {
    // Without the validator, which is a server of Swagger's.
    // The base layout is without the bar "Explore", which would load the document of another server.
    let config = Config::new([document.to_owned()])
        .validator_url("none")
        .use_base_layout();
    let policy = content_security_policy(&openapi);
    let head = head(&openapi.info.title);
    let routes: Router<S> = SwaggerUi::new(page.to_owned())
        .url(document.to_owned(), openapi)
        .config(config)
        .into();
    // Not `layer`, which would cover the 404s of the router that this one is merged into as well.
    routes.route_layer(map_response(move |response| {
        let (policy, head) = (policy.clone(), head.clone());
        async move { protected(with_head(response, &head).await, policy) }
    }))
}

/// What the page's head has beside Swagger UI's own: a layout for narrow screens, and the document's title.
fn head(title: &str) -> String {
    let title = title
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    format!(
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{title}</title>"
    )
}

/// The response, with the head where it is the page.
async fn with_head(response: Response, head: &str) -> Response {
    /// Longer than Swagger UI's page, in bytes.
    const LONGEST: usize = 1 << 16;
    let is_page = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|value| value.as_bytes().starts_with(b"text/html"));
    if !is_page {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let page = to_bytes(body, LONGEST).await.unwrap_or_default();
    let page = String::from_utf8_lossy(&page).replace("<title>Swagger UI</title>", head);
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, page.into())
}

fn protected(mut response: Response, policy: HeaderValue) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    // For browsers that do not know `frame-ancestors`.
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.insert(
        header::REFERRER_POLICY,
        HeaderValue::from_static("no-referrer"),
    );
    response
}

/// Swagger UI sets styles inline and has its icons in `data:` URLs; what it offers for download is a `blob:`.
fn content_security_policy(document: &OpenApi) -> HeaderValue {
    let mut asked = BTreeSet::new();
    if let Ok(document) = serde_json::to_value(document) {
        collect_origins(&document, &mut asked);
    }
    let sources: Vec<_> = iter::once("'self'")
        .chain(asked.iter().map(String::as_str))
        .collect();
    let sources = sources.join(" ");
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; \
         font-src 'self' data:; connect-src {sources}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    );
    HeaderValue::try_from(policy)
        .unwrap_or_else(|_| HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"))
}

/// The origins of the other servers that the page sends requests to.
fn collect_origins(value: &Value, origins: &mut BTreeSet<String>) {
    let members = match value {
        Value::Array(items) => {
            for item in items {
                collect_origins(item, origins);
            }
            return;
        }
        Value::Object(members) => members,
        _ => return,
    };
    for (name, member) in members {
        match (name.as_str(), member) {
            ("tokenUrl" | "refreshUrl", Value::String(url)) => origins.extend(origin(url)),
            ("servers", Value::Array(servers)) => {
                let urls = servers
                    .iter()
                    .filter_map(|server| server.get("url")?.as_str());
                origins.extend(urls.filter_map(origin));
            }
            // What examples say is no address of this document's.
            ("example" | "examples", _) => {}
            _ => collect_origins(member, origins),
        }
    }
}

/// Scheme, host and port of an absolute URL.
fn origin(url: &str) -> Option<String> {
    let url: Uri = url.parse().ok()?;
    let scheme = url
        .scheme_str()
        .filter(|scheme| matches!(*scheme, "http" | "https"))?;
    let host = url.host()?;
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-_:[]".contains(&byte);
    if !host.bytes().all(is_plain) {
        return None;
    }
    let port = url.port_u16().map(|port| format!(":{port}"));
    Some(format!("{scheme}://{host}{}", port.unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_page_asks_the_servers_that_the_document_names() {
        let document = json!({
            "openapi": "3.1.0",
            "info": { "title": "t", "version": "1" },
            "servers": [{ "url": "https://api.example.com:8443/v1" }, { "url": "/relative" }, { "url": "https://a;b" }],
            "paths": { "/x": { "get": { "responses": {}, "servers": [{ "url": "http://[::1]:80/" }] } } },
            "components": { "securitySchemes": { "sso": { "type": "oauth2", "flows": { "password": {
                "tokenUrl": "https://sso.example.com/token", "scopes": {}
            } } } } },
        });
        let document: OpenApi = serde_json::from_value(document).unwrap();
        let policy = content_security_policy(&document);
        let policy = policy.to_str().unwrap();
        let asked = "connect-src 'self' http://[::1]:80 https://api.example.com:8443 https://sso.example.com; ";
        assert!(policy.contains(asked), "{policy}");
    }

    #[test]
    fn only_addresses_become_sources() {
        for (url, expected) in [
            ("https://a.example/b?c", Some("https://a.example")),
            ("HTTPS://user@a.example", Some("https://a.example")),
            ("ftp://a.example", None),
            ("/auth/login", None),
            ("a.example", None),
            ("https://a,b", None),
            ("https://{tenant}.example", None),
            ("https://a; script-src *", None),
        ] {
            assert_eq!(origin(url).as_deref(), expected, "{url}");
        }
    }
}
