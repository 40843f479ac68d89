"""How the load is shared among the cells at each instant: smooth, because the foot rides back with the belt."""

import numpy as np
from scipy.ndimage import gaussian_filter1d

from station.gait.total_force import GRID_RATE_HZ

SMOOTHING_S = 0.010
"""Standard deviation of the smoothing: the belt moves 2-4 cm in that time, 1-2 % of the deck's half length a cell."""
FLOOR_BW = 0.03
"""Force below which a share is not believed."""


def local_share(cell_forces: np.ndarray, total: np.ndarray) -> np.ndarray:
    """(cells, n) factor s that makes s * `total` (n,) fit `cell_forces` (cells, n) about each instant; both in BW.

    Normalised convolution with the squared force as certainty (Knutsson & Westin 1993, CVPR 515-523): near contact
    and toe-off, where the force says little, the share of the loaded instants nearby holds.
    """
    sigma = SMOOTHING_S * GRID_RATE_HZ
    certainty = gaussian_filter1d(total**2, sigma) + FLOOR_BW**2
    return gaussian_filter1d(cell_forces * total, sigma, axis=-1) / certainty


def first_shares(cell_forces: np.ndarray, total: np.ndarray) -> np.ndarray:
    """Shares (cells, n), summing to 1, from forces that are still blurred."""
    even = 1 / len(cell_forces)
    loaded = np.clip(total, 0, None)
    return normalised(even + local_share(cell_forces - even * loaded, loaded))


def normalised(shares: np.ndarray) -> np.ndarray:
    """Shares made to sum to 1 at each instant."""
    return shares / shares.sum(axis=0)
