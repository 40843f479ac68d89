import numpy as np
import pytest

from station.config import Cell, Force
from station.messages import CHANNELS
from station.sim.disturbance import Disturbance
from station.sim.rig import Rig
from station.sim.shunt import RISE_S, SHUNT_N, Shunt, fitted


def level_n(rig: Rig) -> np.ndarray:
    """What each chip says, in its own newtons, once it has settled."""
    rig.front_end.read(0.2)
    columns = rig.front_end.read(0.3).arrays()
    raw = [columns["raw"][columns["channel"] == c].mean() for c in range(len(CHANNELS))]
    return np.array([(r - s.offset_counts) / s.counts_per_newton for r, s in zip(raw, rig.specs, strict=True)])


def test_the_step_rises_with_the_pin_and_falls_with_it():
    shunt = Shunt()
    assert shunt.drive(1, 5_000_000_000)
    assert not shunt.drive(1, 6_000_000_000)
    assert shunt.drive(0, 7_000_000_000)
    at_s = np.array([0.0, 5.0, 5.0 + RISE_S / 2, 5.0 + RISE_S, 7.0, 7.0 + RISE_S, 9.0])
    assert shunt.force_n(at_s) == pytest.approx([0, 0, SHUNT_N / 2, SHUNT_N, SHUNT_N, 0, 0], abs=1e-6)


def test_the_readers_pin_puts_the_known_step_on_all_four_chips():
    rig = Rig(seed=6)
    before = level_n(rig)
    switched_ns = rig.front_end.shunt(True)
    assert abs(switched_ns - rig.clock.now_ns()) < 2_000
    assert level_n(rig) - before == pytest.approx(SHUNT_N, abs=0.2)
    rig.front_end.shunt(False)
    assert level_n(rig) == pytest.approx(before, abs=0.2)


def test_a_dead_cell_shows_no_step():
    rig = Rig(seed=6, disturbance=Disturbance(dead_cell="rear_left"))
    before = level_n(rig)
    rig.front_end.shunt(True)
    assert level_n(rig) - before == pytest.approx([SHUNT_N, SHUNT_N, 0, SHUNT_N], abs=0.2)


def test_the_switch_sits_where_it_is_configured_or_on_a_free_pin():
    assert fitted(Force(shunt_pin=25)).shunt_pin == 25
    assert fitted(Force()).shunt_pin == 12
    cells = Force().cells | {"rear_right": Cell(dout=12, pd_sck=14, x_m=-0.7, y_m=-0.3)}
    assert fitted(Force(cells=cells)).shunt_pin == 15
