from datetime import UTC, datetime

import numpy as np
import pytest

from station.calibration.machine import StepRefusedError
from station.calibration.static_reading import ReadingTime
from station.calibration.tare import TareMachine
from station.messages import CalibrationPrompt
from station.sim.hx711_chip import Fault
from tests.force.four_chips import FourChips
from tests.sim.benches import constant, counting_spec

QUICK = ReadingTime(0.2, 1.0)
NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)


def machine(bench: FourChips, belt: bool = False) -> TareMachine:
    return TareMachine(bench.reader, bench.settings.cells, QUICK, belt)


def test_tare_is_the_mean_of_the_unloaded_chips():
    specs = [counting_spec(rate_sps=80 + c, offset_counts=1000.0 * c, noise_n=50.0, seed=c) for c in range(4)]
    tare = machine(FourChips(constant(0), specs=specs))
    assert (tare.step, tare.steps, tare.prompt.action) == (0, 1, "unload")
    tare.measure()
    assert tare.prompt == CalibrationPrompt(action="done", text="All steps are done.")
    part = tare.result(NOW)
    assert (part.kind, part.id) == ("tare", "tare-20260101T120000Z")
    assert part.offset_counts == pytest.approx([0, 1000, 2000, 3000], abs=25)
    assert part.noise_counts == pytest.approx([50] * 4, rel=0.3)
    assert part.residuals == {"noise_counts": max(part.noise_counts)}
    assert part.rate_sps == pytest.approx([80, 81, 82, 83], rel=1e-3)


def test_the_running_belt_is_reported_and_does_not_make_the_offsets():
    started_s = 2.0

    def belt(t_s: np.ndarray) -> np.ndarray:
        return np.where(t_s > started_s, 500 + 3000 * np.sin(2 * np.pi * 9.3 * t_s), 0.0)

    bench = FourChips(belt, specs=[counting_spec(order=1, noise_n=20.0, seed=c) for c in range(4)])
    tare = machine(bench, belt=True)
    tare.measure()
    assert (tare.step, tare.steps) == (1, 2)
    assert "start the belt" in tare.prompt.text
    bench.clock.sleep(1.0)
    tare.measure()
    part = tare.result(NOW)
    assert part.offset_counts == pytest.approx([0] * 4, abs=20)
    assert part.belt_shift_counts == pytest.approx([500] * 4, abs=150)
    assert part.belt_vibration_counts == pytest.approx([3000 / np.sqrt(2)] * 4, rel=0.1)


def test_somebody_on_the_running_belt_is_refused_and_the_step_repeated():
    bench = FourChips(
        lambda t_s: np.interp(t_s, [2.0, 2.1, 5.0, 5.1], [0.0, 150_000.0, 150_000.0, 0.0]),
        specs=[counting_spec()] * 4,
    )
    tare = machine(bench, belt=True)
    tare.measure()
    bench.clock.sleep(1.5)
    with pytest.raises(StepRefusedError, match="front left load cell: its mean is 150000 counts off that at rest"):
        tare.measure()
    assert tare.step == 1
    bench.clock.sleep(2.0)
    tare.measure()
    assert tare.done


def test_a_silent_cell_is_named_and_the_step_can_be_repeated():
    bench = FourChips(constant(0))
    bench.chips[2].fault = Fault.UNPLUGGED
    tare = machine(bench)
    with pytest.raises(StepRefusedError, match="tare, rear left load cell: 0 readings"):
        tare.measure()
    assert tare.step == 0
    bench.chips[2].fault = None
    bench.reader.read(2.0)
    tare.measure()
    assert tare.done


@pytest.mark.parametrize(
    ("load", "words"),
    [
        (lambda t_s: 30_000 * np.sin(2 * np.pi * t_s), "the load moves"),
        (lambda t_s: 8_000 * t_s, "the load still changes"),
        (constant(7.5e6), "front left load cell: 7500000 counts are near the end"),
    ],
)
def test_what_is_not_at_rest_or_out_of_range_is_refused(load, words):
    with pytest.raises(StepRefusedError, match=words):
        machine(FourChips(load, specs=[counting_spec()] * 4)).measure()
