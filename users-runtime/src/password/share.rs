//! For which client a password is hashed.

use std::net::{IpAddr, Ipv6Addr};

tokio::task_local! {
    static CLIENT: HashClient;
}

/// The client for which a password is hashed: it has a share of the queue of its own.
///
/// It is carried by the task that answers a request, so that every call on the way to the hasher need not hand it on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct HashClient(Option<IpAddr>);

impl HashClient {
    /// The client at this address; an IPv6 client is the first 64 bits, of which it can choose the rest. All clients without a known
    /// address, application code included, are one.
    pub(crate) fn at(address: Option<IpAddr>) -> Self {
        Self(address.map(|address| match address.to_canonical() {
            IpAddr::V4(address) => IpAddr::V4(address),
            IpAddr::V6(address) => {
                IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64)))
            }
        }))
    }

    /// The client of the present task.
    pub(super) fn current() -> Self {
        CLIENT.try_with(|client| *client).unwrap_or_default()
    }

    /// Runs work for this client.
    pub(crate) async fn run<T>(self, work: impl Future<Output = T>) -> T {
        self.scope(work).await
    }

    /// [`run`](Self::run) as a future with a name.
    pub(crate) fn scope<F: Future>(self, work: F) -> InShare<F> {
        CLIENT.scope(self, work)
    }
}

/// Work that hashes for a client.
pub(crate) type InShare<F> = tokio::task::futures::TaskLocalFuture<HashClient, F>;

#[cfg(test)]
mod tests {
    use super::*;

    fn at(address: &str) -> HashClient {
        HashClient::at(Some(address.parse().expect("an address")))
    }

    #[tokio::test]
    async fn a_task_hashes_for_its_client() {
        let current = async { HashClient::current() };
        assert_eq!(current.await, HashClient::default());
        let current = async { HashClient::current() };
        assert_eq!(at("192.0.2.1").run(current).await, at("192.0.2.1"));
    }

    #[test]
    fn a_client_has_64_bits_of_ipv6() {
        assert_eq!(at("::ffff:192.0.2.1"), at("192.0.2.1"));
        assert_eq!(at("2001:db8:1:2:3::9"), at("2001:db8:1:2::1"));
        assert_ne!(at("2001:db8:1:3::1"), at("2001:db8:1:2::1"));
        assert_ne!(at("192.0.2.1"), at("192.0.2.2"));
    }
}
