//! Origins (RFC 6454), as browsers send them and as a configuration names them.

use http::{
    Uri,
    uri::{Authority, Scheme},
};

/// Why a text is not a valid origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidOrigin {
    /// The text has no scheme or no host. `null` and `*` are no origins either.
    #[error("write the scheme and the host, as in `https://app.example.com`")]
    Incomplete,
    /// The text has a path, a query, a fragment or a user name.
    #[error("write the scheme, the host and the port only, without a path")]
    TooLong,
}

/// The scheme, host and port of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Origin {
    scheme: String,
    host: String,
    /// `None` for the scheme's default port.
    port: Option<u16>,
}

impl Origin {
    /// An origin and nothing else; a `/` behind it is ignored.
    pub(crate) fn parse(text: &str) -> Result<Self, InvalidOrigin> {
        let (origin, rest) = Self::of_url(text)?;
        if matches!(rest, "" | "/") {
            Ok(origin)
        } else {
            Err(InvalidOrigin::TooLong)
        }
    }

    /// The origin of an absolute URL, and what follows it.
    pub(crate) fn of_url(text: &str) -> Result<(Self, &str), InvalidOrigin> {
        let (scheme, rest) = text.split_once("://").ok_or(InvalidOrigin::Incomplete)?;
        let end = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
        let (authority, rest) = rest.split_at(end);
        if authority.contains('@') {
            return Err(InvalidOrigin::TooLong);
        }
        let scheme: Scheme = scheme.parse().map_err(|_| InvalidOrigin::Incomplete)?;
        let (host, port) = host_and_port(authority).ok_or(InvalidOrigin::Incomplete)?;
        let scheme = scheme.as_str().to_ascii_lowercase();
        let port = port.filter(|port| Some(*port) != default_port(&scheme));
        Ok((Self { scheme, host, port }, rest))
    }

    /// Whether this is the origin of a host that a request names. A proxy may have ended TLS, so the scheme is not compared.
    pub(crate) fn is_at(&self, host: &str) -> bool {
        host_and_port(host).is_some_and(|(host, port)| {
            let port = port.filter(|port| Some(*port) != default_port(&self.scheme));
            host == self.host && port == self.port
        })
    }
}

/// The host in lower case, and the port.
fn host_and_port(authority: &str) -> Option<(String, Option<u16>)> {
    let parsed: Authority = authority.parse().ok()?;
    let is_whole = match parsed.port() {
        None => parsed.host().len() == authority.len(),
        Some(port) => parsed.host().len() + 1 + port.as_str().len() == authority.len(),
    };
    (is_whole && !parsed.host().is_empty())
        .then(|| (parsed.host().to_ascii_lowercase(), parsed.port_u16()))
}

fn default_port(scheme: &str) -> Option<u16> {
    match scheme {
        "http" => Some(80),
        "https" => Some(443),
        _ => None,
    }
}

/// The host that a request names: the `Host` header, or `:authority` of HTTP/2.
pub(crate) fn requested_host<'a>(headers: &'a http::HeaderMap, uri: &'a Uri) -> Option<&'a str> {
    match headers.get(http::header::HOST) {
        Some(host) => host.to_str().ok(),
        None => uri.authority().map(Authority::as_str),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_compared_as_browsers_write_them() {
        let origin = |text| Origin::parse(text).expect("an origin");
        assert_eq!(
            origin("https://App.Example.com:443/"),
            origin("https://app.example.com")
        );
        assert_ne!(
            origin("https://app.example.com"),
            origin("http://app.example.com")
        );
        assert_ne!(
            origin("https://app.example.com:8443"),
            origin("https://app.example.com")
        );
        for text in [
            "capacitor://localhost",
            "http://[::1]:3000",
            "chrome-extension://abcdef",
        ] {
            origin(text);
        }
    }

    #[test]
    fn other_texts_are_no_origins() {
        for (text, expected) in [
            ("null", InvalidOrigin::Incomplete),
            ("*", InvalidOrigin::Incomplete),
            ("", InvalidOrigin::Incomplete),
            ("app.example.com", InvalidOrigin::Incomplete),
            ("https://", InvalidOrigin::Incomplete),
            ("https://*.example.com:x", InvalidOrigin::Incomplete),
            ("https://a.example b.example", InvalidOrigin::Incomplete),
            ("https://app.example.com/login", InvalidOrigin::TooLong),
            ("https://app.example.com?x", InvalidOrigin::TooLong),
            ("https://jo@app.example.com", InvalidOrigin::TooLong),
        ] {
            assert_eq!(Origin::parse(text), Err(expected), "{text}");
        }
    }

    #[test]
    fn the_scheme_of_a_host_is_not_known() {
        for (origin, host, expected) in [
            ("https://example.com", "example.com", true),
            ("http://example.com", "EXAMPLE.com", true),
            ("https://example.com", "example.com:443", true),
            ("http://example.com", "example.com:80", true),
            ("https://example.com", "example.com:80", false),
            ("https://example.com:8000", "example.com:8000", true),
            ("https://example.com:8000", "example.com", false),
            ("https://example.com", "example.com.evil.example", false),
            ("https://evil.example", "example.com", false),
            ("http://[::1]:8000", "[::1]:8000", true),
        ] {
            let found = Origin::parse(origin).expect("an origin").is_at(host);
            assert_eq!(found, expected, "{origin} {host}");
        }
    }
}
