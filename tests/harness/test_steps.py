"""No step hides another one's result."""

import contextlib
import io
import os
import signal
import unittest

import steps
from steps import Step
from waiting import is_running, python, until

HANGS = """
import os, steps
steps.GRACE = 0.2
from steps import Step
step = Step(["sh", "-c", "sleep 1000 & echo $! $TMPDIR; wait"])
raise SystemExit(steps.run([(1, [step, Step(["true"])])], dict(os.environ)))
"""


def run(stages) -> tuple[int, str]:
    """The status, and what was printed by this process: what the steps print where they do not run alone, and the summary."""
    handler, printed = signal.getsignal(signal.SIGTERM), io.StringIO()
    try:
        with contextlib.redirect_stdout(printed):
            status = steps.run(stages, dict(os.environ))
    finally:
        signal.signal(signal.SIGTERM, handler)
    return status, printed.getvalue()


class Steps(unittest.TestCase):
    """The steps are commands of the shell."""

    def test_every_step_runs_and_the_summary_tells_how_each_has_ended(self):
        broken = Step(["sh", "-c", "exit 3"])
        needy, missing = Step(["echo", "needy"], [broken]), Step(["no-such-program"])
        several = [Step(["sh", "-c", "echo 5 passed, 1 failed; exit 1"]), needy, Step(["echo", "7 passed, 0 failed"])]
        status, printed = run([(1, [broken, missing]), (2, several)])
        self.assertEqual(status, 1)
        summary = [line.split(" s)")[0].rsplit(" (", 1)[0] for line in printed.partition("== summary\n")[2].splitlines()]
        self.assertEqual(summary[0], "FAILED (status 3): sh -c 'exit 3'")
        self.assertEqual(summary[1], "FAILED (status 127): no-such-program")
        self.assertEqual(summary[2], "FAILED (status 1): sh -c 'echo 5 passed, 1 failed; exit 1'")
        self.assertEqual(summary[3], "FAILED (was not run, since it needs `sh -c 'exit 3'`): echo needy")
        self.assertEqual(summary[4], "ok: echo '7 passed, 0 failed'")
        self.assertIn("5 passed, 1 failed\n", printed)
        self.assertTrue(printed.rstrip().endswith("1 of 5 steps succeeded"), printed)
        self.assertNotIn("\nneedy\n", printed)

    def test_success_is_that_of_every_step(self):
        status, printed = run([(1, [Step(["true"])]), (2, [Step(["true"]), Step(["true"])])])
        self.assertEqual(status, 0)
        self.assertTrue(printed.rstrip().endswith("3 of 3 steps succeeded"), printed)

    def test_a_step_that_hangs_is_ended_and_the_others_run(self):
        longest, steps.LONGEST = steps.LONGEST, 0.5
        self.addCleanup(setattr, steps, "LONGEST", longest)
        status, printed = run([(1, [Step(["sleep", "1000"]), Step(["true"])])])
        self.assertEqual(status, 1)
        self.assertIn("FAILED (did not end within 0.5 s): sleep 1000", printed)
        self.assertIn("ok: true", printed)

    def ends(self, number: int) -> str:
        """Ends a run; what it printed. Nothing is left of it."""
        with python(HANGS) as runner:
            self.addCleanup(runner.kill)
            heading = [runner.stdout.readline() for _ in range(2)]
            self.assertIn("sleep 1000", heading[1])
            process, folder = runner.stdout.readline().split()
            self.assertTrue(is_running(int(process)) and os.path.isdir(folder))
            runner.send_signal(number)
            until(lambda: not is_running(int(process)), "the step has ended")
            until(lambda: not os.path.exists(os.path.dirname(folder)), "the folder is removed")
            return runner.stdout.read()

    def test_a_killed_run_ends_its_steps(self):
        self.ends(signal.SIGKILL)

    def test_a_run_that_is_ended_says_how_far_it_was(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            printed = self.ends(number)
            self.assertIn("FAILED (was ended): sh -c", printed)
            self.assertIn("FAILED (was not run): true", printed)


if __name__ == "__main__":
    unittest.main()
