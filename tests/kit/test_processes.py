from __future__ import annotations

import os
import subprocess
import sys

WORDS = """
import os
from coranto.kit.processes import ask_for_short_turns, name_process
os.nice(3)
name_process("a-name-of-ours")
print(ask_for_short_turns(), os.sched_getscheduler(0) == os.SCHED_OTHER, os.getpriority(os.PRIO_PROCESS, 0))
print(open("/proc/self/comm").read().strip())
"""


def test_short_turns_change_neither_policy_nor_niceness_and_a_process_has_a_name():
    niceness = os.getpriority(os.PRIO_PROCESS, 0)
    told = subprocess.run([sys.executable, "-c", WORDS], capture_output=True, text=True, check=True).stdout.split()
    assert told[1:] == ["True", str(niceness + 3), "a-name-of-ours"]
