"""The virtual environment with the original library."""

import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.append(str(HERE.parent))

import virtual_environment  # noqa: E402 - needs the path


def enter() -> None:
    """Runs the current script again inside the environment."""
    folder = virtual_environment.TOOLS / "venv"
    if Path(sys.prefix).resolve() == folder.resolve():
        return
    virtual_environment.make("venv", HERE / "requirements.txt", "the original library")
    python = str(virtual_environment.python_of(folder))
    os.execv(python, [python, *sys.argv])
