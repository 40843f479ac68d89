"""Load grid: known masses at known places give each cell's gain, its effective place, and their worth."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from station.calibration.grid_faults import MIN_POINTS, Grid, check, check_all_feel
from station.calibration.grid_fit import GridPoint, condition, leave_one_out
from station.calibration.plates import Plate, common_scale
from station.config import Cell
from station.errors import CalibrationError
from station.gravity import GRAVITY_M_S2
from station.messages import CHANNELS
from station.words import N_

MAX_CONDITION = 50.0
"""Above it the points lie too close together to tell the cells apart."""
INSIDE = 0.85
"""Of the cells' rectangle: where the outermost points of the usual grid lie."""
PATTERNS = {4: (2, 2), 6: (3, 2), 9: (3, 3), 12: (4, 3)}
"""Number of points -> points along and across the belt."""


@dataclass(frozen=True)
class GridFit:
    """What a load grid tells. Residuals are those of points predicted by all the other points (leave one out)."""

    newton_per_count: np.ndarray  # (4,)
    x_m: np.ndarray  # (4,) effective places
    y_m: np.ndarray
    gain_sd: float  # relative, common to all cells
    plates_kg: tuple[float, ...]  # what the plates seem to weigh
    left_out_n: float  # rms
    left_out_mm: float  # rms
    notes: tuple[str, ...] = ()


def places_m(cells: dict[str, Cell]) -> np.ndarray:
    """(2, 4) x and y of the cells as configured."""
    return np.array([[cells[name].x_m for name in CHANNELS], [cells[name].y_m for name in CHANNELS]])


def pattern(cells: dict[str, Cell], points: int) -> list[tuple[float, float]]:
    """Places (x, y) in metres of a usual grid over the cells' rectangle; `points` one of PATTERNS."""
    along, across = PATTERNS[points]
    (x_low, y_low), (x_high, y_high) = places_m(cells).min(axis=1), places_m(cells).max(axis=1)

    def spread(low: float, high: float, n: int) -> list[float]:
        middle, reach = (low + high) / 2, INSIDE * (high - low) / 2
        return [round(float(middle + reach * share), 3) for share in np.linspace(-1, 1, n)]

    return [(x_m, y_m) for x_m in spread(x_low, x_high, along) for y_m in spread(y_low, y_high, across)]


def fit_grid(points: Sequence[GridPoint], plates: Sequence[Plate], cells: dict[str, Cell]) -> GridFit:
    """Gains and places from the readings. Raises CalibrationError with the reason; WrongPointsError: of points."""
    if len(points) < MIN_POINTS:
        raise CalibrationError(
            N_("load grid: {points} points; at least {min_points} are needed, one near each cell").format(
                points=len(points), min_points=MIN_POINTS
            )
        )
    check_all_feel(points)
    if condition(points, *places_m(cells)) > MAX_CONDITION:
        raise CalibrationError(
            N_("load grid: the points do not tell the four cells apart; put the mass near each cell")
        )
    grid = Grid(points, plates, np.array([p.label_kg for p in plates]) * GRAVITY_M_S2, places_m(cells))
    check(grid)
    compared_kg = grid.solution.weight_n / GRAVITY_M_S2
    scale = common_scale(plates, compared_kg)
    plates_kg = compared_kg * scale.factor
    left_out = leave_one_out(points, grid.label_n, grid.x_m, grid.y_m)
    left_out_n = left_out.force_share * plates_kg[[p.plate for p in points]] * GRAVITY_M_S2
    return GridFit(
        newton_per_count=grid.solution.newton_per_count * scale.factor,
        x_m=grid.solution.x_m,
        y_m=grid.solution.y_m,
        gain_sd=float(np.hypot(scale.sd, _rms(grid.missed.force_share) / np.sqrt(len(points)))),
        plates_kg=tuple(plates_kg.tolist()),
        left_out_n=_rms(left_out_n),
        left_out_mm=_rms(left_out.place_m) * 1e3,
        notes=scale.notes,
    )


def _rms(values: np.ndarray) -> float:
    return float(np.sqrt(np.mean(values**2)))
