"""How the deck shares a force between its four cells: bilinearly over their rectangle.

A share is linear in (1, x, y, xy), so the cells' forces follow from the force and its moments, and forces at several
places add up.
"""

from collections.abc import Mapping

import numpy as np

from station.config import Force
from station.messages import CHANNELS

Places = Mapping[str, tuple[float, float]]
"""Cell -> (x, y) in metres."""

DEFAULT_PLACES: Places = {name: (cell.x_m, cell.y_m) for name, cell in Force().cells.items()}


def corner_forces(force_n: np.ndarray, x_m: np.ndarray, y_m: np.ndarray, places: Places = DEFAULT_PLACES) -> np.ndarray:
    """Newtons (4, n) on the cells from a force (n,) at a centre of pressure (n,)."""
    return corner_matrix(places) @ moments(force_n, x_m, y_m)


def moments(force_n: np.ndarray, x_m: np.ndarray, y_m: np.ndarray | float) -> np.ndarray:
    """Force (n,) at a centre of pressure -> (4, n): F, F x, F y, F x y."""
    along = force_n * x_m
    return np.stack([force_n, along, force_n * y_m, along * y_m])


def corner_matrix(places: Places = DEFAULT_PLACES) -> np.ndarray:
    """(4, 4) that takes `moments` to the cells' newtons in the order of CHANNELS.

    Sum and centre of pressure of the corners are those of the force; outside the rectangle a corner is negative
    (the cells are bolted).
    """
    xs, ys = (np.array([places[c][i] for c in CHANNELS]) for i in (0, 1))
    return np.array([np.kron(_share(y, ys), _share(x, xs)) for x, y in zip(xs, ys, strict=True)])


def _share(own: float, both: np.ndarray) -> np.ndarray:
    """Coefficients (of 1, of the place) of the share that the cells on the line `own` carry of the two lines."""
    other = both.min() if own == both.max() else both.max()
    return np.array([-other, 1.0]) / (own - other)
