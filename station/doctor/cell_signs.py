"""What can be told of each cell from a stretch in which nothing happens at the deck, in newtons of the configured cell.

The real gain of a cell and its chip is within some percent of that, calibrated or not: enough for what is asked here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.stats import trim_mean

from station.config import Force
from station.doctor.recording import CellRecording, Recording
from station.force.capacity import CHIP_RANGE_MV_V
from station.gravity import GRAVITY_M_S2
from station.messages import CHANNELS, FLAG_AFTER_SATURATION

FEWEST = 64
"""Conversions, for a spectrum."""
ADRIFT_N = 50.0
"""A deck shares a load among its cells: no load moves one cell alone by that much. Nor does interference: 100 pF from
the mains to a whole bridge of 350 ohm, with 1 % of it on one wire more than on the other, make 20 uV, or 5 N."""
OTHERS_STILL_N = 10.0
SWAY_S, TRIMMED = 1.0, 0.1
SWAY_N = 30.0
"""Whoever steps or shifts their weight moves some hundred newtons from cell to cell; the slowest line of a belt that
shakes, its seam at 1 Hz, is averaged to a tenth in a second."""
SPIKE_N = 20.0
SPIKE_SPREADS = 8.0
"""Of a spike beyond the usual spread: white noise comes there once in 10^15 conversions."""
SPIKE_APART = 6
"""Conversions; one pulse is in the three or four that a chip's filter spans."""
BREAK = 1.5
"""Of the usual interval: a reading is missing."""
LINE_ABOVE_FLOOR = 16.0
"""Of a spectral line: noise without lines has one bin in nine million so far above its mean."""
LEAKAGE_BINS = 2
"""Either side of a line: the main lobe of a Hann window."""
SETTLED_RESETS = 3
"""Power cycles in a stretch of seconds, that a busy host does not explain: one in a thousand readings at worst
(measured in the soak of the reader)."""


def newton_per_count(force: Force) -> float:
    """Of a cell as its data sheet says, whatever the supply: bridge and converter share it."""
    full_scale_counts = force.cell_sensitivity_mv_v / CHIP_RANGE_MV_V * 2**23
    return force.cell_capacity_kg * GRAVITY_M_S2 / full_scale_counts


@dataclass(frozen=True)
class CellSigns:
    """One cell. Only `silent`, `loose` and `saturated` mean something where it delivered next to nothing."""

    channel: str
    recording: CellRecording
    newtons: np.ndarray  # (n,) from the chip's own zero

    @property
    def silent(self) -> bool:
        return self.recording.trouble is not None or len(self.newtons) < FEWEST

    @property
    def resets(self) -> int:
        return self.recording.power_downs

    @property
    def loose(self) -> bool:
        return not self.silent and self.resets >= SETTLED_RESETS

    @property
    def saturated(self) -> bool:
        return bool(np.any(self.recording.flags & FLAG_AFTER_SATURATION))

    @cached_property
    def level_n(self) -> float:
        return float(np.median(self.newtons))

    @cached_property
    def moves_n(self) -> float:
        """How far the level goes to and fro, spikes left out: between the tenth and the ninetieth percentile."""
        low, high = np.percentile(self.newtons, [10, 90])
        return float(high - low)

    @cached_property
    def sways_n(self) -> float:
        """How far the level of a second differs from that of another: noise and spikes are no part of it."""
        blocks = np.array_split(self._steady_n, max(2, round(np.ptp(self.recording.t_s) / SWAY_S)))
        return float(np.ptp([trim_mean(block, TRIMMED) for block in blocks]))

    @cached_property
    def spikes(self) -> int:
        """Pulses far outside of all else, each counted once."""
        away_n = np.abs(self._steady_n - np.median(self._steady_n))
        beyond = np.flatnonzero(away_n > max(SPIKE_N, SPIKE_SPREADS * 1.4826 * float(np.median(away_n))))
        return int(np.count_nonzero(np.diff(beyond, prepend=-SPIKE_APART) >= SPIKE_APART))

    @property
    def noise_n(self) -> float:
        """Standard deviation of what has no frequency of its own, spikes hardly counted."""
        return self._spectrum[0]

    @property
    def line_n(self) -> float:
        """Standard deviation of what has: belt, motor, hum."""
        return self._spectrum[1]

    @cached_property
    def _steady_n(self) -> np.ndarray:
        """Without the slow drift."""
        t_s = self.recording.t_s
        return self.newtons - np.polyval(np.polyfit(t_s, self.newtons, 2), t_s)

    @property
    def _unbroken_n(self) -> np.ndarray:
        """The longest stretch of it in which no reading is missing: a spectrum needs even intervals."""
        intervals_s = np.diff(self.recording.t_s)
        breaks = np.flatnonzero(intervals_s > BREAK * np.median(intervals_s)) + 1
        return max(np.split(self._steady_n, breaks), key=len)

    @cached_property
    def _spectrum(self) -> tuple[float, float]:
        """Of the noise between the lines, taken for white, and of the lines."""
        steady_n = self._unbroken_n
        window = np.hanning(len(steady_n))
        power = np.abs(np.fft.rfft(steady_n * window)) ** 2 / np.sum(window**2)
        floor = float(np.median(power)) / np.log(2)  # exponentially distributed, where it is noise
        in_line = np.convolve(power > LINE_ABOVE_FLOOR * floor, np.ones(2 * LEAKAGE_BINS + 1), "same") > 0
        lines = 2 * float(np.sum((power - floor)[in_line])) / len(steady_n)
        return float(np.sqrt(floor)), float(np.sqrt(max(lines, 0.0)))


@dataclass(frozen=True)
class Signs:
    """All four, in the order of CHANNELS."""

    cells: tuple[CellSigns, ...]

    @classmethod
    def of(cls, recording: Recording, force: Force) -> "Signs":
        scale = newton_per_count(force)
        named = zip(CHANNELS, recording.cells, strict=True)
        return cls(tuple(CellSigns(name, cell, cell.counts * scale) for name, cell in named))

    @property
    def speaking(self) -> list[CellSigns]:
        return [cell for cell in self.cells if not cell.silent]

    @property
    def restless(self) -> bool:
        """Whether somebody or something moves on the deck: most cells feel that."""
        return bool(self.sound) and float(np.median([cell.sways_n for cell in self.sound])) > SWAY_N

    @property
    def sound(self) -> list[CellSigns]:
        """Those whose numbers mean a load."""
        return [cell for cell in self.speaking if not (cell.loose or self.adrift(cell))]

    def adrift(self, cell: CellSigns) -> bool:
        """Whether it follows no load at all: it moves where its neighbours are still, or leaves its range."""
        if cell.silent or cell.loose:
            return False
        others = [other.moves_n for other in self.speaking if other is not cell]
        alone = cell.moves_n > ADRIFT_N and sum(n < OTHERS_STILL_N for n in others) * 2 > len(others)
        return cell.saturated or alone


def names(cells: Sequence[CellSigns]) -> list[str]:
    return [cell.channel for cell in cells]
