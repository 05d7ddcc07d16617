"""Servers are waited for until they answer, they say why they do not, and none survives the comparison that started it.

    python3 tests/compare/test_servers.py
"""

import signal
import socket
import sys
import threading
import unittest
from pathlib import Path

import venv_of_original

venv_of_original.enter()

import servers  # noqa: E402 - needs the environment
import ports  # noqa: E402 - `servers` knows the path
import probes  # noqa: E402
import processes  # noqa: E402
from waiting import is_running, python, until  # noqa: E402

HERE = Path(__file__).resolve().parent
# Listens, and answers that it is starting up so many times before it answers as a server does that is ready.
REDIS = """
import socket, sys
server = socket.create_server(("127.0.0.1", int(sys.argv[1])))
for answer in [b"-LOADING Redis is loading the dataset in memory\\r\\n"] * int(sys.argv[2]) + [b"+PONG\\r\\n"]:
    connection, _ = server.accept()
    print(connection.recv(100), flush=True)
    connection.sendall(answer)
    connection.close()
sys.stdin.read()
"""
# What PostgreSQL says to whoever comes too early.
TOO_EARLY = b"SFATAL\0VFATAL\0C57P03\0Mthe database system is starting up\0\0"
COMPARISON = """
import processes, servers
with processes.temporary_folder("compare-") as folder:
    started = [servers.redis_server(folder), servers.postgres_server(folder), servers.secantus_server(folder)]
    print(folder, *[one.process.pid for one in started], flush=True)
    started[0].process.wait()
"""


class Early:
    """A port before a server's, at which the first sessions are refused as by a PostgreSQL that is starting up."""

    def __init__(self, port: int, refused: int):
        self.port, self.refused, self.count = port, refused, 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self) -> None:
        while True:
            try:
                near, _ = self.listener.accept()
            except OSError:
                return
            self.count += 1
            if self.count <= self.refused:
                # Asked for encryption first, it has none; then comes who wants a session.
                near.recv(1000)
                near.sendall(b"N")
                near.recv(1000)
                near.sendall(b"E" + (len(TOO_EARLY) + 4).to_bytes(4, "big") + TOO_EARLY)
                near.close()
                continue
            far = socket.create_connection(("127.0.0.1", self.port))
            for source, target in ((near, far), (far, near)):
                threading.Thread(target=self.pass_on, args=(source, target), daemon=True).start()

    def pass_on(self, source: socket.socket, target: socket.socket) -> None:
        try:
            while data := source.recv(65536):
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            pass


class Servers(unittest.TestCase):
    """Real servers, and programs that behave as they do at bad moments."""

    def setUp(self):
        self.folder = self.enterContext(processes.temporary_folder("servers-"))

    def start(self, name: str, code: str, *arguments, probe=probes.redis, **options) -> servers.Process:
        port = ports.reserve()
        server = servers.Process(name, [sys.executable, "-c", code, str(port), *arguments], port, self.folder, probe, **options)
        self.addCleanup(server.stop)
        return server

    def test_a_server_that_listens_and_is_starting_up_is_waited_for(self):
        server = self.start("redis", REDIS, "5")
        self.assertEqual(server.stdout.read_bytes().count(b"PING"), 6)

    def test_postgresql_that_is_starting_up_is_waited_for(self):
        server = servers.postgres_server(self.folder)
        self.addCleanup(server.stop)
        early = Early(server.port, 5)
        self.addCleanup(early.listener.close)
        # What the probe is about: such a server listens.
        with self.assertRaisesRegex(Exception, "the database system is starting up"):
            probes.postgres(early.listener.getsockname()[1])
        until_it_answers = servers.Process.__new__(servers.Process)
        until_it_answers.process, until_it_answers.port = server.process, early.listener.getsockname()[1]
        until_it_answers.wait(probes.postgres, servers.START_TIMEOUT)
        self.assertEqual(early.count, 6)

    def test_a_server_that_never_answers_is_told_of_with_its_last_answer_and_its_complaint_and_ended(self):
        code = "import os, sys; print('no memory', os.getpid(), file=sys.stderr, flush=True)\n" + REDIS
        with self.assertRaisesRegex(servers.StartError, r"redis did not answer within 20 s \(NotReady: .*LOADING.*\): no memory \d+"):
            self.start("redis", code, "1000000", timeout=20)
        self.assertFalse(is_running(int((self.folder / "redis.err").read_text().split()[-1])))

    def test_a_server_that_ends_is_told_of_with_its_status_and_complaint(self):
        with self.assertRaisesRegex(servers.StartError, "redis ended with the status 3: what a pity"):
            self.start("redis", "import sys; print('what a pity', file=sys.stderr); sys.exit(3)")
        with self.assertRaisesRegex(servers.StartError, "(?s)full ended with the status 1: .*DATABASE_URL"):
            self.start("full", "print('DATABASE_URL: no such database'); raise SystemExit(1)", probe=probes.application)

    def test_every_kind_of_server_answers_when_it_is_started(self):
        for start, probe in (
            (servers.redis_server, probes.redis),
            (servers.mariadb_server, probes.mariadb),
            (servers.secantus_server, probes.secantus),
        ):
            with self.subTest(start.__name__):
                server = start(self.folder)
                probe(server.port)
                server.stop()
                with self.assertRaises(Exception):
                    probe(server.port)

    def test_a_killed_comparison_leaves_no_server_and_no_data(self):
        with python(COMPARISON) as comparison:
            self.addCleanup(comparison.kill)
            folder, *found = comparison.stdout.readline().split()
            self.assertEqual(len(found), 3)
            comparison.send_signal(signal.SIGKILL)
            until(lambda: not any(is_running(int(one)) for one in found), "the keepers have ended")
            until(lambda: not Path(folder).exists(), "the data are removed")
            left = [path for path in Path("/proc").glob("[0-9]*/cmdline") if folder.encode() in read(path)]
            self.assertEqual(left, [])


def read(path: Path) -> bytes:
    """The content, as long as the file is there."""
    try:
        return path.read_bytes()
    except OSError:
        return b""


if __name__ == "__main__":
    unittest.main()
