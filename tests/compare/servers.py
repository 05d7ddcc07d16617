"""Starting and stopping the servers: each on a loopback port and with data of its own, and none survives this process."""

import os
import pwd
import shutil
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path += [str(HERE.parent), str(HERE.parent / "harness")]

import costs  # noqa: E402 - needs the path
import inherited  # noqa: E402 - needs the path
import ports  # noqa: E402
import probes  # noqa: E402
import processes  # noqa: E402

# Seconds, on a machine that has much else to do.
START_TIMEOUT = 300
POSTGRES = Path("/usr/lib/postgresql")


class StartError(Exception):
    """A server did not come up."""


class Process:
    """A server process, its standard output kept in a file."""

    def __init__(self, name: str, command: list[str], port: int, folder: Path, probe, *, env=None, end_with="TERM", timeout=START_TIMEOUT):
        self.name, self.port = name, port
        self.stdout = folder / f"{name}.out"
        self.stderr = folder / f"{name}.err"
        with open(self.stdout, "wb") as out, open(self.stderr, "wb") as err:
            self.process = processes.keep(command, end_with=end_with, stdout=out, stderr=err, env=env, cwd=folder)
        try:
            self.wait(probe, timeout)
        except BaseException:
            self.stop()
            raise

    def wait(self, probe, timeout: float) -> None:
        """Waits until the server answers what `probe` asks; that it listens says nothing."""
        end, problem = time.monotonic() + timeout, None
        while time.monotonic() < end:
            if (status := self.process.poll()) is not None:
                raise StartError(f"{self.name} ended with the status {status}: {self.complaint()}")
            try:
                return probe(self.port)
            except Exception as error:  # noqa: BLE001 - every driver has errors of its own for a server that is not ready
                problem = f"{type(error).__name__}: {error}"
                time.sleep(0.05)
        raise StartError(f"{self.name} did not answer within {timeout} s ({problem}): {self.complaint()}")

    def complaint(self) -> str:
        """The end of what it wrote to standard error, or else to standard output."""
        said = [path.read_text(errors="replace").strip() for path in (self.stderr, self.stdout)]
        return (said[0] or said[1])[-2000:]

    def stop(self) -> None:
        """Ends this process, first politely."""
        processes.stop(self.process)


def application(name, binary, folder, database_url, secret, more) -> Process:
    """Starts ours (a binary) or, without one, the original."""
    port = ports.reserve()
    env = inherited.environment() | {
        "BIND": f"127.0.0.1:{port}",
        "DATABASE_URL": database_url,
        "SECRET": secret,
        "PYTHONDONTWRITEBYTECODE": "1",
    } | costs.environment() | more
    command = [str(Path(binary).resolve())] if binary else [sys.executable, str(HERE / "original.py")]
    return Process(name, command, port, folder, probes.application, env=env)


def redis_server(folder: Path) -> Process:
    """Starts a private Redis."""
    port = ports.reserve()
    binary = shutil.which("redis-server")
    if binary is None:
        raise StartError("redis-server is not installed")
    command = [binary, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    return Process("redis", [*command, "--dir", str(folder)], port, folder, probes.redis)


def postgres_binary() -> Path | None:
    """The server in the path, or else the newest of Debian's, which keeps them elsewhere."""
    if found := shutil.which("postgres"):
        return Path(found)
    versions = [place for place in POSTGRES.glob("*/bin/postgres") if place.parts[-3].isdecimal()]
    return max(versions, key=lambda place: int(place.parts[-3]), default=None)


def private_folder(folder: Path, name: str, user: str):
    """A folder for a server's data, and the words before its owner's commands; such servers refuse to run as root."""
    data = folder / name
    data.mkdir()
    if os.geteuid() != 0:
        return data, []
    account = pwd.getpwnam(user)
    os.chown(data, account.pw_uid, account.pw_gid)
    folder.chmod(0o755)
    return data, ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups"]


def set_up(command: list[str], data: Path) -> None:
    """Makes a server's data."""
    made = subprocess.run(command, cwd=data, capture_output=True, text=True, stdin=subprocess.DEVNULL, pass_fds=[*processes.HELD])
    if made.returncode != 0:
        raise StartError(f"{' '.join(command)}: {(made.stderr or made.stdout)[-1000:]}")


def postgres_server(folder: Path) -> Process:
    """Starts a private PostgreSQL with the superuser `postgres`, who needs no password."""
    binary = postgres_binary()
    if binary is None:
        raise StartError("PostgreSQL is not installed")
    data, as_user = private_folder(folder, "pg", "postgres")
    setup = [*as_user, str(binary.with_name("initdb")), "-D", str(data), "-A", "trust", "-U", "postgres", "-N"]
    set_up([*setup, "-E", "UTF8", "--locale=C.UTF-8"], data)
    port = ports.reserve()
    command = [*as_user, str(binary), "-D", str(data), "-p", str(port), "-k", str(data)]
    command += ["-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"]
    # SIGTERM would wait for the clients.
    return Process("postgres", command, port, data.parent, probes.postgres, end_with="INT")


def mariadb_server(folder: Path) -> Process:
    """Starts a private MariaDB with the superuser `root`, who needs no password."""
    path = os.environ.get("PATH", "") + ":/usr/sbin"
    binary, install = (shutil.which(name, path=path) for name in ("mariadbd", "mariadb-install-db"))
    if binary is None or install is None:
        raise StartError("MariaDB is not installed")
    data, as_user = private_folder(folder, "mariadb", "mysql")
    setup = [*as_user, install, "--no-defaults", f"--datadir={data}/data", "--auth-root-authentication-method=normal"]
    # A server that starts deletes the temporary tables of all that share its folder for them.
    own = f"--tmpdir={data}"
    set_up([*setup, "--skip-test-db", own], data)
    port = ports.reserve()
    command = [*as_user, binary, "--no-defaults", f"--datadir={data}/data", f"--socket={data}/socket", f"--port={port}"]
    command += ["--bind-address=127.0.0.1", "--skip-name-resolve", "--character-set-server=utf8mb4"]
    # The original means its sessions' time by a TIMESTAMP.
    command += ["--default-time-zone=+00:00", own]
    return Process("mariadb", command, port, data.parent, probes.mariadb)


def secantus_server(folder: Path) -> Process:
    """Starts a private SecantusDB, which speaks MongoDB's protocol."""
    script = HERE.parent / "mongodb" / "venv_of_secantusdb.py"
    made = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if made.returncode != 0:
        raise StartError(f"SecantusDB cannot be installed: {made.stderr[-1000:]}")
    port = ports.reserve()
    command = [str(Path(made.stdout.strip()) / "secantusd-py"), "--host", "127.0.0.1", "--port", str(port)]
    command += ["--log-level", "WARNING", "--storage-path", str(folder / "secantus")]
    return Process("secantus", command, port, folder, probes.secantus)
