"""How the load is shared among the cells at each instant: smooth, because the foot rides back with the belt."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import sparse
from scipy.ndimage import gaussian_filter1d
from scipy.sparse.linalg import LinearOperator

from station.gait.about_mean import AboutMeans
from station.gait.averaged_cells import AveragedCells
from station.gait.corrected_squares import Corrected, solve_corrected
from station.gait.cubic_splines import knots_over, spline_matrix, squared_bend
from station.gait.mean_stance import MeanCurves, mean_curves
from station.gait.ringing_deck import RingingDeck
from station.gait.stances import Stances
from station.gait.total_force import GRID_RATE_HZ

FIRST_SMOOTHING_S = 0.010
"""Standard deviation of the first smoothing: the belt moves 2-4 cm in that time, 1-2 % of the deck's half length."""
FLOOR_BW = 0.03
"""Force below which a share is not believed."""
KNOT_GRID_STEPS = 8
"""Grid steps (1 ms) between the knots of a share: the centre of pressure moves more slowly than the force."""
SMOOTHNESS = 0.3
"""Weight of the squared second differences of a step's difference from the mean share of its foot: a foot is set down
a little elsewhere each time, and then rolls as it always does."""
MEAN_SMOOTHNESS = 1e-3
MEAN_SPACING = 0.032
LEAST_SUM = 0.5
RIDGE = 1e-6
"""Draws the share towards even where no load tells it."""


def first_shares(cell_forces: np.ndarray, total: np.ndarray) -> np.ndarray:
    """Shares (cells, n), summing to 1, from forces (cells, n) and their sum (n,) in BW that are still blurred.

    Normalised convolution with the squared force as certainty (Knutsson & Westin 1993, CVPR 515-523): near contact
    and toe-off, where the force says little, the share of the loaded instants nearby holds.
    """
    even = 1 / len(cell_forces)
    loaded = np.clip(total, 0, None)
    sigma = FIRST_SMOOTHING_S * GRID_RATE_HZ
    certainty = gaussian_filter1d(loaded**2, sigma) + FLOOR_BW**2
    return _normalised(even + gaussian_filter1d((cell_forces - even * loaded) * loaded, sigma, axis=-1) / certainty)


@dataclass(frozen=True)
class Load:
    """The force on the deck and what its cells feel of it together, (n,) in BW; the same where nothing rings."""

    force: np.ndarray
    felt: np.ndarray
    ringing: RingingDeck | None

    @cached_property
    def pressing(self) -> np.ndarray:
        """(n,) the force without what pulls."""
        return np.clip(self.force, 0, None)

    @cached_property
    def _rings_on(self) -> np.ndarray:
        """(n,) felt of what was before the grid: it fades in the shares that it has."""
        return self.felt - self.ringing.felt(self.force)

    def wandering(self, share: np.ndarray) -> np.ndarray:
        """(n,) what a cell with this share (n,) feels beyond the share of the pressing force."""
        pressed = share * self.pressing
        return self.ringing.felt(pressed) - pressed + share * self._rings_on

    def wandering_transposed(self, weights: np.ndarray) -> np.ndarray:
        """(n,): the transpose of `wandering`."""
        return self.pressing * (self.ringing.felt_transposed(weights) - weights) + self._rings_on * weights


def solved_shares(conversions: AveragedCells, t_s: np.ndarray, load: Load, stances: Stances) -> tuple[np.ndarray, bool]:
    """Shares (cells, n), summing to 1, that make each cell's conversions out of the load; whether they settled.

    About the mean share of the same foot; `t_s` (n,) the grid.
    """
    even = 1 / len(conversions.y)
    knots = knots_over(len(t_s), KNOT_GRID_STEPS)
    splines = spline_matrix(np.arange(len(t_s)) / KNOT_GRID_STEPS, knots)
    knot_s = t_s[0] + (np.arange(knots) - 1) * KNOT_GRID_STEPS / GRID_RATE_HZ
    means = mean_curves(knot_s, stances, np.ones(len(stances)), MEAN_SPACING)
    solved = [
        _solve(average, y, splines, load, means, even)
        for average, y in zip(conversions.averages, conversions.y, strict=True)
    ]
    shares = np.array([splines @ coefficients.x for coefficients in solved])
    return _normalised(shares), all(coefficients.settled for coefficients in solved)


def _solve(
    average: sparse.csr_matrix,
    y: np.ndarray,
    splines: sparse.csr_matrix,
    load: Load,
    means: MeanCurves | None,
    even: float,
) -> Corrected:
    """(knots,) coefficients of one cell's share."""
    matrix = (average.multiply(load.pressing) @ splines).tocsr()
    roughness = SMOOTHNESS * squared_bend(splines[::KNOT_GRID_STEPS])
    normal = matrix.T @ matrix + roughness + RIDGE * sparse.eye(splines.shape[1])
    equations = AboutMeans(normal, roughness, means, MEAN_SMOOTHNESS)
    if load.ringing is None:
        return Corrected(equations.solve(matrix.T @ y + RIDGE * even), settled=True)
    transposed = average.T.tocsr()
    correction = LinearOperator(
        matrix.shape,
        matvec=lambda coefficients: average @ load.wandering(splines @ coefficients),
        rmatvec=lambda values: splines.T @ load.wandering_transposed(transposed @ values),
    )
    return solve_corrected(equations.solve, matrix, correction, y, RIDGE * even)


def _normalised(shares: np.ndarray) -> np.ndarray:
    """Shares made to sum to 1 at each instant; where they hardly tell anything, the rest is everybody's alike."""
    scaled = shares / np.maximum(shares.sum(axis=0), LEAST_SUM)
    return scaled + (1 - scaled.sum(axis=0)) / len(shares)
