"""The clock of simulated pins in real time: a Raspberry Pi whose processor nobody else wants.

Pin calls and looks at the clock cost what they cost there. Time that this machine takes away in between, by running
something else, passes only while the reader sleeps: it may then find conversions late or lost, but a pulse is never
stretched into a power-down by a busy demonstration machine. (A preempted host is simulated in virtual time.)
"""

from station.clock import SystemClock

LOOK_NS = 100
PIN_CALL_NS = 700
"""RPi.GPIO on a Raspberry Pi 4 (force.md section 2.3)."""


class LiveClock:
    """A `station.clock.Clock` that keeps up with CLOCK_MONOTONIC at every sleep."""

    def __init__(self) -> None:
        self._system = SystemClock()
        self._now_ns = self._system.now_ns()

    def now_ns(self) -> int:
        self._now_ns += LOOK_NS
        return self._now_ns

    def pin_call(self) -> int:
        """Let one pin call pass; the instant (ns) at which it takes effect."""
        self._now_ns += PIN_CALL_NS
        return self._now_ns

    def sleep(self, seconds: float) -> None:
        wake_ns = self._now_ns + round(seconds * 1e9)
        self._system.sleep(max(0, wake_ns - self._system.now_ns()) / 1e9)
        self._now_ns = max(wake_ns, self._system.now_ns())
