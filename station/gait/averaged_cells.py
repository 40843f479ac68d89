"""The conversions of all cells of a stretch, and what forces on the cells would make of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import sparse

from station.gait.kernel import density
from station.gait.results import CellSignal

_TABLED_HZ = 100_000.0
"""A kernel is worked out this finely and read between: exact to 1e-6, and no dearer for a measured one of many taps."""


@dataclass(frozen=True)
class AveragedCells:
    """Per cell: its conversions `y` (m,) in BW, and the averaging matrix (m, n) over the grid."""

    averages: list[sparse.csr_matrix]
    y: list[np.ndarray]

    @property
    def all_y(self) -> np.ndarray:
        """Those of all cells, one cell after the other."""
        return np.concatenate(self.y)

    def of(self, cell_forces: np.ndarray) -> np.ndarray:
        """What forces (cells, n) give, ordered as `all_y`."""
        return np.concatenate([average @ force for average, force in zip(self.averages, cell_forces, strict=True)])

    def transposed(self, values: np.ndarray) -> np.ndarray:
        """(cells, n): the transpose of `of`."""
        parts = np.split(values, np.cumsum([len(y) for y in self.y])[:-1])
        return np.array([average @ part for average, part in zip(self._turned, parts, strict=True)])

    @cached_property
    def _turned(self) -> list[sparse.csr_matrix]:
        return [average.T.tocsr() for average in self.averages]


def averaged_cells(cells: Sequence[CellSignal], t_s: np.ndarray, body_weight_n: float) -> AveragedCells:
    """Those conversions that contain nothing from before the grid `t_s` (n,)."""
    averages, y = [], []
    for cell in cells:
        inside = (cell.t_s - cell.kernel.reach_s >= t_s[0]) & (cell.t_s - cell.kernel.delay_s <= t_s[-1])
        averages.append(averaging_matrix(cell, cell.t_s[inside], t_s))
        y.append(cell.force_n[inside] / body_weight_n)
    return AveragedCells(averages, y)


def averaging_matrix(cell: CellSignal, conversion_s: np.ndarray, t_s: np.ndarray) -> sparse.csr_matrix:
    """(m, n) weights that turn a force on the grid `t_s` (n,) into the conversions ended at `conversion_s` (m,)."""
    step_s = t_s[1] - t_s[0]
    kernel = cell.kernel
    width = int(np.ceil((kernel.reach_s - kernel.delay_s) / step_s)) + 2
    first = np.floor((conversion_s - kernel.reach_s - t_s[0]) / step_s).astype(int)
    columns = first[:, None] + np.arange(width)
    age_s = np.linspace(kernel.delay_s, kernel.reach_s, round((kernel.reach_s - kernel.delay_s) * _TABLED_HZ) + 1)
    weights = np.interp(conversion_s[:, None] - (t_s[0] + columns * step_s), age_s, density(kernel, age_s), 0.0, 0.0)
    weights /= weights.sum(axis=1, keepdims=True)
    inside = (columns >= 0) & (columns < len(t_s))
    rows = np.broadcast_to(np.arange(len(conversion_s))[:, None], columns.shape)
    return sparse.csr_matrix((weights[inside], (rows[inside], columns[inside])), shape=(len(conversion_s), len(t_s)))
