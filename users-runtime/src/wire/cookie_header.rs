//! The `Cookie` and `Set-Cookie` headers, as Starlette and Python's `http.cookies` read and write them.

use std::fmt::Write as _;

use http::{HeaderMap, HeaderValue, header};

pub use super::cookie_rules::InvalidCookie;
use super::{cookie_rules, latin1};

/// When a browser sends a cookie along with requests that other sites cause.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SameSite {
    /// With links from other sites, not with forms or scripts of theirs.
    #[default]
    Lax,
    /// Never.
    Strict,
    /// Always. Browsers demand [`secure`](CookieAttributes::secure) then.
    None,
}

impl SameSite {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Lax => "lax",
            Self::Strict => "strict",
            Self::None => "none",
        }
    }
}

/// A cookie without its value (RFC 6265, section 4.1). The defaults are those of FastAPI Users' `CookieTransport`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CookieAttributes {
    /// The name, by default `fastapiusersauth`.
    pub name: String,
    /// For how many seconds a browser keeps the cookie; `None`, the default, until it is closed.
    pub max_age: Option<u64>,
    /// Under which path the browser sends it, by default `/`; an empty path is left out.
    pub path: String,
    /// To which domain and its subdomains; `None`, the default, to this host only. An empty domain is left out.
    pub domain: Option<String>,
    /// Over HTTPS only, which is the default.
    pub secure: bool,
    /// Out of reach of scripts, which is the default.
    pub http_only: bool,
    /// With which requests, by default [`SameSite::Lax`].
    pub same_site: SameSite,
}

impl Default for CookieAttributes {
    fn default() -> Self {
        Self {
            name: "fastapiusersauth".to_owned(),
            max_age: None,
            path: "/".to_owned(),
            domain: None,
            secure: true,
            http_only: true,
            same_site: SameSite::Lax,
        }
    }
}

impl CookieAttributes {
    /// Whether such a cookie can be written and is kept by browsers; a valid one fails only for its value.
    ///
    /// # Errors
    ///
    /// What is wrong with the attributes.
    pub fn validate(&self) -> Result<(), InvalidCookie> {
        cookie_rules::check(self)
    }

    /// The domain, unless it is left out.
    pub(super) fn domain(&self) -> Option<&str> {
        self.domain.as_deref().filter(|domain| !domain.is_empty())
    }

    /// The value of a `Set-Cookie` header that sets the cookie, quoted where the value needs it.
    pub fn set(&self, value: &str) -> Result<HeaderValue, InvalidCookie> {
        self.write(value, self.max_age)
    }

    /// The value of a `Set-Cookie` header that makes the client forget the cookie: the same attributes, an empty value and
    /// `Max-Age=0`.
    pub fn clear(&self) -> Result<HeaderValue, InvalidCookie> {
        self.write("", Some(0))
    }

    /// The attributes come in the order of their names.
    fn write(&self, value: &str, max_age: Option<u64>) -> Result<HeaderValue, InvalidCookie> {
        self.validate()?;
        let mut attributes = vec![format!("{}={}", self.name, quoted(value)?)];
        if let Some(domain) = self.domain() {
            attributes.push(format!("Domain={domain}"));
        }
        if self.http_only {
            attributes.push("HttpOnly".to_owned());
        }
        if let Some(max_age) = max_age {
            attributes.push(format!("Max-Age={max_age}"));
        }
        if !self.path.is_empty() {
            attributes.push(format!("Path={}", self.path));
        }
        attributes.push(format!("SameSite={}", self.same_site.as_str()));
        if self.secure {
            attributes.push("Secure".to_owned());
        }
        let mut header =
            HeaderValue::try_from(attributes.join("; ")).map_err(|_| InvalidCookie::Value)?;
        header.set_sensitive(true);
        Ok(header)
    }
}

/// Whether a text may stand without quotes: it is not empty and has only these characters.
pub(super) fn is_plain(text: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~:".contains(&byte);
    !text.is_empty() && text.bytes().all(is_plain)
}

/// Puts a value into quotes where it needs them; what quotes cannot hold becomes `\` and three octal digits.
fn quoted(value: &str) -> Result<String, InvalidCookie> {
    if is_plain(value) {
        return Ok(value.to_owned());
    }
    let mut quoted = String::from("\"");
    for char in value.chars() {
        let code = u8::try_from(char).map_err(|_| InvalidCookie::Value)?;
        match char {
            '"' | '\\' => quoted.extend(['\\', char]),
            'A'..='Z' | 'a'..='z' | '0'..='9' => quoted.push(char),
            _ if b"!#$%&'*+-.^_`|~: ()/<=>?@[]{}".contains(&code) => quoted.push(char),
            // Writing to a text does not fail.
            _ => drop(write!(quoted, "\\{code:03o}")),
        }
    }
    quoted.push('"');
    Ok(quoted)
}

/// The value of a request's cookie (RFC 6265, section 4.2), as Starlette reads it.
///
/// Of several cookies with one name the last counts, in the last `Cookie` header that has it. A value in double quotes is
/// unquoted: `\"` is `"`, and `\` with three octal digits is the character of that number. An empty value is `None`.
pub fn read_cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let mut found = None;
    for header in headers.get_all(header::COOKIE) {
        for pair in latin1::text(header).split(';') {
            let (pair_name, value) = pair.split_once('=').unwrap_or(("", pair));
            if pair_name.trim() == name {
                found = Some(unquoted(value.trim()));
            }
        }
    }
    found.filter(|value| !value.is_empty())
}

fn unquoted(value: &str) -> String {
    let Some(mut rest) = value
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
    else {
        return value.to_owned();
    };
    let mut text = String::new();
    while let Some((plain, escape)) = rest.split_once('\\') {
        text.push_str(plain);
        let mut chars = escape.chars();
        if let [
            high @ b'0'..=b'3',
            middle @ b'0'..=b'7',
            low @ b'0'..=b'7',
            ..,
        ] = *escape.as_bytes()
        {
            text.push(char::from(
                (high - b'0') << 6 | (middle - b'0') << 3 | (low - b'0'),
            ));
            chars = escape[3..].chars();
        } else {
            // A backslash at the end stands for itself.
            text.push(chars.next().unwrap_or('\\'));
        }
        rest = chars.as_str();
    }
    text + rest
}

#[cfg(test)]
#[path = "cookie_header_tests.rs"]
mod tests;
