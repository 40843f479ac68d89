"""Splines for the force on a deck that rings, and for what its cells then feel.

The deck is H(s) = (2 z w s + w^2) / (s^2 + 2 z w s + w^2). With an auxiliary signal q, the force on the deck is
q + (2 z / w) q' + q'' / w^2 and the force the cells feel is q + (2 z / w) q': both are local in q, so knowing the
resonance costs the solve nothing and no filter has to be inverted. On a rigid deck both are q.
"""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from station.gait.cubic_splines import knots_over, spline_matrix
from station.gait.results import DeckResonance
from station.gait.total_force import GRID_RATE_HZ

KNOT_GRID_STEPS = 4
"""Grid steps (1 ms) between knots: 125 Hz, well above the 50 Hz that the definitions keep."""


@dataclass(frozen=True)
class DeckSplines:
    """(n, knots) matrices from the coefficients of q to the grid."""

    force: sparse.csr_matrix  # on the deck
    felt: sparse.csr_matrix  # by the cells

    @property
    def knots(self) -> int:
        return self.force.shape[1]


def deck_splines(n: int, deck: DeckResonance | None) -> DeckSplines:
    """Uniform cubic B-splines, one every KNOT_GRID_STEPS, on n grid points."""
    at = np.arange(n) / KNOT_GRID_STEPS
    q, velocity, acceleration = (
        spline_matrix(at, knots_over(n, KNOT_GRID_STEPS), derivative) * (GRID_RATE_HZ / KNOT_GRID_STEPS) ** derivative
        for derivative in range(3)
    )
    if deck is None:
        return DeckSplines(q, q)
    w = 2 * np.pi * deck.frequency_hz
    felt = q + (2 * deck.damping_ratio / w) * velocity
    return DeckSplines((felt + acceleration / w**2).tocsr(), felt.tocsr())
