"""How much a measured value counts: its severity 0..100, its weight among others, its systematic error."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

ANCHORS = (0.0, 33.0, 66.0, 100.0)
WATCH = ANCHORS[1]
JUST_BELOW_WATCH = WATCH - 1
LEAST_WEIGHT = 0.5
"""Share of a mistake's total weight that must be measured for a verdict."""


@dataclass(frozen=True)
class Criterion:
    """How one measured value counts: the values at severities 0, 33, 66, 100 (rising), weight, systematic error.

    The systematic error is normal: `offset_sd` in the value's own unit, `gain_sd` as a share of the value.
    """

    breakpoints: tuple[float, float, float, float]
    weight: float = 1.0
    offset_sd: float = 0.0
    gain_sd: float = 0.0

    @property
    def watch(self) -> float:
        return self.breakpoints[1]

    def with_systematic_error(self, draws: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Draws of the true value, from draws of the measured one."""
        gain = 1 + rng.normal(0, self.gain_sd, len(draws))
        return draws * gain + rng.normal(0, self.offset_sd, len(draws))

    def systematic_sd(self, value: float) -> float:
        """Of a measured value's systematic error."""
        return math.hypot(self.offset_sd, self.gain_sd * value)

    def severity(self, values: np.ndarray) -> np.ndarray:
        """Piecewise-linear severity 0..100 through the breakpoints."""
        return np.interp(values, self.breakpoints, ANCHORS)


def combine(parts: Sequence[tuple[Criterion, np.ndarray | None]]) -> np.ndarray | None:
    """Weighted severity of each draw. A part is (criterion, its severities or None where not measured).

    Weights of the missing are shared out among the rest; None where less than half of the weight is measured.
    """
    total = sum(criterion.weight for criterion, _ in parts)
    present = [(criterion.weight, severity) for criterion, severity in parts if severity is not None]
    weight = sum(w for w, _ in present)
    if weight < LEAST_WEIGHT * total or weight == 0:
        return None
    return sum(w * severity for w, severity in present) / weight
