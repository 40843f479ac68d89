"""Time as a parameter: everything that waits or stamps takes a `Clock`.

All stamps are monotonic nanoseconds; wall-clock time is for display and file names only.
"""

import time
from typing import Protocol


class Clock(Protocol):
    """What a driver or daemon needs of time."""

    def now_ns(self) -> int:
        """Monotonic nanoseconds."""

    def sleep(self, seconds: float) -> None:
        """Wait about `seconds` (a system may wake late, never early)."""


class SystemClock:
    """The machine's CLOCK_MONOTONIC, which libcamera's SensorTimestamp shares."""

    def now_ns(self) -> int:
        return time.monotonic_ns()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)
