"""Virtual environments for programs from PyPI, made on first use."""

import fcntl
import hashlib
import subprocess
import venv
from pathlib import Path

TOOLS = Path(__file__).resolve().parent / ".tools"


def python_of(folder: Path) -> Path:
    """The interpreter of an environment."""
    return folder / "bin" / "python"


def make(name: str, requirements: Path, what: str) -> Path:
    """The folder of an environment with these requirements, which is made or brought up to date first."""
    folder = TOOLS / name
    TOOLS.mkdir(exist_ok=True)
    # Two programs that want it at once do not both make it.
    with (TOOLS / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        wanted = hashlib.sha256(requirements.read_bytes()).hexdigest()
        stamp = folder / "requirements.sha256"
        if not stamp.exists() or stamp.read_text() != wanted:
            print(f"installing {what} ...", flush=True)
            venv.create(folder, with_pip=True, clear=True)
            install = [str(python_of(folder)), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
            # It has the lock, too, should it survive this process.
            subprocess.run([*install, "-r", str(requirements)], check=True, pass_fds=[lock.fileno()])
            stamp.write_text(wanted)
    return folder
