"""Tare: what the chips say while nothing is on the deck. Also the static reading that the load grid uses."""

from dataclasses import dataclass

import numpy as np

from station.errors import CalibrationError
from station.force.front_end import LoadCellFrontEnd
from station.messages import CHANNELS

SETTLE_S = 0.2
"""Thrown away before a static reading: several times what a chip averages over."""
MIN_CONVERSIONS = 8
MAX_SHAKE_COUNTS = 20_000
"""Standard deviation above which something moved: about 10 N on a 200 kg, 2 mV/V cell."""


@dataclass(frozen=True)
class StaticReading:
    """Mean counts of each cell (4,) over a still stretch, and the standard deviation of single conversions (4,)."""

    counts: np.ndarray
    sd_counts: np.ndarray


def read_static(front_end: LoadCellFrontEnd, seconds: float, what: str) -> StaticReading:
    """Mean of `seconds` after settling. Raises CalibrationError where a cell is silent or moves."""
    front_end.read(SETTLE_S)
    columns = front_end.read(seconds).arrays()
    by_cell = [columns["raw"][columns["channel"] == c].astype(float) for c in range(len(CHANNELS))]
    for name, raw in zip(CHANNELS, by_cell, strict=True):
        place = f"{what}, {name.replace('_', ' ')} load cell"
        if len(raw) < MIN_CONVERSIONS:
            raise CalibrationError(f"{place}: {len(raw)} readings in {seconds:g} s; check its wires and try again")
        if raw.std() > MAX_SHAKE_COUNTS:
            raise CalibrationError(
                f"{place}: the load moves ({raw.std():.0f} counts); keep everything still, try again"
            )
    return StaticReading(np.array([r.mean() for r in by_cell]), np.array([r.std() for r in by_cell]))


def tare(front_end: LoadCellFrontEnd, seconds: float = 5.0) -> StaticReading:
    """Counts of the unloaded deck. Raises CalibrationError where a cell is silent, moves or is out of range."""
    reading = read_static(front_end, seconds, "tare")
    for name, counts in zip(CHANNELS, reading.counts, strict=True):
        if abs(counts) > 0.75 * 2**23:
            raise CalibrationError(
                f"tare, {name.replace('_', ' ')} load cell: {counts:.0f} counts are near the end of the chip's range; "
                "is the deck unloaded and the cell wired right?"
            )
    return reading
