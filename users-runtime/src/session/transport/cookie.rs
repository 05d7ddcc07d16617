//! The cookie transport.

use std::time::Duration;

use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};

use super::{Transport, TransportError};
use crate::{
    session::Issued,
    wire::cookie_header::{CookieAttributes, HOST_PREFIX, InvalidCookie, SameSite, read_cookie},
};

/// The token in a cookie (RFC 6265), by default `fastapiusersauth=…; HttpOnly; Path=/; SameSite=lax; Secure`.
///
/// A declared backend's cookie has the lifetime of its tokens; one that you build yourself has no `Max-Age` by default.
#[derive(Clone, Debug, Default)]
pub struct CookieTransport {
    attributes: CookieAttributes,
}

impl CookieTransport {
    /// The cookie `fastapiusersauth` with the default attributes.
    pub fn new() -> Self {
        Self::default()
    }

    /// The name with the prefix `__Host-`, so that browsers keep the cookie to this host: no subdomain can set or overwrite it, and
    /// pages of other hosts of the same site [cannot use it](crate::docs::cross_site) to change something. Sets `Secure`, the path
    /// `/` and no domain, which browsers require; set the name before calling it.
    #[must_use]
    pub fn host_prefix(mut self) -> Self {
        if !self.attributes.is_bound_to_host() {
            self.attributes.name.insert_str(0, HOST_PREFIX);
        }
        self.attributes.secure = true;
        "/".clone_into(&mut self.attributes.path);
        self.attributes.domain = None;
        self
    }

    /// The cookie's name.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.attributes.name = name.into();
        self
    }

    /// How long a browser keeps the cookie, in whole seconds; `None` until it is closed.
    #[must_use]
    pub fn max_age(mut self, max_age: impl Into<Option<Duration>>) -> Self {
        self.attributes.max_age = max_age.into().map(|age| age.as_secs());
        self
    }

    /// The path for which the browser sends the cookie. The default is `/`.
    #[must_use]
    pub fn path(mut self, path: impl Into<String>) -> Self {
        self.attributes.path = path.into();
        self
    }

    /// The domain, with its subdomains, to which the browser sends the cookie. The default is this host only.
    #[must_use]
    pub fn domain(mut self, domain: impl Into<String>) -> Self {
        self.attributes.domain = Some(domain.into());
        self
    }

    /// Whether the cookie is sent over HTTPS only. The default is yes; curl and all browsers except Safari make an exception for
    /// localhost.
    #[must_use]
    pub const fn secure(mut self, secure: bool) -> Self {
        self.attributes.secure = secure;
        self
    }

    /// Whether scripts cannot read the cookie. The default is yes.
    #[must_use]
    pub const fn http_only(mut self, http_only: bool) -> Self {
        self.attributes.http_only = http_only;
        self
    }

    /// With which requests from other sites the cookie is sent. The default is [`SameSite::Lax`].
    #[must_use]
    pub const fn same_site(mut self, same_site: SameSite) -> Self {
        self.attributes.same_site = same_site;
        self
    }
}

impl CookieTransport {
    /// The cookie of the refresh token: it is sent only to the backend's own routes, and never with requests from other sites.
    fn refresh_cookie(&self, path: &str) -> CookieAttributes {
        let name = &self.attributes.name;
        // What such a cookie must have (RFC 6265bis, section 4.1.3.2).
        let path = if name.starts_with("__Host-") {
            "/"
        } else {
            path
        };
        CookieAttributes {
            name: self.refresh_name(),
            path: path.to_owned(),
            same_site: SameSite::Strict,
            ..self.attributes.clone()
        }
    }

    fn refresh_name(&self) -> String {
        format!("{}_refresh", self.attributes.name)
    }
}

impl Transport for CookieTransport {
    fn read(&self, headers: &HeaderMap) -> Option<String> {
        // An empty cookie is what a logout leaves behind.
        read_cookie(headers, &self.attributes.name).filter(|token| !token.is_empty())
    }

    fn login_response(&self, token: &str) -> Response {
        no_content_with(self.attributes.set(token))
    }

    fn logout_response(&self) -> Response {
        no_content_with(self.attributes.clear())
    }

    fn issued_response(&self, issued: &Issued, path: &str) -> Response {
        let kept = |age: Option<u64>| age.filter(|_| issued.is_persistent);
        let access = CookieAttributes {
            max_age: kept(self.attributes.max_age),
            ..self.attributes.clone()
        };
        let mut response = no_content_with(access.set(&issued.access));
        if let Some(refresh) = &issued.refresh {
            let age = issued.refresh_expires_in.map(|age| age.as_secs());
            let cookie = CookieAttributes {
                max_age: kept(age),
                ..self.refresh_cookie(path)
            };
            response = with_another(response, cookie.set(refresh));
        }
        response
    }

    fn read_refresh(&self, headers: &HeaderMap) -> Option<String> {
        read_cookie(headers, &self.refresh_name()).filter(|token| !token.is_empty())
    }

    fn carries_refresh(&self) -> bool {
        true
    }

    fn forgetting_response(&self, path: &str) -> Response {
        with_another(self.logout_response(), self.refresh_cookie(path).clear())
    }

    fn is_ambient(&self) -> bool {
        true
    }

    fn is_bound_to_host(&self) -> bool {
        self.attributes.is_bound_to_host()
    }

    #[cfg(feature = "openapi")]
    fn security_scheme(&self, _login: &str) -> utoipa::openapi::security::SecurityScheme {
        use utoipa::openapi::security::{ApiKey, ApiKeyValue, SecurityScheme};
        SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new(&*self.attributes.name)))
    }

    fn validate(&self) -> Result<(), TransportError> {
        Ok(self.attributes.validate()?)
    }
}

fn no_content_with(cookie: Result<HeaderValue, InvalidCookie>) -> Response {
    with_another(StatusCode::NO_CONTENT.into_response(), cookie)
}

/// The response with one more cookie.
fn with_another(mut response: Response, cookie: Result<HeaderValue, InvalidCookie>) -> Response {
    match cookie {
        Ok(cookie) => {
            response.headers_mut().append(header::SET_COOKIE, cookie);
            response
        }
        Err(error) => {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "the session's cookie cannot be written"
            );
            (StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error").into_response()
        }
    }
}
