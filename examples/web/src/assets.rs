//! The page, which is part of the program. The links of letters lead to it, too: their path is the kind of the letter.

use axum::{Router, http::header, routing::get};

/// Path, content type and text of each file.
const FILES: [(&str, &str, &str); 13] = [
    ("/", HTML, PAGE),
    ("/verify", HTML, PAGE),
    ("/reset-password", HTML, PAGE),
    ("/unlock", HTML, PAGE),
    (
        "/style.css",
        "text/css; charset=utf-8",
        include_str!("../page/style.css"),
    ),
    (
        "/icon.svg",
        "image/svg+xml",
        include_str!("../page/icon.svg"),
    ),
    ("/app.js", JAVASCRIPT, include_str!("../page/app.js")),
    (
        "/account.js",
        JAVASCRIPT,
        include_str!("../page/account.js"),
    ),
    ("/api.js", JAVASCRIPT, include_str!("../page/api.js")),
    ("/device.js", JAVASCRIPT, include_str!("../page/device.js")),
    ("/form.js", JAVASCRIPT, include_str!("../page/form.js")),
    ("/outbox.js", JAVASCRIPT, include_str!("../page/outbox.js")),
    (
        "/sentences.js",
        JAVASCRIPT,
        include_str!("../page/sentences.js"),
    ),
];
const PAGE: &str = include_str!("../page/index.html");
const HTML: &str = "text/html; charset=utf-8";
const JAVASCRIPT: &str = "text/javascript; charset=utf-8";

/// `GET` of each file.
pub(crate) fn router() -> Router {
    FILES
        .into_iter()
        .fold(Router::new(), |router, (path, content_type, text)| {
            let headers = [
                (header::CONTENT_TYPE, content_type),
                (header::CACHE_CONTROL, "no-cache"),
            ];
            router.route(path, get(async move || (headers, text)))
        })
}
