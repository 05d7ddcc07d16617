"""Ports of the loopback interface that no other suite takes, whether in Python or in Rust (`users-runtime/tests/shared/port.rs`).

A port that was free a moment ago may be another one's by the time that a server listens. So suites agree on who has which: a port is
taken by binding a name in Linux' abstract namespace, which goes with the process that has bound it.
"""

import random
import socket

# Below those that the system gives to connections and to whoever asks for any port (ip_local_port_range).
PORTS = range(20000, 32768)
# What says that this process has a port, for as long as it runs.
RESERVED: list[socket.socket] = []


def reserve() -> int:
    """A port on which nobody listens, and which no other suite takes while this process runs."""
    for port in random.sample(PORTS, len(PORTS)):
        name = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        try:
            name.bind(f"\0users-tests-port-{port}")
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", port))
        except OSError:
            name.close()
            continue
        RESERVED.append(name)
        return port
    raise OSError("every port is taken")
