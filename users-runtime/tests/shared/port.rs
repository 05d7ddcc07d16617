//! Ports of the loopback interface that no other suite takes, whether in Rust or in Python (`tests/harness/ports.py`).

use std::{
    net::{Ipv4Addr, TcpListener},
    ops::Range,
    os::{
        linux::net::SocketAddrExt as _,
        unix::net::{SocketAddr, UnixDatagram},
    },
};

/// Below those that the system gives to connections and to whoever asks for any port (`ip_local_port_range`).
const PORTS: Range<u16> = 20000..32768;

/// A port that is this value's, also while nobody listens on it: its name in Linux' abstract namespace goes with the process.
#[derive(Debug)]
pub(crate) struct Port {
    number: u16,
    _name: UnixDatagram,
}

impl Port {
    /// Takes a port on which nobody listens.
    pub(crate) fn reserve() -> Self {
        let [first, second, ..] = *uuid::Uuid::new_v4().as_bytes();
        let start = PORTS.start + u16::from_be_bytes([first, second]) % (PORTS.end - PORTS.start);
        (start..PORTS.end)
            .chain(PORTS.start..start)
            .find_map(Self::take)
            .expect("a free port")
    }

    fn take(number: u16) -> Option<Self> {
        let name = SocketAddr::from_abstract_name(format!("users-tests-port-{number}"));
        let name = UnixDatagram::bind_addr(&name.ok()?).ok()?;
        TcpListener::bind((Ipv4Addr::LOCALHOST, number)).ok()?;
        Some(Self {
            number,
            _name: name,
        })
    }

    /// Its number.
    pub(crate) fn number(&self) -> u16 {
        self.number
    }
}
