import sys

import pytest

from station.errors import DeviceError
from station.force.hx711_check import check_chip
from tests.sim.benches import CELL

SIMULATED = (sys.executable, "-m", "tests.force.simulated_check")


@pytest.fixture(autouse=True)
def _in_the_checkout(monkeypatch, request):
    monkeypatch.chdir(request.config.rootpath)


@pytest.mark.parametrize("counts", [123_456, -54_321])
def test_a_living_chip_is_read_by_the_independent_package(counts):
    check = check_chip("front_left", CELL, readings=5, command=(*SIMULATED, "none", str(counts)))
    assert check.counts == (counts,) * 5
    assert check.mean == counts
    assert check.sd == 0


def test_a_dead_chip_ends_at_the_deadline_with_its_name_and_pins():
    with pytest.raises(DeviceError, match=r"front left load cell \(DOUT on GPIO 5, PD_SCK on GPIO 6\): no answer"):
        check_chip("front_left", CELL, deadline_s=2.0, command=(*SIMULATED, "UNPLUGGED", "1"))


def test_off_a_raspberry_pi_the_reason_is_one_line():
    with pytest.raises(DeviceError, match=r"RPi\.GPIO") as e:
        check_chip("rear_left", CELL)
    assert "\n" not in str(e.value)
    assert "Traceback" not in str(e.value)
