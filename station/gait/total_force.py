"""Forces on one uniform time grid: cells brought together, their sum, its centre of pressure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.interpolate import CubicSpline, PchipInterpolator

from station.gait.lowpass import zero_phase_lowpass
from station.gait.results import CellSignal

GRID_RATE_HZ = 1000.0
"""Rate of every uniform force curve in the analysis."""


@dataclass(frozen=True)
class GroundForce:
    """Vertical force of all cells and its first moments about the deck's centre, on a uniform grid."""

    t_s: np.ndarray  # (n,)
    force_n: np.ndarray  # (n,)
    moment_x_nm: np.ndarray  # (n,) sum of x * force: fore-aft CoP times force
    moment_y_nm: np.ndarray  # (n,)

    @property
    def rate_hz(self) -> float:
        return 1.0 / float(self.t_s[1] - self.t_s[0])

    def part(self, span: slice) -> "GroundForce":
        """The samples of `span`."""
        return GroundForce(self.t_s[span], self.force_n[span], self.moment_x_nm[span], self.moment_y_nm[span])


def time_grid(start_s: float, end_s: float) -> np.ndarray:
    """Uniform instants from `start_s` to `end_s`, both included as far as the step allows."""
    return start_s + np.arange(int((end_s - start_s) * GRID_RATE_HZ) + 1) / GRID_RATE_HZ


def on_grid(cell: CellSignal, t_s: np.ndarray) -> np.ndarray:
    """One cell's newtons at `t_s`, its chip's delay removed, its blur left in; the end values are held outside.

    A blurred cell is sparse and may have gaps: a monotone cubic does not overshoot there. An unblurred one is
    dense and whole: the cubic spline keeps its bandwidth.
    """
    lag_s = cell.kernel.lag_s if cell.kernel else 0.0
    at_s = cell.t_s - lag_s
    curve = (PchipInterpolator if cell.kernel else CubicSpline)(at_s, cell.force_n)
    return curve(np.clip(t_s, at_s[0], at_s[-1]))


def summed(cells: Sequence[CellSignal], cell_forces_n: np.ndarray, t_s: np.ndarray) -> GroundForce:
    """Sum and moments of the cells' forces (cells, n) at the uniform instants `t_s` (n,)."""
    x_m = np.array([c.x_m for c in cells])
    y_m = np.array([c.y_m for c in cells])
    return GroundForce(t_s, cell_forces_n.sum(axis=0), x_m @ cell_forces_n, y_m @ cell_forces_n)


def interpolated_force(cells: Sequence[CellSignal], start_s: float, end_s: float) -> GroundForce:
    """The force as the samples give it without any restoring: good for finding steps, too soft for loading rates."""
    t_s = time_grid(start_s, end_s)
    return summed(cells, np.array([on_grid(c, t_s) for c in cells]), t_s)


def joined(parts: Sequence[GroundForce]) -> GroundForce:
    """Parts that follow each other, on one grid."""
    columns = ([getattr(p, name) for p in parts] for name in ("force_n", "moment_x_nm", "moment_y_nm"))
    force_n, moment_x_nm, moment_y_nm = (np.concatenate(column) for column in columns)
    return GroundForce(parts[0].t_s[0] + np.arange(len(force_n)) / GRID_RATE_HZ, force_n, moment_x_nm, moment_y_nm)


def plate_filtered(ground: GroundForce) -> GroundForce:
    """As a force plate with its 50 Hz filter would give it."""
    names = ("force_n", "moment_x_nm", "moment_y_nm")
    return replace(ground, **{name: zero_phase_lowpass(getattr(ground, name), ground.rate_hz) for name in names})
