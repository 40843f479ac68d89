"""How the load is shared among the cells at each instant: smooth, because the foot rides back with the belt."""

from collections.abc import Sequence

import numpy as np
from scipy import sparse
from scipy.ndimage import gaussian_filter1d

from station.gait.about_mean import solve_about_means
from station.gait.cubic_splines import knots_over, spline_matrix, squared_bend
from station.gait.mean_stance import mean_curves
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


def solved_shares(
    averages: Sequence[sparse.csr_matrix], y: Sequence[np.ndarray], t_s: np.ndarray, felt: np.ndarray, stances: Stances
) -> np.ndarray:
    """Shares (cells, n), summing to 1, that make each cell's conversions `y` (m,) out of the force `felt` (n,) in BW.

    `averages` (m, n) per cell; `t_s` (n,) the grid. About the mean share of the same foot.
    """
    even = 1 / len(y)
    knots = knots_over(len(t_s), KNOT_GRID_STEPS)
    splines = spline_matrix(np.arange(len(t_s)) / KNOT_GRID_STEPS, knots)
    knot_s = t_s[0] + (np.arange(knots) - 1) * KNOT_GRID_STEPS / GRID_RATE_HZ
    means = mean_curves(knot_s, stances, np.ones(len(stances)), MEAN_SPACING)
    roughness = SMOOTHNESS * squared_bend(splines[::KNOT_GRID_STEPS])
    rest = roughness + RIDGE * sparse.eye(knots)
    load = np.clip(felt, 0, None)
    shares = []
    for average, conversions in zip(averages, y, strict=True):
        matrix = average.multiply(load) @ splines
        normal, right = matrix.T @ matrix + rest, matrix.T @ conversions + RIDGE * even
        shares.append(splines @ solve_about_means(normal, right, roughness, means, MEAN_SMOOTHNESS))
    return _normalised(np.array(shares))


def _normalised(shares: np.ndarray) -> np.ndarray:
    """Shares made to sum to 1 at each instant; where they hardly tell anything, the rest is everybody's alike."""
    scaled = shares / np.maximum(shares.sum(axis=0), LEAST_SUM)
    return scaled + (1 - scaled.sum(axis=0)) / len(shares)
