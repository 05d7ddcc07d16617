//! The head of a request, as hooks get it.

use std::convert::Infallible;

use axum::extract::{FromRequest, Request};
use http::{
    header::{AUTHORIZATION, COOKIE, Entry},
    request::Parts,
};

/// A request's head whose `Debug` does not show what the client proves itself with: hooks get it, and may print it.
#[derive(Debug)]
pub(crate) struct QuietParts(pub(crate) Parts);

/// The whole request is taken, so that its head need not be copied.
impl<S: Sync> FromRequest<S> for QuietParts {
    type Rejection = Infallible;

    async fn from_request(request: Request, _: &S) -> Result<Self, Infallible> {
        Ok(Self(quiet(request.into_parts().0)))
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
    use axum::body::Body;

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
        let request = request.body(Body::empty()).expect("a request");
        let headers = request.headers().clone();
        let Ok(QuietParts(quiet)) = QuietParts::from_request(request, &()).await;
        let shown = format!("{quiet:?} {quiet:#?}");
        assert!(
            !shown.contains("secret") && shown.contains("example.com"),
            "{shown}"
        );
        assert_eq!(quiet.headers, headers);
    }
}
