"""What each load cell carries of the run, and which of them is dead.

A cell far from the runner may rightly carry little, nothing or, outside the cells' rectangle, less than nothing, so its
share of the load alone accuses nobody. But the foot rides with the belt: what a live cell carries moves with every
step, and with the other cells. A dead one gives a constant, or noise that follows nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from station.gait.results import CellSignal
from station.gait.stances import LEAST_RUNNER_N
from station.gait.total_force import on_grid
from station.messages import spoken

RATE_HZ = 100.0
WINDOW_S = 2.0
MOVING_N = 50.0
"""Standard deviation of the total force, above which somebody moves on the deck: nothing can be told from rest."""
LEAST_SWING = 0.01
"""Of the total's swing. Live cells under plate recordings keep above 0.15; one far behind a runner who keeps to the
other side still has 0.03; a dead one with 30 N of noise has up to 0.008."""
DEAD_SHARE = 0.2
"""Share of the run without swing, above which a cell is dead; below, something held it for a moment."""
LEAST_READINGS = 50
"""Of each cell in a window, below which one was silent there and the window tells nothing of it."""


@dataclass(frozen=True)
class CellLoad:
    """One cell. `share` of the mean load, None where nobody was on the deck.

    `swing` = what moves with the other cells, over the total's swing: exceeded in all but the worst fifth of the run;
    None where nobody moved.
    """

    corner: str
    share: float | None
    swing: float | None

    @property
    def dead(self) -> bool:
        return self.swing is not None and self.swing < LEAST_SWING


def corner_of(cell: CellSignal) -> str:
    """Name of the cell by its place: "front left"."""
    return spoken(f"{'front' if cell.x_m > 0 else 'rear'}_{'left' if cell.y_m > 0 else 'right'}")


def cell_loads(cells: Sequence[CellSignal], start_s: float, end_s: float) -> tuple[CellLoad, ...]:
    """Load of each cell between `start_s` and `end_s`, at least one window apart, where all cells have readings."""
    t_s = np.arange(start_s, end_s, 1 / RATE_HZ)
    forces_n = np.array([on_grid(cell, t_s) for cell in cells])
    mean_n, total_n = forces_n.mean(axis=1), float(forces_n.sum(axis=0).mean())
    shares = (mean_n / total_n).tolist() if total_n > LEAST_RUNNER_N else [None] * len(cells)
    windows = _moving_windows(forces_n, cells, start_s)
    swings = np.array([_swings(window) for window in windows]).reshape(-1, len(cells))
    usual = np.quantile(swings, DEAD_SHARE, axis=0).tolist() if len(swings) else [None] * len(cells)
    return tuple(CellLoad(corner_of(cell), *load) for cell, *load in zip(cells, shares, usual, strict=True))


def _moving_windows(forces_n: np.ndarray, cells: Sequence[CellSignal], start_s: float) -> list[np.ndarray]:
    """(cells, m) forces about their means in each window of (cells, n) in which all cells speak and somebody moves."""
    width = int(WINDOW_S * RATE_HZ)
    count = forces_n.shape[1] // width
    bounds_s = start_s + WINDOW_S * np.arange(count + 1)
    readings = np.min([np.histogram(cell.t_s, bounds_s)[0] for cell in cells], axis=0)
    windows = [forces_n[:, k * width : (k + 1) * width] for k in np.flatnonzero(readings >= LEAST_READINGS)]
    return [w - w.mean(axis=1, keepdims=True) for w in windows if w.sum(axis=0).std() > MOVING_N]


def _swings(window_n: np.ndarray) -> list[float]:
    """Standard deviation of the part of each cell that the others explain (least squares), over that of the total."""
    total_n = window_n.sum(axis=0).std()
    swings = []
    for i, mine_n in enumerate(window_n):
        others_n = np.delete(window_n, i, axis=0)
        weights = np.linalg.lstsq(others_n.T, mine_n, rcond=None)[0]
        swings.append(float((weights @ others_n).std() / total_n))
    return swings
