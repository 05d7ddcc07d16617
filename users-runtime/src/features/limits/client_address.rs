//! The address of the client that a request comes from.

use std::net::{IpAddr, SocketAddr};

use axum::extract::ConnectInfo;
use http::request::Parts;

use super::{
    forwarded::ForwardHeader,
    network::{Network, is_public},
};

/// Where the address of a request's client comes from.
///
/// The default is the address of the connection's other end, where it is one of the internet: a loopback, private, link-local or
/// carrier-grade address and a Unix socket are those of a proxy or of many clients, so such a request has no client address. An
/// application says here what it has in front of it.
///
/// The address of the connection is the request's [`ConnectInfo<SocketAddr>`](axum::extract::ConnectInfo): serve the application with
/// [`serve`](crate::serve), or with `into_make_service_with_connect_info::<SocketAddr>()`.
///
/// ```
/// use users_runtime::web::ClientAddresses;
///
/// // Clients connect directly, also from the same machine or network.
/// let direct = ClientAddresses::peer();
/// // Clients connect through a proxy on this machine, or through load balancers in this network.
/// let proxied = ClientAddresses::x_forwarded_for(["127.0.0.1", "10.20.0.0/16"]);
/// // Clients connect through a proxy that writes the header `Forwarded`, on a Unix socket.
/// let by_socket = ClientAddresses::forwarded(["unix"]);
/// ```
#[derive(Clone, Debug)]
pub struct ClientAddresses(Source);

#[derive(Clone, Debug)]
enum Source {
    PublicPeer,
    Peer,
    Proxies(ForwardHeader, Vec<String>),
}

impl ClientAddresses {
    /// The address of the connection's other end, whatever it is.
    pub const fn peer() -> Self {
        Self(Source::Peer)
    }

    /// The last address in the header `X-Forwarded-For` that is not one of these proxies, where the connection comes from one of them.
    /// A proxy is an address (`127.0.0.1`), a network (`10.0.0.0/8`), or `unix` for Unix sockets. Each of the proxies has to append the
    /// address of its own client to the header, or to replace the header by it.
    pub fn x_forwarded_for<P: Into<String>>(proxies: impl IntoIterator<Item = P>) -> Self {
        Self::proxies(ForwardHeader::XForwardedFor, proxies)
    }

    /// The same with the header `Forwarded` (RFC 7239) and its parameter `for`.
    pub fn forwarded<P: Into<String>>(proxies: impl IntoIterator<Item = P>) -> Self {
        Self::proxies(ForwardHeader::Forwarded, proxies)
    }

    fn proxies<P: Into<String>>(
        header: ForwardHeader,
        proxies: impl IntoIterator<Item = P>,
    ) -> Self {
        let proxies = proxies.into_iter().map(Into::into).collect();
        Self(Source::Proxies(header, proxies))
    }

    /// The rules; the proxy that is none, where there is one.
    pub(super) fn checked(self) -> Result<AddressRules, String> {
        let (header, proxies) = match self.0 {
            Source::PublicPeer => return Ok(AddressRules::PublicPeer),
            Source::Peer => return Ok(AddressRules::Peer),
            Source::Proxies(header, proxies) => (header, proxies),
        };
        let mut trusted = Proxies {
            header,
            networks: Vec::new(),
            unix: false,
        };
        for proxy in proxies {
            match Network::parse(&proxy) {
                Some(network) => trusted.networks.push(network),
                None if proxy == UNIX => trusted.unix = true,
                None => return Err(proxy),
            }
        }
        Ok(AddressRules::Proxies(trusted))
    }
}

/// The address of the connection's other end, where it is one of the internet.
impl Default for ClientAddresses {
    fn default() -> Self {
        Self(Source::PublicPeer)
    }
}

/// How a proxy on a Unix socket is named.
const UNIX: &str = "unix";

/// How the address of a client is found.
#[derive(Clone, Debug)]
pub(crate) enum AddressRules {
    PublicPeer,
    Peer,
    Proxies(Proxies),
}

/// The proxies that are believed.
#[derive(Clone, Debug)]
pub(crate) struct Proxies {
    header: ForwardHeader,
    networks: Vec<Network>,
    unix: bool,
}

/// The other end of a connection.
#[derive(Clone, Copy)]
enum Peer {
    Address(IpAddr),
    UnixSocket,
    Unknown,
}

impl Peer {
    fn of(parts: &Parts) -> Self {
        if let Some(ConnectInfo(peer)) = parts.extensions.get::<ConnectInfo<SocketAddr>>() {
            return Self::Address(peer.ip().to_canonical());
        }
        #[cfg(unix)]
        if parts
            .extensions
            .get::<ConnectInfo<tokio::net::unix::SocketAddr>>()
            .is_some()
        {
            return Self::UnixSocket;
        }
        Self::Unknown
    }
}

/// The address of the connection's other end, whatever it is.
pub(super) fn peer_address(parts: &Parts) -> Option<IpAddr> {
    match Peer::of(parts) {
        Peer::Address(address) => Some(address),
        Peer::UnixSocket | Peer::Unknown => None,
    }
}

