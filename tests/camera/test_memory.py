"""Freed memory is used again without new page faults; in a process of its own, which the setting is for."""

import subprocess
import sys

FAULTS = """
import resource, numpy as np
from station.camera.memory import keep_freed_memory
keep_freed_memory()
def faults():
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for k in range(60):
    if k == 10:
        before = faults()
    np.ones(1_500_000, np.uint8)
print((faults() - before) / 50)
"""


def test_pictures_after_the_first_cost_no_page_faults() -> None:
    done = subprocess.run([sys.executable, "-c", FAULTS], capture_output=True, text=True, check=True)
    assert float(done.stdout) < 20  # of 366 that such a picture has
