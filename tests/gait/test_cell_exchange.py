"""Exchanged load cells are told from how the load moves over a step."""

import numpy as np
import pytest

from station.gait.cell_exchange import EXCHANGED, EXCHANGED_ON, OPPOSITE, exchanged_cells, exchanged_corners
from station.sim.runner.gait_spec import GaitSpec
from tests.gait.analysed import analyse_force
from tests.gait.blur import blurred, corners, unblurred
from tests.gait.plate import data_dir, trials
from tests.gait.seen_force import plate_of, seen_cells
from tests.simulated_plate import simulate_ground_force

needs_data = pytest.mark.skipif(data_dir() is None, reason="no real recordings on this machine (STATION_DATA)")
ORDERS = [
    ((0, 1, 2, 3), None),
    ((2, 3, 0, 1), EXCHANGED),
    ((2, 1, 0, 3), EXCHANGED_ON["left"]),
    ((0, 3, 2, 1), EXCHANGED_ON["right"]),
    ((1, 0, 3, 2), None),
]
"""Which cell is plugged in at each corner, and what is said of it."""
CORNERS = [
    ((3, 1, 2, 0), OPPOSITE.format(one="front left", other="rear right")),
    ((0, 2, 1, 3), OPPOSITE.format(one="front right", other="rear left")),
]


def said_of(t_s, cells_n, chips=False):
    _, contacts = seen_cells(t_s, cells_n)
    return exchanged_cells((blurred if chips else unblurred)(t_s, cells_n), contacts)


@pytest.mark.parametrize(("order", "said"), ORDERS)
@pytest.mark.parametrize(("speed_m_s", "aside_m"), [(2.0, 0.0), (4.0, 0.15), (4.0, -0.15)])
def test_simulated(order, said, speed_m_s, aside_m):
    plate = plate_of(speed_m_s=speed_m_s)
    cells_n = corners(plate.fz_n, plate.cop_x_m, plate.cop_y_m + aside_m)[list(order)]
    assert said_of(plate.t_s, cells_n, chips=True) == said


@needs_data
@pytest.mark.parametrize(("order", "said"), ORDERS)
def test_real_runners(order, said):
    for trial in trials("RBDS0*_T[23]5.npz"):
        cells_n = corners(trial.fz_n, trial.cop_x_m, trial.cop_y_m)[list(order)]
        assert said_of(trial.t_s, cells_n) == said, trial.name


def corners_said_of(t_s, cells_n):
    ground, contacts = seen_cells(t_s, cells_n)
    return exchanged_corners(ground, contacts, unblurred(t_s, cells_n))


@needs_data
@pytest.mark.parametrize(
    ("order", "said"), [*CORNERS, ((0, 1, 2, 3), None), ((2, 3, 0, 1), None), ((1, 0, 3, 2), None)]
)
def test_opposite_corners_of_real_runners(order, said):
    for trial in trials("RBDS0*_T[23]5.npz"):
        cells_n = corners(trial.fz_n, trial.cop_x_m, trial.cop_y_m)[list(order)]
        assert corners_said_of(trial.t_s, cells_n) == said, trial.name


@pytest.mark.parametrize(("order", "said"), CORNERS)
def test_with_opposite_corners_exchanged_the_wires_are_named_and_no_walking_is_seen(order, said):
    plate = plate_of()
    cells = blurred(plate.t_s, corners(plate.fz_n, plate.cop_x_m, plate.cop_y_m)[list(order)])
    result = analyse_force(cells, 0.0, 12.0, deck_known=True, kernel_known=True, speed_m_s=3.0)
    assert (result.gait, result.reason, result.usable) == ("other", said, False)


@pytest.mark.parametrize(("speed_m_s", "cadence_spm", "duty_factor"), [(0.8, 90, 0.66), (2.0, 135, 0.56)])
def test_a_walker_exchanges_nothing(speed_m_s, cadence_spm, duty_factor):
    spec = GaitSpec(gait="walking", mass_kg=70, speed_m_s=speed_m_s, cadence_spm=cadence_spm, duty_factor=duty_factor)
    plate = simulate_ground_force(spec, 20.0, 3)
    assert corners_said_of(plate.t_s, corners(plate.fz_n, plate.cop_x_m, plate.cop_y_m)) is None


@pytest.mark.parametrize(("along", "across"), [(0, 0), (0, 1), (1, 0)])
def test_a_file_without_places_accuses_nobody(along, across):
    plate = plate_of()
    assert said_of(plate.t_s, corners(plate.fz_n, plate.cop_x_m * along, plate.cop_y_m * across)) is None


def test_without_steps_nothing_is_said():
    standing_n = np.full((4, 4000), 180.0)
    assert said_of(np.arange(4000) / 1000, standing_n) is None