impl AddressRules {
    /// The address of the client; `None` where it is not known, or not that of one client.
    pub(crate) fn client(&self, parts: &Parts) -> Option<IpAddr> {
        match (self, Peer::of(parts)) {
            (Self::Peer, Peer::Address(peer)) => Some(peer),
            (Self::Proxies(proxies), Peer::UnixSocket) if proxies.unix => proxies.client(parts),
            (Self::Proxies(proxies), Peer::Address(peer)) if proxies.are(peer) => {
                proxies.client(parts)
            }
            (Self::PublicPeer | Self::Proxies(_), Peer::Address(peer)) => {
                Some(peer).filter(|peer| is_public(*peer))
            }
            (_, Peer::UnixSocket | Peer::Unknown) => None,
        }
    }
}

impl Proxies {
    fn are(&self, address: IpAddr) -> bool {
        self.networks
            .iter()
            .any(|network| network.contains(address))
    }

    /// The last address that is none of the proxies', or the first one where all are. What stands before an entry that is no address is
    /// not read.
    fn client(&self, parts: &Parts) -> Option<IpAddr> {
        let mut client = None;
        for address in self
            .header
            .addresses(&parts.headers)
            .map_while(|entry| entry)
        {
            client = Some(address);
            if !self.are(address) {
                break;
            }
        }
        client
    }
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    fn client(rules: ClientAddresses, peer: Option<&str>, header: &str) -> Option<String> {
        let mut request = Request::builder();
        if !header.is_empty() {
            request = request.header("x-forwarded-for", header);
        }
        let (mut parts, ()) = request.body(()).expect("a request").into_parts();
        if let Some(peer) = peer {
            let peer = SocketAddr::new(peer.parse().expect("an address"), 4711);
            parts.extensions.insert(ConnectInfo(peer));
        }
        let rules = rules.checked().expect("proxies");
        rules.client(&parts).map(|address| address.to_string())
    }

    #[test]
    fn the_default_is_the_peer_on_the_internet() {
        let of = |peer| client(ClientAddresses::default(), peer, "198.51.100.1");
        assert_eq!(of(Some("203.0.113.9")).as_deref(), Some("203.0.113.9"));
        assert_eq!(
            of(Some("::ffff:203.0.113.9")).as_deref(),
            Some("203.0.113.9")
        );
        for peer in ["127.0.0.1", "::1", "10.0.0.1", "100.64.0.1", "fd00::1"] {
            assert_eq!(of(Some(peer)), None, "{peer}");
        }
        assert_eq!(of(None), None);
    }

    #[test]
    fn every_peer_is_a_client_where_the_application_says_so() {
        let of = |peer| client(ClientAddresses::peer(), peer, "198.51.100.1");
        assert_eq!(of(Some("127.0.0.1")).as_deref(), Some("127.0.0.1"));
        assert_eq!(of(Some("10.0.0.1")).as_deref(), Some("10.0.0.1"));
        assert_eq!(of(None), None);
    }

    #[test]
    fn a_proxy_is_believed_where_it_is_named() {
        let of = |peer, header: &str| {
            let rules = ClientAddresses::x_forwarded_for(["127.0.0.1", "10.0.0.0/8"]);
            client(rules, Some(peer), header)
        };
        let table = [
            ("127.0.0.1", "203.0.113.9", Some("203.0.113.9")),
            // What the client sent itself stands before what the proxy added.
            ("127.0.0.1", "1.1.1.1, 203.0.113.9", Some("203.0.113.9")),
            ("127.0.0.1", "nonsense, 203.0.113.9", Some("203.0.113.9")),
            (
                "127.0.0.1",
                "1.1.1.1, 203.0.113.9, 10.1.1.1",
                Some("203.0.113.9"),
            ),
            // Clients in the proxies' own network.
            ("127.0.0.1", "10.2.2.2, 10.1.1.1", Some("10.2.2.2")),
            ("127.0.0.1", "1.1.1.1, nonsense, 10.1.1.1", Some("10.1.1.1")),
            ("127.0.0.1", "192.168.1.5", Some("192.168.1.5")),
            // A proxy that says nothing.
            ("127.0.0.1", "", None),
            ("127.0.0.1", "unknown", None),
            ("127.0.0.1", "203.0.113.9, unknown", None),
            // Who is no proxy is not believed.
            ("203.0.113.1", "198.51.100.1", Some("203.0.113.1")),
            ("192.168.0.1", "198.51.100.1", None),
        ];
        for (peer, header, expected) in table {
            assert_eq!(of(peer, header).as_deref(), expected, "{peer}: {header}");
        }
    }

    #[test]
    fn what_is_no_proxy_is_refused() {
        let checked = |proxy: &str| ClientAddresses::forwarded([proxy]).checked().map(drop);
        assert_eq!(checked("unix"), Ok(()));
        assert_eq!(checked("10.0.0.0/8"), Ok(()));
        for proxy in ["", "10.0.0.0/64", "proxy.example.com"] {
            assert_eq!(checked(proxy), Err(proxy.to_owned()));
        }
    }
}
