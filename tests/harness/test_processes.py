"""What a process has started ends with it, also when it is killed."""

import signal
import subprocess
import tempfile
import unittest
from pathlib import Path

import processes
from waiting import PATIENCE, is_running, python, until

# Starts a program that does not want to end, and another one that has gone away from it; tells their ids.
STUBBORN = """
trap '' TERM
setsid sh -c "trap '' TERM; echo \\$\\$; sleep 1000 & wait; sleep 1000" &
echo $$
sleep 1000 & wait
sleep 1000
"""
HOLDER = f"""
import processes, sys
processes.PATIENCE = processes.GRACE = 0.2
with processes.temporary_folder("harness-") as folder:
    (folder / "kept").write_text("x")
    print(folder, flush=True)
    processes.keep(["sh", "-c", {STUBBORN!r}], cwd=folder).wait()
"""


class Processes(unittest.TestCase):
    """The programs are real ones, and each is waited for."""

    def ends_with_its_holder(self, number: int) -> None:
        with python(HOLDER, stderr=subprocess.DEVNULL) as holder:
            self.addCleanup(holder.kill)
            folder, *found = [holder.stdout.readline().strip() for _ in range(3)]
            self.assertTrue(all(is_running(int(one)) for one in found), found)
            holder.send_signal(number)
            holder.wait(PATIENCE)
            until(lambda: not any(is_running(int(one)) for one in found), "the programs have ended")
            until(lambda: not Path(folder).exists(), "the folder is removed")

    def test_a_killed_process_leaves_no_program_and_no_folder(self):
        self.ends_with_its_holder(signal.SIGKILL)

    def test_a_process_that_sigterm_ends_leaves_no_program_and_no_folder(self):
        self.ends_with_its_holder(signal.SIGTERM)

    def test_an_interrupted_process_leaves_no_program_and_no_folder(self):
        self.ends_with_its_holder(signal.SIGINT)

    def test_a_program_ends_in_order_when_it_can(self):
        ends = "trap 'echo in order; exit 7' INT; echo ready; while :; do sleep 0.05; done"
        program = processes.keep(["sh", "-c", ends], end_with="INT", stdout=subprocess.PIPE, text=True)
        self.assertEqual(program.stdout.readline(), "ready\n")
        self.assertEqual((processes.stop(program), program.stdout.read()), (7, "in order\n"))
        program.stdout.close()

    def test_the_status_is_the_programs(self):
        for command, status in ((["true"], 0), (["sh", "-c", "exit 3"], 3), (["sh", "-c", "kill -KILL $$"], 137)):
            self.assertEqual(processes.run(command), status, command)
        self.assertEqual(processes.run(["no-such-program"], stderr=subprocess.DEVNULL), 127)

    def test_what_a_program_leaves_behind_ends_after_it(self):
        program = processes.keep(["sh", "-c", "setsid sleep 1000 & echo $!"], stdout=subprocess.PIPE, text=True)
        left = int(program.stdout.readline())
        self.assertEqual(program.wait(), 0)
        self.assertFalse(is_running(left))
        processes.stop(program)
        program.stdout.close()

    def test_a_program_reads_nothing(self):
        self.assertEqual(processes.run(["sh", "-c", "! read -r line"]), 0)

    def test_a_folder_goes_with_its_block(self):
        with self.assertRaises(ZeroDivisionError), processes.temporary_folder("harness-") as folder:
            self.assertEqual(folder.parent, Path(tempfile.gettempdir()))
            1 / 0
        self.assertFalse(folder.exists())


if __name__ == "__main__":
    unittest.main()
