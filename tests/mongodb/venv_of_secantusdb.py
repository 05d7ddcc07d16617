"""The virtual environment with SecantusDB and the original on Beanie: made on first use, its folder of programs is printed."""

import fcntl
import hashlib
import subprocess
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
FOLDER = HERE.parent / ".tools" / "secantusdb"


def make() -> Path:
    """Makes the environment, or brings it up to date, while others who want it wait."""
    requirements = HERE / "requirements.txt"
    wanted = hashlib.sha256(requirements.read_bytes()).hexdigest()
    FOLDER.parent.mkdir(parents=True, exist_ok=True)
    with open(FOLDER.with_suffix(".lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        stamp = FOLDER / "requirements.sha256"
        if not stamp.exists() or stamp.read_text() != wanted:
            venv.create(FOLDER, with_pip=True, clear=True)
            install = [str(FOLDER / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
            # It has the lock, too, should it survive this process.
            subprocess.run([*install, "-r", str(requirements)], check=True, pass_fds=[lock.fileno()])
            stamp.write_text(wanted)
    return FOLDER / "bin"


if __name__ == "__main__":
    print(make())
