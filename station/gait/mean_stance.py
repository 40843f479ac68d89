"""Curves that repeat with every stance: one unknown mean curve a foot, laid over its single steps."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from station.gait.cubic_splines import spline_matrix
from station.gait.stances import Stances

PHASE_FROM, PHASE_TO = -0.15, 1.15
"""Phase of the stance that a mean curve covers: 0 = its start, 1 = its end."""
LANDING_S, UNLOADING_S = 0.008, 0.025
"""From the first touch to 50 N, and from 50 N to the last: a landing is quick, a toe-off fades."""
LEAST_STEPS = 3
"""Steps of a foot in one chain from which a mean means something."""
MOST_CURVES = 6
"""Of the feet with the most steps: each costs the solve as much as all splines. A run without a stumble has two."""


@dataclass(frozen=True)
class MeanCurves:
    """`laid` (knots, curves * knots_per_curve): from the mean curves' coefficients to values at the knots in time."""

    laid: sparse.csr_matrix
    knots_per_curve: int

    @property
    def curves(self) -> int:
        return self.laid.shape[1] // self.knots_per_curve


def mean_curves(knot_s: np.ndarray, stances: Stances, height: np.ndarray, spacing: float) -> MeanCurves | None:
    """Mean curve of every second step, stretched over each step's own length and multiplied by its `height` (steps,).

    `spacing`: phase between a curve's own knots. Steps alternate within a chain; a chain after a missed step starts
    its own two means, as far as MOST_CURVES goes. Outside stances there is no mean. None where no foot has enough
    steps.
    """
    knots = round((PHASE_TO - PHASE_FROM) / spacing) + 3
    feet = sorted((foot for foot in _feet(stances) if len(foot) >= LEAST_STEPS), key=len)[-MOST_CURVES:]
    if not feet:
        return None
    blocks = [_laid(knot_s, stances, foot, height, spacing, knots) for foot in feet]
    return MeanCurves(sparse.hstack(blocks).tocsr(), knots)


def mean_heights(t_s: np.ndarray, force: np.ndarray, stances: Stances) -> np.ndarray:
    """(steps,) mean force of each stance."""
    total = np.concatenate([[0.0], np.cumsum(force)])
    first, last = np.searchsorted(t_s, (stances.start_s, stances.end_s))
    return (total[last] - total[first]) / np.maximum(last - first, 1)


def _feet(stances: Stances) -> list[np.ndarray]:
    """Numbers of the whole steps of one foot within one chain, for each."""
    chain = stances.chain
    chains = [np.flatnonzero(chain == c) for c in np.unique(chain)]
    return [foot[~stances.cut[foot]] for steps in chains for foot in (steps[0::2], steps[1::2])]


def _laid(
    knot_s: np.ndarray, stances: Stances, foot: np.ndarray, height: np.ndarray, spacing: float, knots: int
) -> sparse.csr_matrix:
    length = stances.end_s - stances.start_s
    low = stances.start_s - np.minimum(LANDING_S, -PHASE_FROM * length) * stances.from_flight
    high = stances.end_s + np.minimum(UNLOADING_S, (PHASE_TO - 1) * length) * stances.to_flight
    step = np.full(len(knot_s), -1)
    for k in foot:
        step[slice(*np.searchsorted(knot_s, (low[k], high[k])))] = k
    inside = np.flatnonzero(step >= 0)
    step = step[inside]
    phase = (knot_s[inside] - stances.start_s[step]) / length[step]
    values = spline_matrix((phase - PHASE_FROM) / spacing, knots).multiply(height[step, None]).tocoo()
    return sparse.csr_matrix((values.data, (inside[values.row], values.col)), shape=(len(knot_s), knots))
