"""How the deck shares a force between its four cells."""

from collections.abc import Mapping

import numpy as np

from station.messages import CHANNELS

DEFAULT_PLACES: dict[str, tuple[float, float]] = {
    "front_left": (0.70, 0.30),
    "front_right": (0.70, -0.30),
    "rear_left": (-0.70, 0.30),
    "rear_right": (-0.70, -0.30),
}


def corner_forces(
    force_n: np.ndarray, x_m: np.ndarray, y_m: np.ndarray, places: Mapping[str, tuple[float, float]] = DEFAULT_PLACES
) -> np.ndarray:
    """Forces (n,) at (x, y) -> (4, n) in the order of CHANNELS, by bilinear share over the cells' rectangle.

    Sum and centre of pressure of the corners are exactly those of the force; outside the rectangle a corner is
    negative (the cells are bolted).
    """
    xs, ys = (np.array([places[c][i] for c in CHANNELS]) for i in (0, 1))
    front, rear, left, right = xs.max(), xs.min(), ys.max(), ys.min()
    forward = (np.asarray(x_m) - rear) / (front - rear)
    leftward = (np.asarray(y_m) - right) / (left - right)
    along = np.where((xs == front)[:, None], forward, 1 - forward)
    across = np.where((ys == left)[:, None], leftward, 1 - leftward)
    return along * across * force_n
