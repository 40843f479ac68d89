"""Splines for the force on a deck that rings, and for what its cells then feel.

The deck is H(s) = (2 z w s + w^2) / (s^2 + 2 z w s + w^2). With an auxiliary signal q, the force on the deck is
q + (2 z / w) q' + q'' / w^2 and the force the cells feel is q + (2 z / w) q': both are local in q, so knowing the
resonance costs the solve nothing and no filter has to be inverted. On a rigid deck both are q.
"""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

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
    q = _cubic(n, 0)
    if deck is None:
        return DeckSplines(q, q)
    w = 2 * np.pi * deck.frequency_hz
    felt = q + (2 * deck.damping_ratio / w) * _cubic(n, 1)
    return DeckSplines((felt + _cubic(n, 2) / w**2).tocsr(), felt.tocsr())


def _cubic(n: int, derivative: int) -> sparse.csr_matrix:
    """The splines' values, or their first or second derivative by time."""
    at = np.arange(n) / KNOT_GRID_STEPS
    knot = np.floor(at).astype(int)
    u = at - knot
    pieces = (
        ((1 - u) ** 3 / 6, (3 * u**3 - 6 * u**2 + 4) / 6, (-3 * u**3 + 3 * u**2 + 3 * u + 1) / 6, u**3 / 6),
        (-((1 - u) ** 2) / 2, (3 * u**2 - 4 * u) / 2, (-3 * u**2 + 2 * u + 1) / 2, u**2 / 2),
        (1 - u, 3 * u - 2, 1 - 3 * u, u),
    )[derivative]
    values = np.stack(pieces, axis=1) * (GRID_RATE_HZ / KNOT_GRID_STEPS) ** derivative
    columns = knot[:, None] + np.arange(4)
    rows = np.broadcast_to(np.arange(n)[:, None], columns.shape)
    return sparse.csr_matrix((values.ravel(), (rows.ravel(), columns.ravel())), shape=(n, knot[-1] + 4))
