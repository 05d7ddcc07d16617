"""What the checks found: counted by area, and printed where one failed."""

import time
from pathlib import Path


class Outcomes:
    """The checks and their outcome."""

    def __init__(self):
        self.area, self.passed, self.failures = "", 0, []
        self.counts: dict[str, int] = {}
        self.show = False

    def record(self, label: str, fine: bool, request: str, left, right) -> None:
        """Counts a check and prints it when it failed."""
        if self.show:
            shown = f"{left['status']} {left['body']}" if isinstance(left, dict) and "body" in left else left
            print(f"{'ok' if fine else '--'} {self.area}: {label} -> {shorten(str(shown), 120)}")
        if fine:
            self.passed += 1
            self.counts[self.area] = self.counts.get(self.area, 0) + 1
            return
        self.failures.append(f"{self.area}: {label}")
        print(f"FAILED {self.area}: {label} [{shorten(request, 160)}]")
        if isinstance(left, dict) and isinstance(right, dict):
            keys = [key for key in {**left, **right} if left.get(key) != right.get(key)] or ["status"]
            left, right = {key: left.get(key) for key in keys}, {key: right.get(key) for key in keys}
        print(f"    original: {shorten(repr(left))}\n    ours:     {shorten(repr(right))}", flush=True)

    def same(self, label: str, values) -> None:
        """A check: both values are alike."""
        left, right = values
        self.record(label, left == right, "", left, right)

    def ensure(self, label: str, fine: bool, shown=None) -> None:
        """A check of a fact."""
        self.record(label, bool(fine), "", "as stated", shown)

    def sum_up(self) -> int:
        """Prints the counts and gives the status to exit with."""
        print(", ".join(f"{area} {count}" for area, count in self.counts.items()))
        print(f"{self.passed} passed, {len(self.failures)} failed")
        return 1 if self.failures or not self.passed else 0


def guarded(name: str, area, outcomes: Outcomes, *given):
    """Runs one area and gives what it gives; one that breaks off is a failure."""
    outcomes.area = name
    began = time.monotonic()
    result = None
    try:
        result = area(outcomes, *given)
    except Exception as error:  # noqa: BLE001 - whatever it is, the area failed
        line = error.__traceback__
        while line.tb_next:
            line = line.tb_next
        place = f"{Path(line.tb_frame.f_code.co_filename).name}:{line.tb_lineno}"
        outcomes.record("broke off", False, place, "went through", f"{type(error).__name__}: {error}")
    print(f"{name}: {time.monotonic() - began:.1f} s", flush=True)
    return result


def shorten(text: str, most: int = 700) -> str:
    """The text, cut when it is long."""
    return text if len(text) <= most else text[:most] + f"... ({len(text)} characters)"
