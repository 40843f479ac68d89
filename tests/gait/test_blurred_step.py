"""Single steps as the cells saw them."""

import numpy as np
import pytest

from station.gait.blurred_step import blur_bandwidth_hz, blurred_step
from station.gait.results import CellSignal, Kernel, SeenForce
from tests.gait.analysed import analyse_force
from tests.gait.blur import PLACES, blurred, corners, unblurred
from tests.gait.seen_force import plate_of

NOTHING = np.zeros(0)


def wave(frequency_hz: float, rate_sps: float) -> tuple[CellSignal, ...]:
    """A quarter of a 100 N wave of 4 seconds on each of four averaging chips."""
    t_s = np.arange(0, 4, 1 / 4000)
    return blurred(t_s, np.tile(25 * np.sin(2 * np.pi * frequency_hz * t_s), (4, 1)), rate_sps=rate_sps)


@pytest.mark.parametrize("rate_sps", [80.0, 320.0])
def test_a_wave_of_the_bandwidth_is_shown_3_db_too_low(rate_sps):
    bandwidth_hz = blur_bandwidth_hz(wave(10.0, rate_sps))
    assert bandwidth_hz == pytest.approx(20.5 if rate_sps == 80 else 45.4, abs=0.5)
    t_s = np.arange(0.9, 3.0, 0.001)
    cells = wave(bandwidth_hz, rate_sps)
    shown = blurred_step(SeenForce(cells, NOTHING, NOTHING), t_s[0], t_s[-1], 1.0)
    asked = np.sin(2 * np.pi * bandwidth_hz * (t_s[0] + shown.t_ms / 1e3))
    assert shown.force_bw @ asked / (asked @ asked) == pytest.approx(100 / np.sqrt(2), rel=0.05)


def test_taps_and_a_chip_without_a_kernel_are_in_the_bandwidth():
    plain, slow = Kernel(3, 1 / 80), Kernel(3, 1 / 80, taps=(0.7, 0.0, 0.0, 0.0, 0.3))
    hz = [blur_bandwidth_hz([CellSignal(NOTHING, NOTHING, 0, 0, kernel)]) for kernel in (slow, plain, None)]
    assert hz[0] < hz[1] < hz[2] == 50.0


def test_a_step_is_shown_in_body_weights_from_its_contact_without_the_zero():
    plate = plate_of(8.0)
    cells_n = corners(plate.fz_n, plate.cop_x_m, plate.cop_y_m)
    contact = next(c for c in plate.contacts if c.contact_s > 2)
    drifted = unblurred(plate.t_s, cells_n + 10.0)
    zero = SeenForce(drifted, np.array([0.0, 8.0]), np.array([40.0, 40.0]))
    shown = blurred_step(zero, contact.contact_s, contact.toe_off_s, plate.body_weight_n)
    true_bw = np.interp(contact.contact_s + shown.t_ms / 1e3, plate.t_s, plate.fz_n) / plate.body_weight_n
    assert shown.kind == "single_step_blurred"
    assert shown.sd_bw is None
    assert np.abs(shown.force_bw - true_bw).max() < 0.05


def test_a_silent_cell_shows_nothing():
    cells = wave(10.0, 80.0)
    silent = tuple(CellSignal(c.t_s[c.t_s < 0.5], c.force_n[c.t_s < 0.5], *PLACES[0], c.kernel) for c in cells)
    assert blurred_step(SeenForce(silent, NOTHING, NOTHING), 2.0, 2.3, 700.0) is None


def test_a_run_keeps_what_its_cells_saw():
    plate = plate_of(8.0)
    cells = blurred(plate.t_s, corners(plate.fz_n, plate.cop_x_m, plate.cop_y_m))
    result = analyse_force(cells, 0.0, plate.t_s[-1], deck_known=True, kernel_known=True, speed_m_s=3.0)
    step = result.steps[5]
    shown = blurred_step(result.seen, step.contact_s, step.toe_off_s, result.body_weight_n.value)
    assert shown.force_bw.max() == pytest.approx(step.peak_force_bw, rel=0.1)
    assert shown.force_bw.max() < step.peak_force_bw
