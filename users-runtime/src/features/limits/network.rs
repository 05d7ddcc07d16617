//! Networks of addresses, by their prefixes (CIDR, RFC 4632).

use std::{
    net::{IpAddr, Ipv6Addr},
    sync::LazyLock,
};

/// The networks whose addresses are not those of clients on the internet: an address in one of them names a machine of the deployment
/// itself, or many clients at once.
const SHARED: [&str; 11] = [
    "0.0.0.0/8",
    "10.0.0.0/8",
    // Carrier-grade NAT (RFC 6598).
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "::/128",
    "::1/128",
    "fc00::/7",
    "fe80::/10",
];

/// A network. IPv4 is a part of IPv6 here, as its mapped addresses are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Network {
    bits: u128,
    mask: u128,
}

impl Network {
    /// The network of a text such as `10.0.0.0/8`, or of one address.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().ok()?;
        let length: u8 = if address.is_ipv4() { 32 } else { 128 };
        let prefix = match prefix {
            Some(prefix) => prefix.parse().ok().filter(|prefix| *prefix <= length)?,
            None => length,
        };
        let free = u32::from(length - prefix);
        let mask = u128::MAX.checked_shl(free).unwrap_or(0);
        Some(Self {
            bits: bits(address) & mask,
            mask,
        })
    }

    pub(super) fn contains(self, address: IpAddr) -> bool {
        bits(address) & self.mask == self.bits
    }
}

/// Whether an address may be that of one client on the internet.
pub(super) fn is_public(address: IpAddr) -> bool {
    static NETWORKS: LazyLock<Vec<Network>> = LazyLock::new(|| {
        let networks = SHARED.iter().map(|text| Network::parse(text));
        networks.flatten().collect()
    });
    !NETWORKS.iter().any(|network| network.contains(address))
}

fn bits(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => address.to_ipv6_mapped().to_bits(),
        IpAddr::V6(address) => address.to_bits(),
    }
}

/// What one client on the internet has to itself: an IPv4 address, or the first 64 bits of an IPv6 address, of which it can choose the
/// rest.
pub(crate) fn of_one_client(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let network = address.to_bits() & (u128::MAX << 64);
            format!("{}/64", Ipv6Addr::from_bits(network))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn a_network_contains_what_its_prefix_says() {
        let contains = |network, text| {
            Network::parse(network)
                .expect("a network")
                .contains(address(text))
        };
        assert!(contains("10.0.0.0/8", "10.255.0.1"));
        assert!(contains("10.0.0.0/8", "::ffff:10.1.2.3"));
        assert!(!contains("10.0.0.0/8", "11.0.0.1"));
        assert!(contains("192.0.2.7", "192.0.2.7"));
        assert!(!contains("192.0.2.7", "192.0.2.8"));
        assert!(contains("0.0.0.0/0", "203.0.113.9"));
        assert!(!contains("0.0.0.0/0", "2001:db8::1"));
        assert!(contains("::/0", "2001:db8::1"));
        assert!(contains("2001:db8::/32", "2001:db8:ffff::1"));
        assert!(!contains("2001:db8::/32", "2001:db9::1"));
        for text in [
            "",
            "10.0.0.0/33",
            "::/129",
            "10.0.0/8",
            "10.0.0.0/",
            "proxy",
            "10.0.0.0/-1",
        ] {
            assert_eq!(Network::parse(text), None, "{text}");
        }
        assert!(SHARED.iter().all(|text| Network::parse(text).is_some()));
    }

    #[test]
    fn what_is_not_one_clients_address_is_known() {
        for text in [
            "127.0.0.1",
            "::1",
            "::ffff:127.0.0.1",
            "10.1.2.3",
            "172.31.0.1",
            "192.168.1.1",
            "100.64.0.1",
            "100.127.255.255",
            "169.254.1.1",
            "fe80::1",
            "fd00::1",
            "0.0.0.0",
            "::",
        ] {
            assert!(!is_public(address(text)), "{text}");
        }
        for text in [
            "203.0.113.9",
            "100.128.0.1",
            "172.32.0.1",
            "2001:db8::1",
            "8.8.8.8",
        ] {
            assert!(is_public(address(text)), "{text}");
        }
    }

    #[test]
    fn a_client_has_64_bits_of_ipv6() {
        let of = |text| of_one_client(address(text));
        assert_eq!(of("203.0.113.9"), "203.0.113.9");
        assert_eq!(of("::ffff:203.0.113.9"), "203.0.113.9");
        assert_eq!(of("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
        assert_eq!(of("2001:db8:1:2::9"), "2001:db8:1:2::/64");
        assert_ne!(of("2001:db8:1:3::9"), "2001:db8:1:2::/64");
    }
}
