"""The virtual environment with the original library, made on first use."""

import hashlib
import os
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
FOLDER = HERE.parent / ".tools" / "venv"


def python() -> Path:
    """The interpreter of the environment."""
    return FOLDER / "bin" / "python"


def enter() -> None:
    """Runs the current script again inside the environment, which is made or brought up to date first."""
    if Path(sys.prefix).resolve() == FOLDER.resolve():
        return
    requirements = HERE / "requirements.txt"
    wanted = hashlib.sha256(requirements.read_bytes()).hexdigest()
    stamp = FOLDER / "requirements.sha256"
    if not stamp.exists() or stamp.read_text() != wanted:
        print("installing the original library ...", flush=True)
        venv.create(FOLDER, with_pip=True, clear=True)
        install = [str(python()), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*install, "-r", str(requirements)], check=True)
        stamp.write_text(wanted)
    os.execv(python(), [str(python()), *sys.argv])
