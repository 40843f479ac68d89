"""Fusion's end of the load cells: what their daemon says of them, and whether their data go on."""

import time

from station.messages import ForceHealth, SampleBatch

SILENT_AFTER_S = 3.0


class ForceLink:
    """The force daemon as fusion knows it. It may be away at any time."""

    def __init__(self) -> None:
        self._heard_s = time.monotonic()
        self.health: ForceHealth | None = None
        self.forget()

    def forget(self) -> None:
        """A visit begins or ends: no data of it so far."""
        self.grid_ns = 0
        self._moved_s = time.monotonic()

    @property
    def silent(self) -> bool:
        return time.monotonic() - self._heard_s > SILENT_AFTER_S

    @property
    def stood_still_s(self) -> float:
        """How long the total force has not gone on: it needs all four chips."""
        return time.monotonic() - self._moved_s

    def hear(self, message: SampleBatch | ForceHealth) -> None:
        """Anything the force daemon says."""
        self._heard_s = time.monotonic()
        if isinstance(message, ForceHealth):
            self.health = message

    def moved_to(self, grid_ns: int) -> None:
        """The total force is known up to there."""
        if grid_ns != self.grid_ns:
            self.grid_ns, self._moved_s = grid_ns, time.monotonic()
