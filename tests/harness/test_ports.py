"""A port belongs to one suite at a time."""

import socket
import subprocess
import unittest
from unittest import mock

import ports
from waiting import python, until

TAKE = """
import ports, sys
ports.PORTS = range(int(sys.argv[1]), int(sys.argv[1]) + 8)
print(*[ports.reserve() for _ in range(2)], flush=True)
sys.stdin.read()
"""


class Ports(unittest.TestCase):
    """Among eight ports that nobody else uses."""

    def setUp(self):
        first = ports.reserve()
        self.few = range(first - first % 8, first - first % 8 + 8)
        ports.RESERVED.pop().close()

    def test_suites_at_once_have_different_ports_and_give_them_back_when_they_end(self):
        suites = [python(TAKE, self.few.start, stdin=subprocess.PIPE) for _ in range(4)]
        taken = [int(port) for suite in suites for port in suite.stdout.readline().split()]
        self.assertEqual(sorted(taken), list(self.few))
        with mock.patch.object(ports, "PORTS", self.few):
            with self.assertRaisesRegex(OSError, "every port is taken"):
                ports.reserve()
            for suite in suites:
                suite.kill()
                suite.communicate()
            self.assertIn(until(ports.reserve, "a port"), self.few)
            ports.RESERVED.pop().close()

    def test_a_port_on_which_somebody_listens_is_not_taken(self):
        with socket.socket() as other:
            other.bind(("127.0.0.1", 0))
            other.listen()
            port = other.getsockname()[1]
            with mock.patch.object(ports, "PORTS", range(port, port + 1)), self.assertRaises(OSError):
                ports.reserve()


if __name__ == "__main__":
    unittest.main()
