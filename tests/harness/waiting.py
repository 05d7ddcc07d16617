"""For the tests of the harness: what they wait for, and programs that hold what is kept."""

import os
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
# Far more seconds than anything takes.
PATIENCE = 120


def until(done, what: str):
    """Waits until something is so; what `done` gives then."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if found := done():
            return found
        time.sleep(0.05)
    raise AssertionError(f"{what}: not within {PATIENCE} s")


def is_running(process: int) -> bool:
    """Whether a process is there and has not ended."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


# What runs in a shell's background ignores this signal, and so would its children.
INTERRUPTIBLE = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"


def python(code: str, *arguments, **options) -> subprocess.Popen:
    """A Python program that knows the harness, and whose standard output is read."""
    options |= {"stdout": subprocess.PIPE, "text": True, "env": os.environ | {"PYTHONPATH": f"{HERE}:{HERE.parent / 'compare'}"}}
    return subprocess.Popen([sys.executable, "-c", INTERRUPTIBLE + code, *map(str, arguments)], **options)
