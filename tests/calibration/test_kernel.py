import random

import numpy as np
import pytest

from station.calibration.kernel import fit_kernel, kernel_test, record_switching
from station.errors import CalibrationError
from station.sim.rig import COUNTS_PER_NEWTON, Rig, draw_chips
from station.sim.virtual_clock import Preemption

GAINS = np.full(4, 1 / COUNTS_PER_NEWTON)


@pytest.mark.parametrize("order", [1, 2, 3, 4])
def test_order_and_period_of_any_chip_are_found(order):
    rig = Rig(seed=order, chips=draw_chips(order, 80, order=order))
    kernels = kernel_test(rig.front_end, rig.clock, rig._switch_shunts, GAINS, seed=1)
    for kernel, spec in zip(kernels, rig.specs, strict=True):
        assert kernel.order == order
        assert kernel.period_s * spec.rate_sps == pytest.approx(1.0, abs=1e-3)
        assert abs(kernel.delay_s) < 3e-4
        assert kernel.residual_n < 0.3


def test_one_order_off_fits_ten_times_worse():
    rig = Rig(seed=2)
    test = record_switching(rig.front_end, rig.clock, rig._switch_shunts, random.Random(2), 20)
    right = fit_kernel(test, 0, GAINS[0])
    wrong_only = [o for o in range(1, 7) if o != right.order]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("station.calibration.kernel.ORDERS", wrong_only)
        patch.setattr("station.calibration.kernel.MIN_STEP_TO_NOISE", 0.0)
        patch.setattr("station.calibration.kernel.MIN_ADVANTAGE", 1.0)
        assert fit_kernel(test, 0, GAINS[0]).residual_n > 10 * right.residual_n


def test_a_switch_without_effect_is_refused():
    rig = Rig(seed=3)
    with pytest.raises(CalibrationError, match="front left load cell: no clear step was seen"):
        kernel_test(rig.front_end, rig.clock, lambda on: None, GAINS, repeats=5)


def test_a_rude_host_does_not_spoil_the_test():
    rig = Rig(seed=6, preemption=Preemption(2.0, longest_s=2e-3))
    kernels = kernel_test(rig.front_end, rig.clock, rig._switch_shunts, GAINS, seed=3)
    assert [k.order for k in kernels] == [3] * 4


def test_a_silent_chip_is_named():
    rig = Rig(seed=3)
    test = record_switching(rig.front_end, rig.clock, rig._switch_shunts, random.Random(2), 3)
    test.samples["channel"][:] = 1
    with pytest.raises(CalibrationError, match="kernel test, rear right load cell: 0 conversions are too few"):
        fit_kernel(test, 3, GAINS[3])
