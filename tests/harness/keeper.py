"""Runs a program and ends it, with everything that it has started, as soon as the keeper's own standard input ends.

    python3 keeper.py [--signal TERM] [--patience SECONDS] [--grace SECONDS] PROGRAM [ARGUMENT...]

Whoever holds the other end of that input has to do nothing: when it ends, in whatever way, the system closes its files. What the
program leaves behind when it ends by itself is ended as well. The exit status is the program's, or 128 and the number of its signal.
"""

import argparse
import ctypes
import os
import select
import signal
import sys
import time

PR_SET_CHILD_SUBREAPER = 36
# How many seconds what the program leaves behind may take to end when it is signalled.
PATIENCE_WITH_OTHERS = 5

OPTIONS = argparse.ArgumentParser()
OPTIONS.add_argument("--signal", default="TERM", help="what ends the program in order")
OPTIONS.add_argument("--patience", type=float, default=10, help="how many seconds the program may take to end in order")
OPTIONS.add_argument("--grace", type=float, default=1, help="how many what it has started may take to end by itself then")
OPTIONS.add_argument("command", nargs=argparse.REMAINDER)


class Keeper:
    """The program and what is known of it."""

    def __init__(self, command: list[str]):
        # What the program's own children leave behind becomes a child of this process, and can be found.
        if ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
            raise SystemExit("the keeper cannot become the parent of orphans")
        for name in os.listdir("/proc/self/fd"):
            if int(name) > 2:
                try:
                    os.set_inheritable(int(name), False)
                except OSError:
                    pass  # The folder's own.
        self.status = None
        nothing = [(os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0)]
        # Python ignores these, and what is ignored stays so in a new program.
        usual = [signal.SIGPIPE, signal.SIGXFSZ]
        try:
            self.child = os.posix_spawnp(command[0], command, os.environ, file_actions=nothing, setsigdef=usual)
        except OSError as error:
            print(f"{command[0]}: {error.strerror}", file=sys.stderr)
            raise SystemExit(127) from None

    def wait(self, wakes: int) -> None:
        """Waits until the program or the standard input ends, or somebody signals this process."""
        poll = select.poll()
        poll.register(0, select.POLLIN)
        poll.register(wakes, select.POLLIN)
        while self.status is None:
            ready = dict(poll.poll())
            if wakes in ready and any(number != signal.SIGCHLD for number in os.read(wakes, 512)):
                return
            self.reap()
            if 0 in ready and not os.read(0, 512):
                return

    def reap(self) -> None:
        """Takes note of the processes that have ended."""
        while True:
            try:
                found, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if not found:
                return
            if found == self.child:
                code = os.waitstatus_to_exitcode(status)
                self.status = code if code >= 0 else 128 - code

    def end(self, number: int, patience: float, grace: float) -> None:
        """Ends the program, and then what it has left behind."""
        if self.status is None:
            os.kill(self.child, number)
            self.until(lambda: self.status is not None, patience)
        if self.until(lambda: not below(), grace):
            return
        for number in (signal.SIGTERM, signal.SIGKILL):
            signalled = set()

            def signal_all():
                for process in below() - signalled:
                    signalled.add(process)
                    try:
                        os.kill(process, number)
                    except ProcessLookupError:
                        pass
                return not below()

            self.until(signal_all, PATIENCE_WITH_OTHERS)

    def until(self, done, seconds: float) -> bool:
        """Waits so long until it is done."""
        end = time.monotonic() + seconds
        while True:
            self.reap()
            if done():
                return True
            if time.monotonic() > end:
                return False
            time.sleep(0.05)


def below() -> set[int]:
    """Every process that descends from this one and has not ended."""
    children: dict[int, list[int]] = {}
    for name in filter(str.isdecimal, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/stat") as file:
                # The name before may have spaces and parentheses.
                state, parent = file.read().rpartition(")")[2].split()[:2]
        except OSError:
            continue
        if state not in "ZX":
            children.setdefault(int(parent), []).append(int(name))
    found, next_ones = set(), [os.getpid()]
    while next_ones:
        next_ones = [child for process in next_ones for child in children.get(process, []) if child not in found]
        found.update(next_ones)
    return found


def main() -> int:
    given = OPTIONS.parse_args()
    wakes, waking = os.pipe()
    os.set_blocking(waking, False)
    signal.set_wakeup_fd(waking)
    for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: None)
    keeper = Keeper(given.command)
    keeper.wait(wakes)
    keeper.end(signal.Signals[f"SIG{given.signal}"], given.patience, given.grace)
    return 128 + signal.SIGKILL if keeper.status is None else keeper.status


if __name__ == "__main__":
    sys.exit(main())
