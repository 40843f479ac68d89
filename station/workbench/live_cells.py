"""What each load cell says just now, for whoever stands at the deck."""

import time

import numpy as np

from station.calibration.in_use import CalibrationInUse
from station.daemon import Life
from station.messages import CHANNELS, SampleBatch

SILENT_S = 1.0


class LiveCells:
    """Means over the conversions since the last look."""

    def __init__(self, life: Life) -> None:
        self._subscriber = life.subscriber(["force"], [SampleBatch])
        self._in_use = CalibrationInUse(life.config)
        self._counts: tuple[float, ...] = ()
        self._heard_s = 0.0

    def look(self) -> tuple[tuple[float, ...], bool]:
        """Of each cell in the order of CHANNELS, NaN where it said nothing, and whether they are newtons (else counts).

        Nothing where no cell has said anything for a second.
        """
        self._hear()
        calibration = self._in_use.look()
        if calibration is None:
            return self._counts, False
        cells = zip(self._counts, calibration.cells, strict=bool(self._counts))
        return tuple((said - cell.offset_counts) * cell.newton_per_count for said, cell in cells), True

    def _hear(self) -> None:
        columns = [m.arrays() for m in self._subscriber.drain() if isinstance(m, SampleBatch)]
        now_s = time.monotonic()
        if columns:
            channel, raw = (np.concatenate([c[name] for c in columns]) for name in ("channel", "raw"))
            own = [raw[channel == c] for c in range(len(CHANNELS))]
            self._counts = tuple(float(r.mean()) if len(r) else float("nan") for r in own)
            self._heard_s = now_s
        elif now_s - self._heard_s > SILENT_S:
            self._counts = ()
