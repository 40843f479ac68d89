"""How the load cells fare while nobody moves: their noise, and how far their zero has drifted since the tare."""

import numpy as np

from station.gravity import GRAVITY_M_S2
from station.messages import CHANNELS, Calibration, SampleBatch

QUIET_N = 2.0
"""Standard deviation over a second up to which a cell is quiet. A chip's own noise is below 0.2 N (force.md section 1);
heart and breath of somebody who stands still move the total by 1-3 N, the first step by hundreds."""
UNLOADED_N = 5 * GRAVITY_M_S2
"""Total up to which the deck is unloaded. Four 200 kg cells of 0.02 % of full scale per kelvin drift by 32 N over 20 K;
the lightest child that runs weighs 150 N."""
MIN_CONVERSIONS = 20
"""Of each chip, for a standard deviation within 16 %."""


class Rest:
    """Told of every batch by `add`; `look` judges what came since the last look, about once a second.

    `noise_n`: sd of a conversion of each chip when the cells were last quiet, from the differences of successive ones
    (von Neumann 1941), so that a slow sway or drift does not count. `zero_drift_n`: level of each when the deck was
    last unloaded and quiet, against the calibration's tare. None where that was not seen, or without a calibration.
    """

    def __init__(self, calibration: Calibration | None) -> None:
        self._batches: list[SampleBatch] = []
        self._judge_by(calibration)

    def use(self, calibration: Calibration | None) -> None:
        """From now on this one. Where it is another, what was told by the last one no longer counts."""
        if calibration is not self._calibration:
            self._judge_by(calibration)

    def _judge_by(self, calibration: Calibration | None) -> None:
        self._calibration = calibration
        self.noise_n: list[float | None] = [None] * len(CHANNELS)
        self.zero_drift_n: list[float | None] = [None] * len(CHANNELS)

    def add(self, batch: SampleBatch) -> None:
        if self._calibration is not None:
            self._batches.append(batch)

    def look(self) -> None:
        forces_n = self._forces_n()
        self._batches.clear()
        if min(len(cell_n) for cell_n in forces_n) < MIN_CONVERSIONS:
            return
        if max(cell_n.std() for cell_n in forces_n) > QUIET_N:
            return
        self.noise_n = [float(np.sqrt(np.mean(np.diff(cell_n) ** 2) / 2)) for cell_n in forces_n]
        levels_n = [float(cell_n.mean()) for cell_n in forces_n]
        if abs(sum(levels_n)) < UNLOADED_N:
            self.zero_drift_n = levels_n

    def _forces_n(self) -> list[np.ndarray]:
        """Newtons (n,) of each cell."""
        if self._calibration is None or not self._batches:
            return [np.zeros(0)] * len(CHANNELS)
        columns = [batch.arrays() for batch in self._batches]
        channel, raw = (np.concatenate([c[name] for c in columns]) for name in ("channel", "raw"))
        cells = self._calibration.cells
        return [(raw[channel == c] - cell.offset_counts) * cell.newton_per_count for c, cell in enumerate(cells)]
