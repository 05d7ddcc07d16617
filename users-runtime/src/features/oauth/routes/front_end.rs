//! Front ends that wait for a browser, and how it is sent on to them.

use axum::response::Response;
use http::{HeaderValue, StatusCode, header};
use serde_json::Value;

use super::{query::Query, refusal::AuthorizeRefusal};
use crate::{oauth::Next, web::refusals::Refusals, wire::respond};

/// The front end that a browser names, which must be one of those that are configured.
pub(crate) fn asked_for(
    query: &Query,
    front_ends: &[String],
) -> Result<Option<Next>, AuthorizeRefusal> {
    /// More than a path or an id needs, and little enough for a URL.
    const LONGEST_EXTRA: usize = 512;
    let Some(url) = query.get("next").filter(|_| !front_ends.is_empty()) else {
        return Ok(None);
    };
    let extra = query.get("extra").map(str::to_owned);
    let is_too_long = |extra: &String| extra.len() > LONGEST_EXTRA;
    if !front_ends.iter().any(|known| known == url) || extra.as_ref().is_some_and(is_too_long) {
        return Err(AuthorizeRefusal::InvalidNext);
    }
    Ok(Some(Next {
        url: url.to_owned(),
        extra,
    }))
}

/// Sends the browser on with what a backend answered: its cookies as they are, its JSON as the fragment.
pub(crate) async fn forward(next: &Next, response: Response) -> Response {
    /// More than any transport has to say.
    const LONGEST: usize = 1 << 16;
    let (parts, body) = response.into_parts();
    let body = axum::body::to_bytes(body, LONGEST)
        .await
        .unwrap_or_default();
    let fields: serde_json::Map<String, Value> = serde_json::from_slice(&body).unwrap_or_default();
    let texts = fields.into_iter().filter_map(|(name, value)| {
        let text = match value {
            Value::Null => return None,
            Value::String(text) => text,
            other => other.to_string(),
        };
        Some((name, text))
    });
    let mut response = redirect(next, texts.collect());
    for cookie in parts.headers.get_all(header::SET_COOKIE) {
        response
            .headers_mut()
            .append(header::SET_COOKIE, cookie.clone());
    }
    response
}

/// The code of what went wrong, for a front end. The answer itself is not sent, but failures of ours belong into the log.
pub(crate) fn code_of(refusal: impl Refusals) -> String {
    let code = refusal.code().to_owned();
    drop(refusal.into_response());
    code
}

/// Sends the browser on with a code of what went wrong.
pub(crate) fn refuse(next: &Next, code: &str) -> Response {
    redirect(next, vec![("error".to_owned(), code.to_owned())])
}

fn redirect(next: &Next, mut parameters: Vec<(String, String)>) -> Response {
    parameters.extend(
        next.extra
            .iter()
            .map(|extra| ("extra".to_owned(), extra.clone())),
    );
    let parameters = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(parameters)
        .finish();
    let mut response = Response::default();
    *response.status_mut() = StatusCode::SEE_OTHER;
    if let Ok(location) = HeaderValue::try_from(with_fragment(&next.url, &parameters)) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    respond::no_store(response)
}

/// The URL with parameters in its fragment. One that has a fragment already, as applications with routes such as `#/login` have,
/// keeps it: the parameters are the query of that route.
fn with_fragment(url: &str, parameters: &str) -> String {
    if parameters.is_empty() {
        return url.to_owned();
    }
    let separator = match url.split_once('#') {
        None => "#",
        Some((_, "")) => "",
        Some((_, route)) if route.ends_with(['?', '&']) => "",
        Some((_, route)) if route.contains('?') => "&",
        Some(_) => "?",
    };
    format!("{url}{separator}{parameters}")
}

#[cfg(test)]
mod tests {
    use super::with_fragment;

    #[test]
    fn parameters_follow_the_fragment_of_the_front_end() {
        for (url, expected) in [
            ("https://x.example/", "https://x.example/#a=b"),
            ("https://x.example/?y=z", "https://x.example/?y=z#a=b"),
            ("https://x.example/#", "https://x.example/#a=b"),
            ("https://x.example/#/login", "https://x.example/#/login?a=b"),
            (
                "https://x.example/#/login?",
                "https://x.example/#/login?a=b",
            ),
            (
                "https://x.example/#/login?y=z",
                "https://x.example/#/login?y=z&a=b",
            ),
            (
                "com.example.app:/oauth2redirect",
                "com.example.app:/oauth2redirect#a=b",
            ),
        ] {
            assert_eq!(with_fragment(url, "a=b"), expected);
            assert_eq!(with_fragment(url, ""), url);
        }
    }
}
