//! The head of a request, as hooks get it.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use http::{
    header::{AUTHORIZATION, COOKIE, Entry},
    request::Parts,
};

/// A request's head whose `Debug` does not show what the client proves itself with: hooks get it, and may print it.
#[derive(Debug)]
pub(crate) struct QuietParts(pub(crate) Parts);

impl<S: Sync> FromRequestParts<S> for QuietParts {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(quiet(parts.clone())))
    }
}

/// Marks the headers with credentials as sensitive, which changes what `Debug` shows of them and nothing else.
pub(crate) fn quiet(mut parts: Parts) -> Parts {
    for name in [AUTHORIZATION, COOKIE] {
        if let Entry::Occupied(mut values) = parts.headers.entry(name) {
            for value in values.iter_mut() {
                value.set_sensitive(true);
            }
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    #[tokio::test]
    async fn credentials_are_there_and_not_shown() {
        let request = Request::builder()
            .header("host", "example.com")
            .header("authorization", "Bearer secret-1");
        let request = request
            .header("authorization", "Basic secret-2")
            .header("cookie", "a=secret-3")
            .header("cookie", "b=secret-4");
        let (mut parts, ()) = request.body(()).expect("a request").into_parts();
        let Ok(QuietParts(quiet)) = QuietParts::from_request_parts(&mut parts, &()).await;
        let shown = format!("{quiet:?} {quiet:#?}");
        assert!(
            !shown.contains("secret") && shown.contains("example.com"),
            "{shown}"
        );
        assert_eq!(quiet.headers, parts.headers);
    }
}
