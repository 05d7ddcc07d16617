"""Programs and folders that go with this process, however it ends: each program has a keeper (`keeper.py`), each folder a remover."""

import os
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

KEEPER = Path(__file__).resolve().with_name("keeper.py")
# How many seconds a program may take to end in order, and what it has started to end with it.
PATIENCE, GRACE = 10, 1
# The folders' files, each with the programs that were started since it is there. Their keepers have the file, too: a folder is removed
# when nobody has its file any more.
HELD: dict[int, list[subprocess.Popen]] = {}


def keep(command, *, end_with="TERM", grace=None, **options) -> subprocess.Popen:
    """Starts a program that ends, with what it has started, when `stop` is called or this process ends.

    The options are those of `Popen` but for the standard input, which is empty."""
    keeper = [sys.executable, "-I", "-S", str(KEEPER), "--signal", end_with]
    keeper += ["--patience", str(PATIENCE), "--grace", str(GRACE if grace is None else grace)]
    # In a session of its own: a key pressed in the terminal reaches this process only, which then ends it.
    options |= {"stdin": subprocess.PIPE, "start_new_session": True, "pass_fds": [*HELD]}
    process = subprocess.Popen([*keeper, *map(str, command)], **options)
    for started in HELD.values():
        started.append(process)
    return process


def stop(process: subprocess.Popen) -> int:
    """Ends a program that is kept; its status."""
    process.stdin.close()
    return process.wait()


def run(command, **options) -> int:
    """Runs a program to its end; its status. Unlike one of `subprocess.run` it does not survive this process."""
    process = keep(command, **options)
    try:
        return process.wait()
    finally:
        stop(process)


@contextmanager
def temporary_folder(prefix: str):
    """A folder that goes with the block; or else with this process and the last program that it keeps."""
    folder = Path(tempfile.mkdtemp(prefix=prefix))
    reader, writer = os.pipe()
    remove = ["sh", "-c", 'cat >/dev/null; exec rm -rf -- "$0"', str(folder)]
    remover = subprocess.Popen(remove, stdin=reader, start_new_session=True)
    os.close(reader)
    HELD[writer] = []
    try:
        yield folder
    finally:
        for process in reversed(HELD.pop(writer)):
            stop(process)
        os.close(writer)
        remover.wait()
