"""Load grids laid out on paper: what cells of known gains say to plates at known places."""

import numpy as np

from station.calibration.grid import pattern
from station.calibration.grid_fit import GridPoint
from station.calibration.plates import Plate
from station.config import Force
from station.gravity import GRAVITY_M_S2
from station.sim.runner.corners import corner_forces

CELLS = Force().cells
X_M, Y_M = np.array([0.7, 0.7, -0.7, -0.7]), np.array([0.3, -0.3, 0.3, -0.3])
PLACES = pattern(CELLS, 9)
GAINS = np.array([5.1e-4, 4.8e-4, 5.0e-4, 4.9e-4])


def plate(label_kg: float, share: float = 0.03) -> Plate:
    return Plate(label_kg, share * label_kg)


def bilinear(force_n: float, x_m: float, y_m: float) -> np.ndarray:
    """Cells under the simulated deck."""
    return corner_forces(np.array([force_n]), np.array([x_m]), np.array([y_m]))[:, 0]


def rigid(force_n: float, x_m: float, y_m: float) -> np.ndarray:
    """Cells as four equal springs under a rigid deck: they can be loaded in three ways only."""
    return force_n / 4 * (1 + x_m * X_M / X_M[0] ** 2 + y_m * Y_M / Y_M[0] ** 2)


def laid_out(
    masses_kg: list[float], gains=GAINS, deck=bilinear, placing_m: float = 0.0, seed: int = 1, places=PLACES
) -> list[GridPoint]:
    """Points of plates of these true masses, each everywhere; put down with an error (sd per axis) of `placing_m`."""
    rng = np.random.default_rng(seed)
    points = []
    for number, kg in enumerate(masses_kg):
        for x_m, y_m in places:
            at_m = np.array([x_m, y_m]) + rng.normal(0, placing_m, 2)
            points.append(GridPoint(x_m, y_m, number, deck(kg * GRAVITY_M_S2, *at_m) / gains))
    return points
