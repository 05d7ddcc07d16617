"""Steps that do not hide each other's results: all of them run, and a summary at the end says how each has ended.

A step, with everything that it has started, ends with this process, however this one ends."""

import shlex
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

import processes

# How many seconds a step may take, so that one that hangs does not hide the others either.
LONGEST = 60 * 60
# The time, in seconds, for the servers of a step to end with it.
GRACE = 30


@dataclass
class Step:
    """A command, which needs other steps to have succeeded."""

    command: list[str]
    needs: list["Step"] = field(default_factory=list)
    # How it has ended: nothing when it has succeeded.
    problem: str | None = "was not run"
    seconds: float = 0
    # The last line that it printed, where that was kept.
    last: str = ""

    @property
    def name(self) -> str:
        return shlex.join(map(str, self.command))

    def lacks(self) -> str | None:
        """What it needs and has not got."""
        return next((need.name for need in self.needs if need.problem), None)


class Running:
    """A step that runs, with a folder of its own for temporary files."""

    def __init__(self, step: Step, root: Path, environment, shows: bool):
        self.step, self.began = step, time.monotonic()
        self.output = None if shows else (root / f"{id(step)}.out").open("wb+")
        folder = root / str(id(step))
        folder.mkdir(mode=0o711)
        options = {} if shows else {"stdout": self.output, "stderr": subprocess.STDOUT}
        environment = environment | {"TMPDIR": str(folder)}
        self.process = processes.keep(step.command, grace=GRACE, env=environment, **options)

    def has_ended(self) -> bool:
        """Whether it has; then its result is known."""
        self.step.seconds = time.monotonic() - self.began
        status = self.process.poll()
        if status is None and self.step.seconds > LONGEST:
            self.end(f"did not end within {LONGEST} s")
        elif status is not None:
            self.end(f"status {status}" if status else None)
        return status is not None or self.step.seconds > LONGEST

    def end(self, problem: str | None) -> None:
        """Ends it, if it has not ended, and shows what it has printed."""
        processes.stop(self.process)
        self.step.problem = problem
        if self.output is None:
            return
        self.output.seek(0)
        printed = self.output.read().decode(errors="replace").rstrip()
        self.output.close()
        self.step.last = printed.rpartition("\n")[2]
        print(f"\n== {self.step.name} ({self.step.seconds:.0f} s)\n{printed}", flush=True)


def run(stages: list[tuple[int, list[Step]]], environment) -> int:
    """Runs stage after stage, each with so many steps at a time; what one prints is shown as it comes where it is alone, and else when
    it has ended. The status to exit with."""
    steps = [step for _, several in stages for step in several]
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with processes.temporary_folder("tests-") as root:
            # Servers that run under accounts of their own have folders below.
            root.chmod(0o711)
            for width, several in stages:
                run_stage(width, several, root, environment)
    except KeyboardInterrupt:
        sum_up(steps)
        return 128 + signal.SIGINT
    return sum_up(steps)


def run_stage(width: int, steps: list[Step], root: Path, environment) -> None:
    waiting, running = [*steps], []
    try:
        while waiting or running:
            running = [one for one in running if not one.has_ended()]
            while waiting and len(running) < width:
                step = waiting.pop(0)
                if lack := step.lacks():
                    step.problem = f"was not run, since it needs `{lack}`"
                    continue
                if width == 1:
                    print(f"\n== {step.name}", flush=True)
                running.append(Running(step, root, environment, shows=width == 1))
            time.sleep(0.1)
    finally:
        for one in running:
            one.end("was ended")


def sum_up(steps: list[Step]) -> int:
    """Prints how each has ended, and gives the status to exit with."""
    print("\n== summary")
    for step in steps:
        result = f"FAILED ({step.problem})" if step.problem else "ok"
        print(f"{result}: {step.name} ({step.seconds:.0f} s){step.last and ': ' + step.last[:200]}")
    failed = sum(step.problem is not None for step in steps)
    print(f"{len(steps) - failed} of {len(steps)} steps succeeded", flush=True)
    return 1 if failed else 0
