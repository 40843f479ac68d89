"""The greatest runner, from the parts: by hand, against real runners, and at the pins of simulated chips."""

import msgspec
import numpy as np
import pytest

from station.config import Cell, Force
from station.force.capacity import CHIP_RANGE_MV_V, PEAK_BW, capacity, carried_kg, nearest_e24, shunt_ohm, worst_share
from station.gravity import GRAVITY_M_S2
from station.sim.chips import COUNTS_PER_NEWTON
from station.sim.hx711_chip import HIGHEST
from station.sim.runner.corners import corner_forces
from tests.gait.plate import data_dir, trials


def test_the_default_parts_by_hand() -> None:
    """4 x 200 kg of 2 mV/V under 100 kg: a corner of 35 kg, half of a peak of 3.4 body weights on one cell."""
    told = capacity(Force())
    share = (0.5 + 0.30 / 1.4) * (0.5 + 0.12 / 0.6)
    assert worst_share(Force().cells) == pytest.approx(share)
    assert (told.dead_kg, told.rated_kg, told.unharmed_kg) == pytest.approx((35, 200, 300))
    assert told.range_kg == pytest.approx(200 * (0.5 / 128) / 2e-3)
    assert told.runner_kg == pytest.approx((300 - 35) / (3.4 * share))
    assert told.runner_rated_kg == pytest.approx({v: 165 / (peak * share) for v, peak in PEAK_BW.items()})


@pytest.mark.parametrize(
    ("changed", "heavier"),
    [
        ({"cell_capacity_kg": 300.0}, True),
        ({"treadmill_kg": 200.0}, False),
        ({"cell_overload": 1.2}, False),
        ({"cell_sensitivity_mv_v": 3.0}, False),  # the chip ends first: 260 kg
        ({"cell_sensitivity_mv_v": 1.0}, None),
    ],
)
def test_each_part_counts(changed: dict[str, float], heavier: bool | None) -> None:
    usual = capacity(Force()).runner_kg
    other = capacity(msgspec.structs.replace(Force(), **changed)).runner_kg
    assert other == usual if heavier is None else (other > usual) == heavier and other != usual


def test_a_treadmill_heavier_than_its_cells_leaves_nothing() -> None:
    told = capacity(Force(cell_capacity_kg=100.0, treadmill_kg=900.0))
    assert told.runner_kg == 0
    assert set(told.runner_rated_kg.values()) == {0}


def test_cells_further_apart_share_a_foot_more_evenly() -> None:
    wide = {name: Cell(dout=c.dout, pd_sck=c.pd_sck, x_m=2 * c.x_m, y_m=2 * c.y_m) for name, c in Force().cells.items()}
    assert 0.25 < worst_share(wide) < worst_share(Force().cells)
    moved = {n: Cell(dout=c.dout, pd_sck=c.pd_sck, x_m=c.x_m + 0.2, y_m=c.y_m) for n, c in Force().cells.items()}
    assert worst_share(moved) == pytest.approx((0.30 + 0.90 - 0.40) / 1.4 * 0.7, abs=0.2)
    assert worst_share(moved) > worst_share(Force().cells)


def test_the_chips_range_is_what_the_simulated_chip_has() -> None:
    """A simulated chip of the default cell ends at the load that is computed here."""
    end_n = HIGHEST / COUNTS_PER_NEWTON
    assert end_n / GRAVITY_M_S2 == pytest.approx(capacity(Force()).range_kg, rel=1e-3)
    assert pytest.approx(3.90625) == CHIP_RANGE_MV_V


def test_the_treadmill_is_part_of_what_a_cell_carries() -> None:
    assert carried_kg(100 * GRAVITY_M_S2, treadmill_kg=80.0) == pytest.approx(120)


def test_the_shunt_resistor_unbalances_the_bridge_as_said() -> None:
    """The bridge solved by its two dividers, one arm of 350 ohm with the resistor across it."""
    ohm = shunt_ohm(Force(), load_kg=20.0)
    arm = 1 / (1 / 350 + 1 / ohm)
    of_supply = 0.5 - arm / (arm + 350)
    assert of_supply * 1e3 == pytest.approx(2.0 * 20 / 200)
    assert ohm == pytest.approx(437e3, rel=0.01)
    assert nearest_e24(ohm) == 430e3
    assert [nearest_e24(x) for x in (985e3, 96.0, 1010.0, 875e3)] == [1e6, 100, 1000, pytest.approx(910e3)]


@pytest.mark.skipif(data_dir() is None, reason="no real recordings here; set STATION_DATA to their folder")
def test_no_real_runner_loads_a_corner_more() -> None:
    """27 trials pressed on the default deck: peaks and corners stay within what is computed, and come near it."""
    share, most = worst_share(Force().cells), dict.fromkeys(PEAK_BW, 0.0)
    for trial in trials():
        speed, weight_n = int(trial.name[-2:]) / 10, trial.fz_n.mean()
        assert trial.fz_n.max() / weight_n <= PEAK_BW[speed]
        corner_bw = corner_forces(trial.fz_n, trial.cop_x_m, trial.cop_y_m).max() / weight_n
        most[speed] = max(most[speed], float(corner_bw))
    assert most == pytest.approx({2.5: 1.12, 3.5: 1.42, 4.5: 1.73}, abs=0.006)
    assert all(most[speed] <= 1.03 * peak_bw * share for speed, peak_bw in PEAK_BW.items())
    assert np.mean([most[speed] / (peak_bw * share) for speed, peak_bw in PEAK_BW.items()]) > 0.85
