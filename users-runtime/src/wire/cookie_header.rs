//! The `Cookie` and `Set-Cookie` headers, as Starlette and Python's `http.cookies` read and write them.

use std::fmt::Write as _;

use http::{HeaderMap, HeaderValue, header};

pub(crate) use super::cookie_rules::HOST_PREFIX;
pub use super::{
    cookie_attributes::{CookieAttributes, SameSite},
    cookie_rules::InvalidCookie,
};
use super::{
    cookie_rules::{self, is_plain},
    latin1,
};

impl CookieAttributes {
    /// Whether such a cookie can be written and is kept by browsers; a valid one fails only for its value.
    ///
    /// # Errors
    ///
    /// What is wrong with the attributes.
    pub fn validate(&self) -> Result<(), InvalidCookie> {
        cookie_rules::check(self)
    }

    /// Whether the name promises that the cookie is this host's alone.
    pub(crate) fn is_bound_to_host(&self) -> bool {
        cookie_rules::begins_with(&self.name, HOST_PREFIX)
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
            // Starlette drops more than blanks and tabs around a name. Browsers see no prefix behind such a character, so another host
            // of the site may set that cookie.
            let is_disguised =
                name.starts_with("__") && !pair_name.trim_matches([' ', '\t']).starts_with("__");
            if pair_name.trim() == name && !is_disguised {
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
