//! Where clients reach a route, whatever the application nests it under.

use axum::extract::OriginalUri;
use http::request::Parts;

/// The path as the client asked for it.
fn asked(parts: &Parts) -> &str {
    parts
        .extensions
        .get::<OriginalUri>()
        .map_or_else(|| parts.uri.path(), |OriginalUri(uri)| uri.path())
}

/// The path that the route of this request stands under: what the client asked for, without the route's own part.
pub(crate) fn under(parts: &Parts, route: &str) -> String {
    let asked = asked(parts).trim_end_matches('/');
    let prefix = asked.strip_suffix(route).unwrap_or(asked);
    if prefix.is_empty() { "/" } else { prefix }.to_owned()
}

/// The path of another prefix of the same application: that of this request's group, with `other` in place of `own`.
#[cfg(feature = "oauth")]
pub(crate) fn beside(parts: &Parts, own: &str, other: &str) -> String {
    let routed = parts.uri.path();
    let above = under(parts, routed);
    let base = if routed.starts_with(own) {
        above.trim_end_matches('/')
    } else {
        above.strip_suffix(own).unwrap_or_default()
    };
    format!("{base}{other}")
}

/// The path of another prefix, under everything that the route of this request is nested under.
pub(crate) fn under_the_same_nest(parts: &Parts, prefix: &str) -> String {
    let nest = asked(parts).strip_suffix(parts.uri.path());
    format!("{}{prefix}", nest.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use http::{Request, Uri};

    use super::*;

    fn parts(asked: &'static str, nested: &'static str) -> Parts {
        let original = OriginalUri(Uri::from_static(asked));
        let request = Request::builder().uri(nested).extension(original);
        request.body(()).expect("a request").into_parts().0
    }

    #[test]
    fn a_route_knows_its_prefix() {
        assert_eq!(
            under(&parts("/api/auth/web/login", "/login"), "/login"),
            "/api/auth/web"
        );
        assert_eq!(under(&parts("/login", "/login"), "/login"), "/");
    }

    #[test]
    fn a_route_of_the_application_knows_what_it_is_nested_under() {
        for (asked, nested, expected) in [
            ("/api/sign-in", "/sign-in", "/api/auth/web"),
            ("/api/sign-in/", "/sign-in/", "/api/auth/web"),
            ("/sign-in?next=/", "/sign-in?next=/", "/auth/web"),
            ("/a/b/c", "/c", "/a/b/auth/web"),
        ] {
            assert_eq!(
                under_the_same_nest(&parts(asked, nested), "/auth/web"),
                expected
            );
        }
    }

    #[cfg(feature = "oauth")]
    #[test]
    fn a_callback_knows_the_prefix_of_its_backend() {
        let callback = parts("/api/auth/google/callback?code=1", "/callback");
        assert_eq!(
            beside(&callback, "/auth/google", "/auth/web"),
            "/api/auth/web"
        );
        let callback = parts("/api/auth/google/callback", "/auth/google/callback");
        assert_eq!(
            beside(&callback, "/auth/google", "/auth/web"),
            "/api/auth/web"
        );
        let callback = parts("/auth/google/callback", "/auth/google/callback");
        assert_eq!(beside(&callback, "/auth/google", "/auth/web"), "/auth/web");
        let callback = parts("/elsewhere/callback", "/callback");
        assert_eq!(beside(&callback, "/auth/google", "/auth/web"), "/auth/web");
    }
}
