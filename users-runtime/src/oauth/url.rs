//! Addresses of callbacks and front ends.

use std::net::IpAddr;

use http::Uri;
use url::Url;

/// Schemes of pages that a browser makes or reads itself, whose address another site must not choose.
const LOCAL: [&str; 6] = ["about", "blob", "data", "file", "javascript", "vbscript"];

/// Whether a text is an absolute URL that fits into a header as it is: of the web with a host, or of an application's own scheme
/// with a path (RFC 8252, section 7.1).
pub(super) fn is_absolute(text: &str) -> bool {
    let is_writable = |byte: u8| byte.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&byte);
    let Ok(url) = Url::parse(text) else {
        return false;
    };
    // The parser mends what browsers mend; the text is sent as it was given.
    let Some((_, rest)) = text.split_once(':') else {
        return false;
    };
    let is_addressed = match url.scheme() {
        "http" | "https" => rest.starts_with("//") && url.has_host(),
        scheme => rest.starts_with('/') && !LOCAL.contains(&scheme),
    };
    is_addressed && text.bytes().all(is_writable)
}

/// Whether an origin, such as `http://localhost:8000`, is this machine.
pub(crate) fn is_loopback(origin: &str) -> bool {
    let Ok(origin) = origin.parse::<Uri>() else {
        return false;
    };
    let host = origin.host().unwrap_or_default();
    let address = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'))
        .unwrap_or(host);
    // RFC 6761, section 6.3: names below `localhost` are this machine as well.
    let is_name = |host: &str| host == "localhost" || host.ends_with(".localhost");
    address.parse::<IpAddr>().map_or_else(
        |_| is_name(&host.to_ascii_lowercase()),
        |ip| ip.to_canonical().is_loopback(),
    )
}

#[cfg(test)]
mod tests {
    use super::{is_absolute, is_loopback};

    #[test]
    fn callbacks_and_front_ends_are_absolute_urls() {
        for url in [
            "https://app.example.com/welcome",
            "https://app.example.com",
            "http://127.0.0.1:8000/?x=%20y",
            "https://x.example/#/login",
            "com.example.app:/oauth2redirect",
            "myapp://callback",
        ] {
            assert!(is_absolute(url), "{url}");
        }
        for url in [
            "",
            "/app",
            "app",
            "//app.example.com/",
            "app.example.com/callback",
            "app.example.com:8000/callback",
            "localhost:8000/callback",
            "https:app.example.com",
            "https:/app.example.com",
            "https://",
            "https://app.example.com/a b",
            " https://app.example.com/",
            "https://app.example.com/\r\nx: y",
            "https://\u{e9}.example/",
            "javascript:alert(1)",
            "javascript://x.example/%0aalert(1)",
            "data:text/html,x",
            "file:///etc/passwd",
        ] {
            assert!(!is_absolute(url), "{url}");
        }
    }

    #[test]
    fn this_machine_is_told_from_others() {
        for origin in [
            "http://localhost",
            "http://LOCALHOST:8000",
            "http://app.localhost:8000",
            "http://127.0.0.1:8000",
            "http://127.1.2.3",
            "http://[::1]:8000",
        ] {
            assert!(is_loopback(origin), "{origin}");
        }
        for origin in [
            "http://example.org",
            "http://localhost.example.org",
            "http://notlocalhost",
            "http://127.0.0.1.example.org",
            "http://0.0.0.0",
            "http://192.168.0.1",
            "http://[::]",
            "http://localhost@example.org",
            "",
        ] {
            assert!(!is_loopback(origin), "{origin}");
        }
    }
}
