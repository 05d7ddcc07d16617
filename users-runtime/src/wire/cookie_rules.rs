//! Which cookies can be written, and which of them browsers keep.

use super::cookie_attributes::{CookieAttributes, SameSite};

/// The prefix of the names of cookies that belong to one host.
pub(crate) const HOST_PREFIX: &str = "__Host-";

/// Why a cookie is refused: it cannot be written, or browsers would drop it. It says nothing of the value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidCookie {
    /// The name is empty, has a character that is not allowed, or is that of an attribute.
    #[error(
        "`{0}` cannot be the name of a cookie: letters, digits and !#$%&'*+-.^_`|~: can, but no name of an attribute"
    )]
    Name(String),
    /// The name begins with `__Host-` or `__Host-Http-` (in any case), and the cookie has a domain, another path than `/`, or no `Secure`.
    #[error(
        "browsers drop the cookie `{0}`, whose prefix `__Host-` binds it to one host: make it Secure, set its path to `/` and no \
         domain, or choose a name without the prefix"
    )]
    HostPrefix(String),
    /// The name begins with `__Secure-` or `__Http-` (in any case), and the cookie is not `Secure`.
    #[error(
        "browsers drop the cookie `{0}`, whose prefix demands HTTPS: make it Secure, or choose a name without the prefix"
    )]
    SecurePrefix(String),
    /// The name begins with `__Http-` or `__Host-Http-` (in any case), and the cookie is not `HttpOnly`.
    #[error(
        "browsers drop the cookie `{0}`, whose prefix keeps it from scripts: make it HttpOnly, or choose a name without the prefix"
    )]
    HttpPrefix(String),
    /// The path does not begin with `/`, or has a semicolon, a control character, or one that is not ASCII.
    #[error(
        "`{0}` cannot be the path of a cookie: begin it with `/`, and use printable characters of ASCII without semicolons"
    )]
    Path(String),
    /// The domain is not the name of a host: it has a scheme, a port, a path, a comma, or characters that are not ASCII.
    #[error(
        "`{0}` cannot be the domain of a cookie: write the host's name alone in ASCII, such as `example.com`, without scheme, \
         port or path"
    )]
    Domain(String),
    /// [`SameSite::None`] without `Secure`. Browsers drop such a cookie, and no user stays logged in.
    #[error(
        "browsers drop a cookie with SameSite=None that is not Secure: make it Secure, or choose another SameSite"
    )]
    InsecureSameSiteNone,
    /// The value has a character beyond Latin-1.
    #[error("a cookie's value has a character beyond Latin-1")]
    Value,
}

/// Whether a cookie with these attributes can be written and is kept by browsers (RFC 6265bis, section 5.7).
pub(super) fn check(cookie: &CookieAttributes) -> Result<(), InvalidCookie> {
    let is_attribute = ATTRIBUTES
        .iter()
        .any(|attribute| cookie.name.eq_ignore_ascii_case(attribute));
    if is_attribute || !is_plain(&cookie.name) {
        return Err(InvalidCookie::Name(cookie.name.clone()));
    }
    if !cookie.path.is_empty() && !is_path(&cookie.path) {
        return Err(InvalidCookie::Path(cookie.path.clone()));
    }
    if let Some(domain) = cookie.domain()
        && !is_domain(domain)
    {
        return Err(InvalidCookie::Domain(domain.to_owned()));
    }
    if cookie.same_site == SameSite::None && !cookie.secure {
        return Err(InvalidCookie::InsecureSameSiteNone);
    }
    check_prefix(cookie)
}

/// What the prefix of the name promises. Browsers compare it without regard to case, since servers might.
fn check_prefix(cookie: &CookieAttributes) -> Result<(), InvalidCookie> {
    let begins_with = |prefix| begins_with(&cookie.name, prefix);
    let is_bound_to_host = cookie.secure && cookie.path == "/" && cookie.domain().is_none();
    if begins_with(HOST_PREFIX) && !is_bound_to_host {
        return Err(InvalidCookie::HostPrefix(cookie.name.clone()));
    }
    let for_http = begins_with("__Http-");
    if (begins_with("__Secure-") || for_http) && !cookie.secure {
        return Err(InvalidCookie::SecurePrefix(cookie.name.clone()));
    }
    if (begins_with("__Host-Http-") || for_http) && !cookie.http_only {
        return Err(InvalidCookie::HttpPrefix(cookie.name.clone()));
    }
    Ok(())
}

/// Whether a text may stand without quotes: it is not empty and has only these characters.
pub(super) fn is_plain(text: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~:".contains(&byte);
    !text.is_empty() && text.bytes().all(is_plain)
}

/// Whether a name begins with a prefix, in any case.
pub(super) fn begins_with(name: &str, prefix: &str) -> bool {
    name.get(..prefix.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}

/// Whether browsers take a text for a path; another one they replace by that of the login's URL.
fn is_path(text: &str) -> bool {
    text.starts_with('/')
        && text
            .chars()
            .all(|char| matches!(char, ' '..='~') && char != ';')
}

/// Whether a text is the name or the IPv4 address of a host, with or without the dot in front that RFC 2109 wanted.
fn is_domain(text: &str) -> bool {
    let host = text.strip_prefix('.').unwrap_or(text);
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
    };
    host.len() <= 253 && host.split('.').all(is_label)
}

/// Names that Python's `http.cookies` keeps for attributes, of all its versions.
const ATTRIBUTES: [&str; 10] = [
    "comment",
    "domain",
    "expires",
    "httponly",
    "max-age",
    "partitioned",
    "path",
    "samesite",
    "secure",
    "version",
];
