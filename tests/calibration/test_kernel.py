import dataclasses
import random
from datetime import UTC, datetime

import numpy as np
import pytest

from station.calibration.kernel import contradiction, fit_kernel
from station.calibration.kernel_machine import KernelMachine
from station.calibration.kernel_recording import Switching, record_switching
from station.calibration.static_reading import ReadingTime
from station.config import Force
from station.errors import CalibrationError
from station.messages import ChipKernel
from station.sim.chips import COUNTS_PER_NEWTON, draw_chips
from station.sim.rig import Rig
from station.sim.virtual_clock import Preemption
from tests.calibration.kernel_tested import kernel_test
from tests.calibration.step_truth import step_error

GAINS = np.full(4, 1 / COUNTS_PER_NEWTON)


def switched(seed: int = 2, repeats: int = 20, **made: float) -> tuple[Rig, Switching]:
    rig = Rig(seed=seed, chips=draw_chips(seed, 80, **made))
    return rig, record_switching(rig.front_end, random.Random(seed), repeats)


@pytest.mark.parametrize("order", [1, 2, 3, 4])
def test_order_and_period_of_any_chip_are_found(order):
    rig = Rig(seed=order, chips=draw_chips(order, 80, order=order))
    fits = kernel_test(rig.front_end, GAINS, seed=1)
    for fit, spec in zip(fits, rig.specs, strict=True):
        assert (fit.kernel.order, fit.kernel.taps) == (order, [1.0])
        assert fit.kernel.period_s * spec.rate_sps == pytest.approx(1.0, abs=1e-3)
        assert abs(fit.kernel.delay_s) < 3e-4
        assert fit.noise_n == pytest.approx(0.1, rel=0.3)
        assert fit.kernel.residual_n == fit.family_residual_n < 1.25 * fit.noise_n
        assert step_error(spec, fit.kernel) < 5e-4


@pytest.mark.parametrize(
    ("made", "family_n", "error"),
    [
        ({"order": 3, "extra_box_periods": 0.5}, 0.4, 5e-4),
        ({"order": 1, "extra_box_periods": 0.5}, 0.5, 3e-3),
        ({"order": 3, "sag": 0.03}, 1.0, 3e-3),
        ({"order": 4, "sag": 0.03, "sag_tau_s": 0.08}, 1.0, 5e-3),
    ],
)
def test_a_chip_outside_the_family_is_described_by_taps(made, family_n, error):
    rig, test = switched(**made)
    for channel, spec in enumerate(rig.specs[:2]):
        fit = fit_kernel(test, channel, GAINS[channel])
        assert fit.family_residual_n > family_n
        assert fit.kernel.residual_n < 0.5 * fit.family_residual_n
        assert len(fit.kernel.taps) > 1
        assert sum(fit.kernel.taps) == pytest.approx(1.0)
        assert step_error(spec, fit.kernel) < error


def test_at_320_conversions_a_second_too():
    rig = Rig(seed=4, force=Force(chip_rate_sps=320), chips=draw_chips(4, 320, order=2, extra_box_periods=0.5))
    test = record_switching(rig.front_end, random.Random(1), 10)
    fit = fit_kernel(test, 0, GAINS[0])
    assert step_error(rig.specs[0], fit.kernel) < 1e-3


def test_a_kernel_of_before_is_checked_against_a_new_test():
    rig, test = switched(seed=5)
    fit = fit_kernel(test, 1, GAINS[1])
    again = record_switching(rig.front_end, random.Random(9), 5)
    assert contradiction(again, 1, fit.kernel) is None
    for order in (2, 4):
        off = ChipKernel(order=order, period_s=fit.kernel.period_s, delay_s=(3 - order) / 2 * fit.kernel.period_s)
        assert "the chip averages differently than in the kernel test before" in contradiction(again, 1, off)


def test_the_part_notes_which_chip_averages_differently_than_before():
    rig = Rig(seed=5, chips=draw_chips(5, 80))
    true = [ChipKernel(order=spec.order, period_s=1 / spec.rate_sps) for spec in rig.specs]
    once_more = ChipKernel(order=true[2].order + 1, period_s=true[2].period_s)
    notes = {}
    for name, before in {"none": [], "same": true, "other": [*true[:2], once_more, true[3]]}.items():
        machine = KernelMachine(rig.front_end, rig.force.cells, GAINS, ReadingTime(0.5, 1.0), before=before)
        machine.measure()
        notes[name] = machine.result(datetime(2026, 1, 1, tzinfo=UTC)).notes
    assert (notes["none"], notes["same"]) == ([], [])
    assert len(notes["other"]) == 1
    assert notes["other"][0].startswith("kernel test, rear left load cell: the chip averages differently")


def test_a_step_that_no_kernel_explains_is_refused():
    _, test = switched(seed=6)
    channel, raw = test.samples["channel"], test.samples["raw"].astype(float)
    sway_n = 2.0 * np.sin(np.arange((channel == 2).sum()) * 0.9)  # somebody walks about
    raw[channel == 2] += COUNTS_PER_NEWTON * sway_n
    with pytest.raises(CalibrationError, match=r"rear left load cell: .* of the step is in no kernel that was tried"):
        fit_kernel(dataclasses.replace(test, samples={**test.samples, "raw": raw}), 2, GAINS[2])


def test_a_switch_without_effect_is_refused(monkeypatch):
    rig = Rig(seed=3)
    monkeypatch.setattr(rig.front_end, "shunt", lambda on: rig.clock.now_ns())
    with pytest.raises(CalibrationError, match="front left load cell: no clear step was seen"):
        kernel_test(rig.front_end, GAINS, repeats=5)


def test_a_rude_host_does_not_spoil_the_test():
    rig = Rig(seed=6, preemption=Preemption(2.0, longest_s=2e-3))
    fits = kernel_test(rig.front_end, GAINS, seed=3)
    assert [fit.kernel.order for fit in fits] == [3] * 4
    assert max(step_error(spec, fit.kernel) for fit, spec in zip(fits, rig.specs, strict=True)) < 1e-3


def test_a_silent_chip_is_named():
    _, test = switched(seed=3, repeats=3)
    test.samples["channel"][:] = 1
    with pytest.raises(CalibrationError, match="kernel test, rear right load cell: 0 conversions are too few"):
        fit_kernel(test, 3, GAINS[3])
