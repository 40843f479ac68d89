"""The treadmill station: four load cells and one camera make a running-form lab."""

import os

for _library in ("OPENBLAS", "OMP"):  # one core each: our arrays are small, and a Pi's cores have other work to do
    os.environ.setdefault(f"{_library}_NUM_THREADS", "1")

__version__ = "0.1.0"
