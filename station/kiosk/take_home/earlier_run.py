"""The earlier run that a runner has shown to the camera: in memory only, for the visit that starts next."""

import threading

from station.clock import Clock
from station.kiosk.snapshot import Snapshot
from station.scorecard.run_summary import RunSummary

UNUSED_NS = 180_000_000_000
"""How long it waits for a visit to start."""


class EarlierRun:
    """Usable from any thread; `keep` must be called often."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self.forget()

    def hold(self, summary: RunSummary) -> None:
        """Somebody has shown it; the next visit is theirs."""
        with self._lock:
            self._summary, self._visit_id, self._held_ns = summary, None, self._clock.now_ns()

    def forget(self) -> None:
        with self._lock:
            self._drop()

    @property
    def waiting(self) -> RunSummary | None:
        """What is held for a visit that has not started."""
        with self._lock:
            return self._summary if self._visit_id is None else None

    def of(self, visit_id: str | None) -> RunSummary | None:
        """What was shown before this visit."""
        with self._lock:
            return self._summary if visit_id is not None and visit_id == self._visit_id else None

    def keep(self, snapshot: Snapshot) -> None:
        """Tie it to the visit that has started; drop it after that visit, or where none starts."""
        with self._lock:
            if self._summary is None or snapshot.state is None:
                return
            if self._visit_id is None:
                self._visit_id = snapshot.visit_id
                late = self._clock.now_ns() - self._held_ns > UNUSED_NS
                if self._visit_id is None and late:
                    self._drop()
            elif snapshot.visit_id != self._visit_id:
                self._drop()

    def _drop(self) -> None:
        self._summary: RunSummary | None = None
        self._visit_id: str | None = None
        self._held_ns = 0
