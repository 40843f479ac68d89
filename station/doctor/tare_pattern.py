"""The four readings of the empty deck against those of the tare: which single mistake since then explains them.

Each cell carries another corner of the treadmill and has another zero, so that its reading of the empty deck is nearly
a name. A cell with its signal wires exchanged reads the same with the other sign; one whose bridge has no supply reads
nothing; two that were exchanged read what the other one did.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import numpy as np

from station.messages import CHANNELS, Calibration

Change = Literal["exchanged", "reversed", "no_supply"]

NEAR_N = 20.0
"""Of each reading from what a mistake would make it: 0.02 % of full scale a kelvin is 8 N over 20 K for a 200 kg cell,
and a foot of the treadmill that settles elsewhere moves some newtons from corner to corner."""
FAR_N = 50.0
"""A reading that is not that of the tare: the total up to which a deck counts as unloaded (`station.force.rest`)."""


@dataclass(frozen=True)
class Explanation:
    """What happened to which cells since the tare."""

    change: Change
    channels: tuple[str, ...]


def away_n(calibration: Calibration, counts: np.ndarray) -> np.ndarray:
    """Newtons (4,) by which the readings (4,) of the empty deck differ from those of the tare."""
    return _difference_n(calibration, counts, _offsets(calibration))


def explanations(calibration: Calibration, counts: np.ndarray) -> list[Explanation]:
    """Every single mistake after which the cells would read so; none where they read as at the tare.

    A cell whose tare is near zero reads the same after its wires were exchanged: nothing is said of it.
    """
    if np.abs(away_n(calibration, counts)).max() < FAR_N:
        return []
    return [
        explanation
        for explanation, expected in _mistakes(_offsets(calibration))
        if np.abs(_difference_n(calibration, counts, expected)).max() < NEAR_N
    ]


def alike(calibration: Calibration) -> list[tuple[str, str]]:
    """Pairs of cells whose exchange would not show: their readings of the empty deck are too near each other."""
    counts, each = _offsets(calibration), calibration.cells
    return [
        (each[a].channel, each[b].channel)
        for a, b in combinations(range(len(CHANNELS)), 2)
        if abs(counts[a] - counts[b]) * abs(each[a].newton_per_count) < FAR_N
    ]


def _mistakes(offsets: np.ndarray) -> Iterator[tuple[Explanation, np.ndarray]]:
    """Each with the counts (4,) that it makes of the tare's."""
    for c, name in enumerate(CHANNELS):
        for change, factor in (("reversed", -1.0), ("no_supply", 0.0)):
            expected = offsets.copy()
            expected[c] *= factor
            yield Explanation(change, (name,)), expected
    for pair in combinations(range(len(CHANNELS)), 2):
        expected = offsets.copy()
        expected[list(pair)] = offsets[list(reversed(pair))]
        yield Explanation("exchanged", tuple(CHANNELS[c] for c in pair)), expected


def _offsets(calibration: Calibration) -> np.ndarray:
    return np.array([cell.offset_counts for cell in calibration.cells])


def _difference_n(calibration: Calibration, counts: np.ndarray, expected: np.ndarray) -> np.ndarray:
    return (counts - expected) * np.array([abs(cell.newton_per_count) for cell in calibration.cells])
