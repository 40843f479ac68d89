"""What a runner has told on the page before the visit, while another page is looked at: in memory only, for a while."""

import threading

from station.clock import Clock
from station.messages import Choices

KEPT_NS = 180_000_000_000
"""As long as a card of last time waits for its visit."""


class ToldSoFar:
    """Usable from any thread."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self.forget()

    def hold(self, choices: Choices) -> None:
        with self._lock:
            self._choices, self._held_ns = choices, self._clock.now_ns()

    def forget(self) -> None:
        with self._lock:
            self._choices, self._held_ns = Choices(), 0

    @property
    def choices(self) -> Choices:
        """What was told; nothing where nobody has, or too long ago."""
        with self._lock:
            if self._clock.now_ns() - self._held_ns > KEPT_NS:
                self._choices = Choices()
            return self._choices
