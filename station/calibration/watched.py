"""A front end that lets somebody look on while a machine measures: live numbers, and a way out."""

from collections.abc import Callable

from station.force.front_end import LoadCellFrontEnd
from station.messages import ForceHealth, SampleBatch

LOOK_S = 0.25


class WatchedFrontEnd:
    """A `LoadCellFrontEnd` that shows `look` what it reads, several times a second; `look` may raise to end it."""

    def __init__(self, inner: LoadCellFrontEnd, look: Callable[[SampleBatch], None]) -> None:
        self.channels = inner.channels
        self.nominal_rate_sps = inner.nominal_rate_sps
        self._inner = inner
        self._look = look

    def open(self) -> None:
        self._inner.open()

    def close(self) -> None:
        self._inner.close()

    def read(self, duration_s: float) -> SampleBatch:
        batches = []
        while True:
            batches.append(self._inner.read(min(duration_s, LOOK_S)))
            self._look(batches[-1])
            duration_s -= LOOK_S
            if duration_s <= 0:
                return SampleBatch(**{name: b"".join(getattr(b, name) for b in batches) for name in SampleBatch.DTYPES})

    def health(self) -> ForceHealth:
        return self._inner.health()

    def shunt(self, on: bool) -> int:
        return self._inner.shunt(on)
