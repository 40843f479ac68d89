"""Exchanged load cells are told from how the load moves over a step."""

import numpy as np
import pytest

from station.gait.cell_exchange import EXCHANGED, exchanged_cells
from tests.gait.blur import blurred, corners, unblurred
from tests.gait.plate import data_dir, trials
from tests.gait.seen_force import plate_of, seen_cells

needs_data = pytest.mark.skipif(data_dir() is None, reason="no real recordings on this machine (STATION_DATA)")
ORDERS = [
    ((0, 1, 2, 3), None),
    ((2, 3, 0, 1), EXCHANGED.format("")),
    ((2, 1, 0, 3), EXCHANGED.format(" on the left")),
    ((0, 3, 2, 1), EXCHANGED.format(" on the right")),
    ((1, 0, 3, 2), None),
]
"""Which cell is plugged in at each corner, and what is said of it."""


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


@pytest.mark.parametrize(("along", "across"), [(0, 0), (0, 1), (1, 0)])
def test_a_file_without_places_accuses_nobody(along, across):
    plate = plate_of()
    assert said_of(plate.t_s, corners(plate.fz_n, plate.cop_x_m * along, plate.cop_y_m * across)) is None


def test_without_steps_nothing_is_said():
    standing_n = np.full((4, 4000), 180.0)
    assert said_of(np.arange(4000) / 1000, standing_n) is None
