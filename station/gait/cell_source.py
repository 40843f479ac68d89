"""Where the cells of any stretch of a run come from: conversions still to be put in time, or newtons as given."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from station.gait.cell_signals import cell_signals, kernel_of
from station.gait.results import CellSignal
from station.messages import Calibration

MIN_CONVERSIONS = 50
"""Of a cell, below which nothing is read from it."""


class CellSource(Protocol):
    """The load cells of a run, on its own time axis."""

    def covered(self, start_s: float, end_s: float) -> tuple[float, float]:
        """The part of the window in which every cell has readings; a cell with next to none does not count."""

    def between(self, low_s: float, high_s: float) -> tuple[CellSignal, ...]:
        """The cells with their readings between the two instants; what lies outside does not matter to them."""


@dataclass(frozen=True)
class GivenCells:
    """Cells that are in time already."""

    cells: Sequence[CellSignal]

    def covered(self, start_s: float, end_s: float) -> tuple[float, float]:
        lags_s = [c.kernel.lag_s if c.kernel else 0.0 for c in self.cells]
        ends_s = [(c.t_s[0], c.t_s[-1]) if len(c.t_s) >= MIN_CONVERSIONS else None for c in self.cells]
        return _covered(start_s, end_s, ends_s, lags_s)

    def between(self, low_s: float, high_s: float) -> tuple[CellSignal, ...]:
        spans = [slice(*np.searchsorted(cell.t_s, (low_s, high_s))) for cell in self.cells]
        return tuple(
            replace(cell, t_s=cell.t_s[span], force_n=cell.force_n[span])
            for cell, span in zip(self.cells, spans, strict=True)
        )


@dataclass(frozen=True)
class RawCells:
    """Columns of SampleBatch, from which each stretch gets chip clocks of its own."""

    columns: Mapping[str, np.ndarray]
    calibration: Calibration
    epoch_ns: int

    def covered(self, start_s: float, end_s: float) -> tuple[float, float]:
        stamps_s = (self.columns["t_low_ns"] - self.epoch_ns) / 1e9
        of_channel = [stamps_s[self.columns["channel"] == i] for i in range(len(self.calibration.cells))]
        ends_s = [(t_s.min(), t_s.max()) if len(t_s) >= MIN_CONVERSIONS else None for t_s in of_channel]
        return _covered(start_s, end_s, ends_s, [kernel_of(cell).lag_s for cell in self.calibration.cells])

    def between(self, low_s: float, high_s: float) -> tuple[CellSignal, ...]:
        stamps_ns = self.columns["t_low_ns"] - self.epoch_ns
        inside = (stamps_ns >= low_s * 1e9) & (stamps_ns <= high_s * 1e9)
        columns = {name: values[inside] for name, values in self.columns.items()}
        return cell_signals(columns, self.calibration, self.epoch_ns)


def _covered(
    start_s: float, end_s: float, ends_s: Sequence[tuple[float, float] | None], lags_s: Sequence[float]
) -> tuple[float, float]:
    """`ends_s`: first and last reading of each cell, which tell of a force `lags_s` earlier."""
    inside = [(e[0] - lag, e[1] - lag) for e, lag in zip(ends_s, lags_s, strict=True) if e is not None]
    return max([start_s, *(first for first, _ in inside)]), min([end_s, *(last for _, last in inside)])


def joined_cells(parts: Sequence[tuple[CellSignal, ...]], seams_s: Sequence[float]) -> tuple[CellSignal, ...]:
    """Cells of stretches that overlap about `seams_s`, each reading once: those before a seam from the earlier."""
    return tuple(_joined(cell, seams_s) for cell in zip(*parts, strict=True))


def _joined(parts: Sequence[CellSignal], seams_s: Sequence[float]) -> CellSignal:
    bounds_s = [-np.inf, *seams_s, np.inf]
    kernels = [part.kernel for part in parts if part.kernel is not None]
    period_s = float(np.mean([kernel.period_s for kernel in kernels])) if kernels else 0.0
    t_s, force_n = [], []
    last_s = -np.inf
    for part, low_s, high_s in zip(parts, bounds_s[:-1], bounds_s[1:], strict=True):
        own = (part.t_s >= low_s) & (part.t_s < high_s) & (part.t_s > last_s + period_s / 2)  # two clocks: not twice
        t_s.append(part.t_s[own])
        force_n.append(part.force_n[own])
        last_s = max(last_s, part.t_s[own].max(initial=-np.inf))
    kernel = replace(kernels[0], period_s=period_s) if kernels else None
    return replace(parts[0], t_s=np.concatenate(t_s), force_n=np.concatenate(force_n), kernel=kernel)
