"""The static reading: what the chips say while nothing moves."""

from dataclasses import dataclass

import numpy as np

from station.calibration.machine import StepRefusedError
from station.force.front_end import LoadCellFrontEnd
from station.messages import CHANNELS, spoken
from station.words import N_

MIN_CONVERSIONS = 8
MAX_SHAKE_COUNTS = 20_000
"""Standard deviation above which something moved: about 10 N on a 200 kg, 2 mV/V cell."""
MAX_WANDER_COUNTS = 2_000
"""Between the first and the second half, beyond what the shaking explains: about 1 N on that cell."""
RANGE_COUNTS = 0.75 * 2**23


@dataclass(frozen=True)
class ReadingTime:
    """Seconds of a static reading: first let the load come to rest, then take the mean."""

    settle_s: float = 1.5
    mean_s: float = 3.0

    @property
    def total_s(self) -> float:
        return self.settle_s + self.mean_s


USUAL_TIME = ReadingTime()
LOOKING_TIME = ReadingTime(settle_s=1.0, mean_s=2.0)
"""Of the camera."""


@dataclass(frozen=True)
class StaticReading:
    """Mean counts of each cell (4,) over a still stretch, and the standard deviation of single conversions (4,)."""

    counts: np.ndarray
    sd_counts: np.ndarray


def read_static(
    front_end: LoadCellFrontEnd, time: ReadingTime, what: str, max_shake_counts: float = MAX_SHAKE_COUNTS
) -> StaticReading:
    """The mean after settling. Raises StepRefusedError where a cell is silent, moves, wanders or is out of range."""
    front_end.read(time.settle_s)
    columns = front_end.read(time.mean_s).arrays()
    by_cell = [columns["raw"][columns["channel"] == c].astype(float) for c in range(len(CHANNELS))]
    for name, raw in zip(CHANNELS, by_cell, strict=True):
        _check(raw, N_("{what}, {cell} load cell").format(what=what, cell=spoken(name)), time.mean_s, max_shake_counts)
    return StaticReading(np.array([r.mean() for r in by_cell]), np.array([r.std() for r in by_cell]))


def _check(raw: np.ndarray, place: str, seconds: float, max_shake_counts: float) -> None:
    if len(raw) < MIN_CONVERSIONS:
        raise StepRefusedError(
            N_("{place}: {raw} readings in {seconds:g} s; check its wires and try again").format(
                place=place, raw=len(raw), seconds=seconds
            )
        )
    if raw.std() > max_shake_counts:
        raise StepRefusedError(
            N_("{place}: the load moves ({std:.0f} counts); keep everything still, try again").format(
                place=place, std=raw.std()
            )
        )
    first, second = raw[: len(raw) // 2], raw[len(raw) // 2 :]
    wander = abs(second.mean() - first.mean())
    if wander > MAX_WANDER_COUNTS + 4 * max(first.std(), second.std()) / np.sqrt(len(first) / 2):
        raise StepRefusedError(
            N_("{place}: the load still changes ({wander:.0f} counts); wait until it is at rest, try again").format(
                place=place, wander=wander
            )
        )
    if abs(raw.mean()) > RANGE_COUNTS:
        raise StepRefusedError(
            N_(
                "{place}: {mean:.0f} counts are near the end of the chip's range; is the deck "
                "overloaded, and the cell wired right?"
            ).format(place=place, mean=raw.mean())
        )
