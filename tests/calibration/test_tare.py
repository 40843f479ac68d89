import numpy as np
import pytest

from station.calibration.tare import tare
from station.errors import CalibrationError
from station.sim.hx711_chip import Fault
from tests.force.four_chips import FourChips
from tests.sim.benches import constant, counting_spec


def test_tare_is_the_mean_of_the_unloaded_chips():
    specs = [counting_spec(rate_sps=80 + c, offset_counts=1000.0 * c, noise_n=50.0, seed=c) for c in range(4)]
    reading = tare(FourChips(constant(0), specs=specs).reader, 2.0)
    assert reading.counts == pytest.approx([0, 1000, 2000, 3000], abs=20)
    assert reading.sd_counts == pytest.approx([50] * 4, rel=0.3)


def test_a_silent_cell_is_named():
    bench = FourChips(constant(0))
    bench.chips[2].fault = Fault.UNPLUGGED
    with pytest.raises(CalibrationError, match="tare, rear left load cell: 0 readings"):
        tare(bench.reader, 1.0)


def test_a_moving_load_is_refused():
    bench = FourChips(lambda t_s: 300 * np.sin(2 * np.pi * t_s))
    with pytest.raises(CalibrationError, match="the load moves"):
        tare(bench.reader, 1.0)


def test_a_chip_near_the_end_of_its_range_is_refused():
    bench = FourChips(constant(0), specs=[counting_spec(offset_counts=7.5e6)] * 4)
    with pytest.raises(CalibrationError, match="front left load cell: 7500000 counts are near the end"):
        tare(bench.reader, 1.0)
