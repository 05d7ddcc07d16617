//! The bearer transport.

use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, Method, StatusCode, header::AUTHORIZATION, request::Parts};

use super::Transport;
use crate::{
    session::Issued,
    wire::{authorization, respond},
};

/// The token in the `Authorization: Bearer` header (RFC 6750); a login answers it as JSON.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct BearerTransport {
    query: Option<&'static str>,
}

impl BearerTransport {
    /// The bearer transport, which reads the token in the header.
    pub const fn new() -> Self {
        Self { query: None }
    }

    /// Also reads the token in a parameter of the query (RFC 6750, section 2.3), where a `GET` or `HEAD` request has no `Authorization`
    /// header: for web sockets and downloads, which browsers open without headers of the page's choice.
    ///
    /// **Risks**: a URL is written to the logs of servers and proxies, to the browser's history and into the `Referer` header of the next
    /// page, and with it the token. This crate logs no URL; make sure that nothing else does, keep the tokens of this backend short-lived,
    /// answer with `Referrer-Policy: no-referrer` and `Cache-Control: private`, and use a cookie where you can. A token that is in the
    /// query twice does not count.
    ///
    /// ```
    /// # use users_runtime::{BearerTransport, UserModel, Users, UsersBuilder, errors::BuildError};
    /// # fn example<User: UserModel>(builder: UsersBuilder<User>) -> Result<Users<User>, BuildError> {
    /// builder.transport("jwt", BearerTransport::new().or_query("access_token")).build()
    /// # }
    /// ```
    #[must_use]
    pub const fn or_query(mut self, parameter: &'static str) -> Self {
        self.query = Some(parameter);
        self
    }
}

impl Transport for BearerTransport {
    fn read(&self, headers: &HeaderMap) -> Option<String> {
        authorization::bearer_token(headers)
    }

    fn read_request(&self, request: &Parts) -> Option<String> {
        let headers = &request.headers;
        match self.query {
            Some(parameter)
                if matches!(request.method, Method::GET | Method::HEAD)
                    && !headers.contains_key(AUTHORIZATION) =>
            {
                the_only(parameter, request.uri.query()?)
            }
            _ => self.read(headers),
        }
    }

    fn login_response(&self, token: &str) -> Response {
        let body = format!(
            r#"{{"access_token":{},"token_type":"bearer"}}"#,
            serde_json::Value::from(token)
        );
        respond::no_store(respond::json(StatusCode::OK, body))
    }

    fn issued_response(&self, issued: &Issued, _path: &str) -> Response {
        let (Some(refresh), Some(expires_in)) = (&issued.refresh, issued.expires_in) else {
            return self.login_response(&issued.access);
        };
        // RFC 6749, section 5.1.
        let body = format!(
            r#"{{"access_token":{},"token_type":"bearer","refresh_token":{},"expires_in":{}}}"#,
            serde_json::Value::from(&*issued.access),
            serde_json::Value::from(&**refresh),
            expires_in.as_secs()
        );
        respond::no_store(respond::json(StatusCode::OK, body))
    }

    fn logout_response(&self) -> Response {
        StatusCode::NO_CONTENT.into_response()
    }

    #[cfg(feature = "openapi")]
    fn security_scheme(&self, login: &str) -> utoipa::openapi::security::SecurityScheme {
        use utoipa::openapi::security::{Flow, OAuth2, Password, Scopes, SecurityScheme};
        SecurityScheme::OAuth2(OAuth2::new([Flow::Password(Password::new(
            login,
            Scopes::new(),
        ))]))
    }
}

/// The value of a parameter that a query has once.
fn the_only(parameter: &str, query: &str) -> Option<String> {
    let mut values = form_urlencoded::parse(query.as_bytes())
        .filter(|(name, _)| name == parameter)
        .map(|(_, value)| value);
    let value = values.next().filter(|value| !value.is_empty())?;
    values.next().is_none().then(|| value.into_owned())
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    fn read(transport: BearerTransport, request: http::request::Builder) -> Option<String> {
        let (parts, ()) = request.body(()).expect("a request").into_parts();
        transport.read_request(&parts)
    }

    #[test]
    fn a_query_counts_where_it_is_asked_for_and_nothing_else_is_there() {
        let (plain, query) = (
            BearerTransport::new(),
            BearerTransport::new().or_query("token"),
        );
        let found = |token: &str| Some(token.to_owned());
        assert_eq!(read(plain, Request::get("/x?token=a")), None);
        assert_eq!(
            read(query, Request::get("/x?b=1&token=a%2Bb")),
            found("a+b")
        );
        assert_eq!(read(query, Request::head("/x?token=a")), found("a"));
        for unusable in [
            "/x",
            "/x?token=",
            "/x?token=a&token=b",
            "/x?Token=a",
            "/x?tokens=a",
        ] {
            assert_eq!(read(query, Request::get(unusable)), None, "{unusable}");
        }
        assert_eq!(
            read(query, Request::post("/x?token=a")),
            None,
            "it may change something"
        );
        let header = Request::get("/x?token=a").header(AUTHORIZATION, "Bearer b");
        assert_eq!(read(query, header), found("b"));
        let other = Request::get("/x?token=a").header(AUTHORIZATION, "Basic b");
        assert_eq!(read(query, other), None);
    }
}
