//! Where a request was sent to: the scheme and host of its URL.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use http::{Extensions, HeaderMap, Uri, header};

/// The server's own address on the connection that a request came on.
#[derive(Clone, Copy)]
pub(crate) struct LocalAddress(pub(crate) SocketAddr);

/// Scheme and host of a request's URL: the host that the client names, or else the address that it has connected to.
pub(crate) fn origin(headers: &HeaderMap, uri: &Uri, extensions: &Extensions) -> Option<String> {
    let scheme = uri.scheme_str().unwrap_or("http");
    let local = || {
        extensions
            .get()
            .map(|LocalAddress(address)| host_of(*address, scheme))
    };
    let host = named_host(headers, uri).map(str::to_owned).or_else(local)?;
    Some(format!("{scheme}://{host}"))
}

/// The host that the client names, if it is one.
fn named_host<'a>(headers: &'a HeaderMap, uri: &'a Uri) -> Option<&'a str> {
    let host = match headers.get(header::HOST) {
        Some(host) => host.to_str().ok()?,
        None => uri.authority()?.as_str(),
    };
    is_host(host).then_some(host)
}

/// The server's address as a host; the scheme's own port is left out.
pub(super) fn host_of(address: SocketAddr, scheme: &str) -> String {
    let host = match address.ip() {
        IpAddr::V4(ip) => ip.to_string(),
        IpAddr::V6(ip) => format!("[{ip}]"),
    };
    let is_default = address.port() == if scheme == "https" { 443 } else { 80 };
    if is_default {
        host
    } else {
        format!("{host}:{}", address.port())
    }
}

/// Whether a text is a host with or without a port, as Starlette validates it: by RFC 3986, but the name must not be empty and `%`
/// may stand anywhere.
pub(super) fn is_host(text: &str) -> bool {
    let (is_host, rest) = match text.strip_prefix('[').map(|rest| rest.split_once(']')) {
        Some(Some((literal, rest))) => (is_ip_literal(literal), rest),
        Some(None) => return false,
        None => {
            let (name, rest) = text.split_at(text.find(':').unwrap_or(text.len()));
            (
                !name.is_empty() && name.bytes().all(|byte| byte == b'%' || is_plain(byte)),
                rest,
            )
        }
    };
    is_host && (rest.is_empty() || rest.strip_prefix(':').is_some_and(is_port))
}

/// Whether a text may stand in the brackets of a host.
fn is_ip_literal(text: &str) -> bool {
    let Some((version, address)) = text
        .strip_prefix('v')
        .and_then(|future| future.split_once('.'))
    else {
        return text.parse::<Ipv6Addr>().is_ok();
    };
    let is_version = !version.is_empty() && version.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_version && !address.is_empty() && address.bytes().all(|byte| byte == b':' || is_plain(byte))
}

fn is_port(text: &str) -> bool {
    let number = text.trim_start_matches('0');
    !text.is_empty()
        && text.bytes().all(|byte| byte.is_ascii_digit())
        && (number.is_empty() || number.parse::<u16>().is_ok())
}

/// What RFC 3986 calls the unreserved characters and the sub-delimiters.
fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"._~!$&'()*+,;=-".contains(&byte)
}
