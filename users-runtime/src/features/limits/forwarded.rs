//! The headers in which proxies say whom they forward a request of, read from the right: what a proxy adds is behind what the client
//! sent.

use std::net::{IpAddr, SocketAddr};

use http::{HeaderMap, HeaderName, header};

/// Which header the proxies write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ForwardHeader {
    /// `Forwarded` (RFC 7239)
    Forwarded,
    /// `X-Forwarded-For`
    XForwardedFor,
}

impl ForwardHeader {
    const fn name(self) -> HeaderName {
        match self {
            Self::Forwarded => header::FORWARDED,
            Self::XForwardedFor => HeaderName::from_static("x-forwarded-for"),
        }
    }

    /// The addresses that the headers name, the last one first; `None` for an entry that is no address.
    pub(super) fn addresses(self, headers: &HeaderMap) -> impl Iterator<Item = Option<IpAddr>> {
        let lines: Vec<_> = headers.get_all(self.name()).iter().collect();
        let entries = lines.into_iter().rev().flat_map(move |line| {
            let Ok(line) = line.to_str() else {
                return vec![None];
            };
            let entries = from_the_right(line, self == Self::Forwarded);
            entries.map(|entry| self.address(entry)).collect()
        });
        entries.collect::<Vec<_>>().into_iter()
    }

    fn address(self, entry: &str) -> Option<IpAddr> {
        match self {
            Self::XForwardedFor => address(entry.trim()),
            Self::Forwarded => forwarded_for(entry),
        }
    }
}

/// The entries of a line, the last one first. Quotation marks are counted from the right, too: those that a client sent cannot hide
/// what a proxy added behind them.
fn from_the_right(line: &str, has_quotes: bool) -> impl Iterator<Item = &str> {
    let mut rest = Some(line);
    std::iter::from_fn(move || {
        let text = rest?;
        let mut is_quoted = false;
        let comma = text.bytes().enumerate().rev().find_map(|(place, byte)| {
            is_quoted ^= has_quotes && byte == b'"';
            (byte == b',' && !is_quoted).then_some(place)
        });
        rest = comma.map(|place| &text[..place]);
        Some(comma.map_or(text, |place| &text[place + 1..]))
    })
}

/// The address after `for=`. Values with escapes are no addresses.
fn forwarded_for(entry: &str) -> Option<IpAddr> {
    let mut values = entry.split(';').filter_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        name.trim()
            .eq_ignore_ascii_case("for")
            .then_some(value.trim())
    });
    let value = values.next()?;
    if values.next().is_some() {
        return None;
    }
    match value.strip_prefix('"') {
        Some(quoted) => address(quoted.strip_suffix('"')?),
        None => address(value),
    }
}

/// An address, with or without a port.
fn address(text: &str) -> Option<IpAddr> {
    let bracketed = text
        .strip_prefix('[')
        .and_then(|text| text.strip_suffix(']'));
    let address = match bracketed {
        Some(address) => IpAddr::V6(address.parse().ok()?),
        None => match text.parse::<IpAddr>() {
            Ok(address) => address,
            Err(_) => text.parse::<SocketAddr>().ok()?.ip(),
        },
    };
    Some(address.to_canonical())
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn read(header: ForwardHeader, lines: &[&str]) -> Vec<String> {
        let mut headers = HeaderMap::new();
        for line in lines {
            let value = HeaderValue::from_str(line).expect("a value");
            headers.append(header.name(), value);
        }
        let shown = |address: Option<IpAddr>| {
            address.map_or_else(|| "?".to_owned(), |address| address.to_string())
        };
        header.addresses(&headers).map(shown).collect()
    }

    #[test]
    fn x_forwarded_for_is_read_from_the_right() {
        let read = |lines: &[&str]| read(ForwardHeader::XForwardedFor, lines);
        let none: [&str; 0] = [];
        assert_eq!(read(&[]), none);
        assert_eq!(read(&["192.0.2.1, 192.0.2.2"]), ["192.0.2.2", "192.0.2.1"]);
        assert_eq!(
            read(&["192.0.2.1,192.0.2.2", "2001:db8::1"]),
            ["2001:db8::1", "192.0.2.2", "192.0.2.1"]
        );
        assert_eq!(
            read(&["192.0.2.1:4711, [2001:db8::1]:80, [2001:db8::2]"]),
            ["2001:db8::2", "2001:db8::1", "192.0.2.1"]
        );
        assert_eq!(read(&["::ffff:192.0.2.1"]), ["192.0.2.1"]);
        assert_eq!(read(&["unknown,, 192.0.2.1"]), ["192.0.2.1", "?", "?"]);
        assert_eq!(read(&["\"192.0.2.1, 192.0.2.2"]), ["192.0.2.2", "?"]);
        assert_eq!(read(&[""]), ["?"]);
    }

    #[test]
    fn forwarded_is_read_from_the_right() {
        let read = |lines: &[&str]| read(ForwardHeader::Forwarded, lines);
        assert_eq!(
            read(&["for=192.0.2.43, For=\"[2001:db8:cafe::17]:4711\";proto=https"]),
            ["2001:db8:cafe::17", "192.0.2.43"]
        );
        assert_eq!(
            read(&["proto=http; by=203.0.113.43; for=192.0.2.60"]),
            ["192.0.2.60"]
        );
        assert_eq!(
            read(&["for=unknown, for=_hidden, proto=https"]),
            ["?", "?", "?"]
        );
        assert_eq!(read(&["for=\"192.0.2.1:80\""]), ["192.0.2.1"]);
        // A quotation mark of the client's does not swallow what the proxy adds.
        assert_eq!(read(&["for=\", for=192.0.2.9"]), ["192.0.2.9", "?"]);
        assert_eq!(read(&["for=192.0.2.1;for=192.0.2.2"]), ["?"]);
        assert_eq!(read(&["for=\"192.0.2.1\\\""]), ["?"]);
    }
}
