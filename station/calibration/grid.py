"""Load grid: known masses at known points give each cell's newtons per count.

Each point gives three equations of statics (sum of forces, moments about y and x) in the four unknown gains;
least squares over all points. Moments are divided by the cells' half distances, so that all residuals are newtons.
"""

from dataclasses import dataclass

import numpy as np

from station.calibration.tare import StaticReading, read_static
from station.errors import CalibrationError
from station.force.front_end import LoadCellFrontEnd

STANDARD_GRAVITY = 9.80665
MIN_POINTS = 4
MAX_CONDITION = 50.0
"""Above it the points lie too close together to tell the cells apart."""
MAX_RESIDUAL_SHARE = 0.05
"""Of the mean weight: beyond it a mass, a place or a cell is not what was said."""


@dataclass(frozen=True)
class GridPoint:
    """A known mass at a known place, and the tared counts (4,) it gave."""

    x_m: float
    y_m: float
    mass_kg: float
    counts: np.ndarray


@dataclass(frozen=True)
class GridFit:
    """Newtons per count (4,) and the rms residual of all equations."""

    newton_per_count: np.ndarray
    residual_n: float


def grid_point(
    front_end: LoadCellFrontEnd, unloaded: StaticReading, x_m: float, y_m: float, mass_kg: float, seconds: float = 3.0
) -> GridPoint:
    """Read one mass that lies still at (x, y). Raises CalibrationError where it does not."""
    if not 0 < mass_kg < 500:
        raise CalibrationError(f"load grid: a mass of {mass_kg:g} kg; give the mass in kilograms")
    reading = read_static(front_end, seconds, f"load grid at ({x_m:g}, {y_m:g}) m")
    return GridPoint(x_m, y_m, mass_kg, reading.counts - unloaded.counts)


def fit_grid(points: list[GridPoint], x_m: np.ndarray, y_m: np.ndarray) -> GridFit:
    """Gains of the cells at (x, y) (4,). Raises CalibrationError where the points cannot give them."""
    if len(points) < MIN_POINTS:
        raise CalibrationError(f"load grid: {len(points)} points; at least {MIN_POINTS} are needed, one near each cell")
    arm_x, arm_y = np.abs(x_m).max(), np.abs(y_m).max()
    rows, weights_n = [], []
    for p in points:
        weight_n = p.mass_kg * STANDARD_GRAVITY
        rows += [p.counts, p.counts * x_m / arm_x, p.counts * y_m / arm_y]
        weights_n += [weight_n, weight_n * p.x_m / arm_x, weight_n * p.y_m / arm_y]
    a, b = np.array(rows), np.array(weights_n)
    scale = np.abs(a).max()
    if scale == 0 or np.linalg.cond(a / scale) > MAX_CONDITION:
        raise CalibrationError("load grid: the points do not tell the four cells apart; put the mass near each cell")
    gains = np.linalg.lstsq(a, b, rcond=None)[0]
    residual_n = float(np.sqrt(np.mean((a @ gains - b) ** 2)))
    mean_weight_n = float(np.mean([p.mass_kg for p in points])) * STANDARD_GRAVITY
    if residual_n > MAX_RESIDUAL_SHARE * mean_weight_n:
        raise CalibrationError(
            f"load grid: the cells disagree with the masses by {residual_n:.1f} N of {mean_weight_n:.0f} N; "
            "check the masses, their places and which cell is on which wires"
        )
    return GridFit(gains, residual_n)
