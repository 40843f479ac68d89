import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.calibration.grid import STANDARD_GRAVITY, GridPoint, fit_grid, grid_point
from station.calibration.tare import tare
from station.errors import CalibrationError
from station.sim.rig import Rig
from station.sim.runner.corners import corner_forces

X_M, Y_M = np.array([0.7, 0.7, -0.7, -0.7]), np.array([0.3, -0.3, 0.3, -0.3])
PLACES = [(x, y) for x in (-0.6, 0.0, 0.6) for y in (-0.25, 0.0, 0.25)]
gain = st.floats(2e-4, 8e-4)


def point(x_m: float, y_m: float, mass_kg: float, gains: np.ndarray, said_kg: float | None = None) -> GridPoint:
    weight_n = np.array([mass_kg * STANDARD_GRAVITY])
    corners = corner_forces(weight_n, np.array([x_m]), np.array([y_m]))[:, 0]
    return GridPoint(x_m, y_m, said_kg or mass_kg, corners / gains)


@given(st.tuples(gain, gain, gain, gain))
def test_exact_points_give_the_gains_exactly(gains):
    fit = fit_grid([point(x, y, 20.0, np.array(gains)) for x, y in PLACES], X_M, Y_M)
    assert fit.newton_per_count == pytest.approx(np.array(gains), rel=1e-9)
    assert fit.residual_n < 1e-6


def test_a_cell_wired_backwards_has_a_negative_gain():
    gains = np.array([5e-4, -5e-4, 5e-4, 5e-4])
    fit = fit_grid([point(x, y, 20.0, gains) for x, y in PLACES], X_M, Y_M)
    assert fit.newton_per_count == pytest.approx(gains)


def test_the_residual_tells_a_wrong_mass_and_a_gross_one_is_refused():
    gains = np.full(4, 5e-4)
    points = [point(x, y, 20.0, gains) for x, y in PLACES[1:]]
    fit = fit_grid([*points, point(*PLACES[0], 20.0, gains, said_kg=20.6)], X_M, Y_M)
    assert 0.5 < fit.residual_n < 6.0
    with pytest.raises(CalibrationError, match="check the masses"):
        fit_grid([*points, point(*PLACES[0], 20.0, gains, said_kg=35.0)], X_M, Y_M)


def test_swapped_wires_are_refused():
    gains = np.full(4, 5e-4)
    points = [point(x, y, 20.0, gains) for x, y in PLACES]
    swapped = [GridPoint(p.x_m, p.y_m, p.mass_kg, p.counts[[1, 0, 2, 3]]) for p in points]
    with pytest.raises(CalibrationError, match="which cell is on which wires"):
        fit_grid(swapped, X_M, Y_M)


@pytest.mark.parametrize("places", [PLACES[:3], [(0.0, 0.0)] * 6, [(0.0, 0.0), (0.01, 0.0), (0.0, 0.01), (0.01, 0.01)]])
def test_points_that_cannot_tell_the_cells_apart_are_refused(places):
    with pytest.raises(CalibrationError, match="load grid"):
        fit_grid([point(x, y, 20.0, np.full(4, 5e-4)) for x, y in places], X_M, Y_M)


def test_a_point_is_read_through_the_chips():
    rig = Rig(seed=4)
    unloaded = tare(rig.front_end, 1.0)
    rig.put(np.array([10.0, 20.0, 30.0, 40.0]))
    read = grid_point(rig.front_end, unloaded, 0.1, 0.2, 10.2, 1.0)
    newtons = read.counts / [s.counts_per_newton for s in rig.specs]
    assert newtons == pytest.approx([10, 20, 30, 40], abs=0.1)
    assert (read.x_m, read.y_m, read.mass_kg) == (0.1, 0.2, 10.2)
    with pytest.raises(CalibrationError, match="kilograms"):
        grid_point(rig.front_end, unloaded, 0.1, 0.2, -3.0, 1.0)
