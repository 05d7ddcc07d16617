"""Starting and stopping the servers: each on a free loopback port, with a database of its own, stopped by its pid."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.append(str(HERE.parent))

import inherited  # noqa: E402 - needs the path

START_TIMEOUT = 30
POSTGRES = Path("/usr/lib/postgresql")


class StartError(Exception):
    """A server did not come up."""


def free_port() -> int:
    """A loopback port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Process:
    """A server process, its standard output kept in a file."""

    def __init__(self, name: str, command: list[str], port: int, folder: Path, env=None, as_user=None):
        self.name, self.port = name, port
        self.stdout = folder / f"{name}.out"
        self.stderr = folder / f"{name}.err"
        options = {}
        if as_user is not None and os.geteuid() == 0:
            account = pwd.getpwnam(as_user)
            options = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
        with open(self.stdout, "wb") as out, open(self.stderr, "wb") as err:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=out, stderr=err, env=env, cwd=folder, **options
            )
        self.wait()

    def wait(self) -> None:
        """Waits until the port answers."""
        end = time.monotonic() + START_TIMEOUT
        while time.monotonic() < end:
            if self.process.poll() is not None:
                raise StartError(f"{self.name} ended at once: {self.complaint()}")
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError:
                time.sleep(0.05)
        self.stop()
        raise StartError(f"{self.name} did not listen within {START_TIMEOUT} s: {self.complaint()}")

    def complaint(self) -> str:
        """The end of what it wrote to standard error."""
        return self.stderr.read_text(errors="replace")[-2000:]

    def stop(self) -> None:
        """Ends this process, first politely."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


def application(name, binary, folder, database_url, secret, more) -> Process:
    """Starts ours (a binary) or, without one, the original."""
    port = free_port()
    env = inherited.environment() | {
        "BIND": f"127.0.0.1:{port}",
        "DATABASE_URL": database_url,
        "SECRET": secret,
        "PYTHONDONTWRITEBYTECODE": "1",
    } | more
    command = [str(Path(binary).resolve())] if binary else [sys.executable, str(HERE / "original.py")]
    return Process(name, command, port, folder, env)


def redis_server(folder: Path) -> Process:
    """Starts a private Redis."""
    port = free_port()
    binary = shutil.which("redis-server")
    if binary is None:
        raise StartError("redis-server is not installed")
    command = [binary, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    return Process("redis", [*command, "--dir", str(folder)], port, folder)


def postgres_binary() -> Path | None:
    """The server in the path, or else the newest of Debian's, which keeps them elsewhere."""
    if found := shutil.which("postgres"):
        return Path(found)
    versions = [place for place in POSTGRES.glob("*/bin/postgres") if place.parts[-3].isdecimal()]
    return max(versions, key=lambda place: int(place.parts[-3]), default=None)


def private_folder(folder: Path, name: str, user: str):
    """A folder for a server's data, and what makes a process its owner's; such servers refuse to run as root."""
    data = folder / name
    data.mkdir()
    if os.geteuid() != 0:
        return data, None, {}
    account = pwd.getpwnam(user)
    os.chown(data, account.pw_uid, account.pw_gid)
    folder.chmod(0o755)
    return data, user, {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def set_up(command: list[str], data: Path, options) -> None:
    """Makes a server's data."""
    made = subprocess.run(command, cwd=data, capture_output=True, text=True, **options)
    if made.returncode != 0:
        raise StartError(f"{command[0]}: {made.stderr[-1000:]}")


def postgres_server(folder: Path) -> Process:
    """Starts a private PostgreSQL with the superuser `postgres`, who needs no password."""
    binary = postgres_binary()
    if binary is None:
        raise StartError("PostgreSQL is not installed")
    data, user, options = private_folder(folder, "pg", "postgres")
    setup = [str(binary.with_name("initdb")), "-D", str(data), "-A", "trust", "-U", "postgres", "-N"]
    set_up([*setup, "-E", "UTF8", "--locale=C.UTF-8"], data, options)
    port = free_port()
    command = [str(binary), "-D", str(data), "-p", str(port), "-k", str(data)]
    command += ["-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"]
    return Process("postgres", command, port, data.parent, as_user=user)


def mariadb_server(folder: Path) -> Process:
    """Starts a private MariaDB with the superuser `root`, who needs no password."""
    path = os.environ.get("PATH", "") + ":/usr/sbin"
    binary, install = (shutil.which(name, path=path) for name in ("mariadbd", "mariadb-install-db"))
    if binary is None or install is None:
        raise StartError("MariaDB is not installed")
    data, user, options = private_folder(folder, "mariadb", "mysql")
    setup = [install, "--no-defaults", f"--datadir={data}/data", "--auth-root-authentication-method=normal"]
    # A server that starts deletes the temporary tables of all that share its folder for them.
    own = f"--tmpdir={data}"
    set_up([*setup, "--skip-test-db", own], data, options)
    port = free_port()
    command = [binary, "--no-defaults", f"--datadir={data}/data", f"--socket={data}/socket", f"--port={port}"]
    command += ["--bind-address=127.0.0.1", "--skip-name-resolve", "--character-set-server=utf8mb4"]
    # The original means its sessions' time by a TIMESTAMP.
    command += ["--default-time-zone=+00:00", own]
    return Process("mariadb", command, port, data.parent, as_user=user)


def secantus_server(folder: Path) -> Process:
    """Starts a private SecantusDB, which speaks MongoDB's protocol."""
    script = HERE.parent / "mongodb" / "venv_of_secantusdb.py"
    made = subprocess.run([sys.executable, str(script)], capture_output=True, text=True)
    if made.returncode != 0:
        raise StartError(f"SecantusDB cannot be installed: {made.stderr[-1000:]}")
    port = free_port()
    command = [str(Path(made.stdout.strip()) / "secantusd-py"), "--host", "127.0.0.1", "--port", str(port)]
    return Process("secantus", [*command, "--log-level", "WARNING", "--storage-path", str(folder / "secantus")], port, folder)
