"""Freed memory is used again without new page faults; in a process of its own, which the setting is for."""

import subprocess
import sys

FAULTS = """
import resource, sys, numpy as np
from station.camera.memory import keep_freed_memory
if sys.argv[1] == "keep":
    keep_freed_memory()
def faults():
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for k in range(60):
    if k == 10:
        before = faults()
    [np.ones(1_500_000, np.uint8) for _ in range(4)]  # a picture, and what is worked out from it
print((faults() - before) / 50)
"""


def faults(how: str) -> float:
    """Page faults a picture."""
    done = subprocess.run([sys.executable, "-c", FAULTS, how], capture_output=True, text=True, check=True)
    return float(done.stdout)


def test_pictures_after_the_first_cost_no_page_faults() -> None:
    assert faults("keep") < 20
    assert faults("give back") > 300  # without the setting: what it is there for
