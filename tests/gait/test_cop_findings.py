"""What the whole analysis makes of the centre of pressure: paths, exchanged cells, a belt that changed its speed."""

import numpy as np
import pytest

from station.gait.results import SIDES
from tests.gait.analysed import analyse_force
from tests.gait.blur import blurred, corners, unblurred
from tests.gait.seen_force import plate_of


def analyse(t_s, cells, *, kernel_known=True, speed_m_s=None):
    return analyse_force(cells, 0.0, float(t_s[-1]), deck_known=True, kernel_known=kernel_known, speed_m_s=speed_m_s)


def cells_of(plate, with_cop=True, order=(0, 1, 2, 3)):
    return corners(plate.fz_n, plate.cop_x_m * with_cop, plate.cop_y_m * with_cop)[list(order)]


@pytest.fixture(scope="module")
def plate():
    return plate_of(8.0)


@pytest.fixture(scope="module")
def unblurred_result(plate):
    return analyse(plate.t_s, unblurred(plate.t_s, cells_of(plate)), speed_m_s=3.0)


@pytest.mark.parametrize("side", SIDES)
def test_the_path_through_chips_is_that_of_the_cells(plate, unblurred_result, side):
    path = analyse(plate.t_s, blurred(plate.t_s, cells_of(plate)), speed_m_s=3.0).feet[side].cop_path
    true = unblurred_result.feet[side].cop_path
    judged = (path.stance_pct >= 10) & (path.stance_pct <= 90) & np.isfinite(path.x_m + true.x_m)
    assert judged.sum() > 35
    assert np.sqrt(np.mean((path.x_m - true.x_m)[judged] ** 2)) < 0.008
    assert np.sqrt(np.mean((path.y_m - true.y_m)[judged] ** 2)) < 0.003
    assert np.mean(np.abs(path.x_m - true.x_m)[judged] <= path.x_half_width_m[judged]) > 0.6


def test_the_belt_speed_is_the_given_one_or_that_of_the_feet(plate, unblurred_result):
    assert unblurred_result.feet["left"].cop_path.belt_speed_source == "given"
    free = analyse(plate.t_s, unblurred(plate.t_s, cells_of(plate)))
    assert free.feet["left"].cop_path.belt_speed_source == "centre of pressure"
    assert free.early_cop.belt_sd_m_s > unblurred_result.early_cop.belt_sd_m_s


def test_every_step_has_its_early_centre_of_pressure(unblurred_result):
    cop, steps = unblurred_result.early_cop, unblurred_result.steps
    assert cop.t_s == pytest.approx([s.contact_s + s.contact_time_ms / 1e4 for s in steps])
    left = np.array([step.side == "left" for step in steps])
    assert (cop.y_m[left] > 0).all()
    assert (cop.y_m[~left] < 0).all()


def test_without_places_there_is_no_path_and_a_reason(plate):
    result = analyse(plate.t_s, unblurred(plate.t_s, cells_of(plate, with_cop=False)), speed_m_s=3.0)
    assert all(foot.cop_path is None and "ride back" in foot.cop_path_reason for foot in result.feet.values())
    assert result.early_cop is None
    assert result.notes == ()


def test_exchanged_cells_are_said_and_loading_and_asymmetry_stay(plate, unblurred_result):
    swapped = analyse(plate.t_s, unblurred(plate.t_s, cells_of(plate, order=(2, 3, 0, 1))), speed_m_s=3.0)
    (note,) = swapped.notes
    assert "exchanged" in note
    assert all(foot.cop_path is None and foot.cop_path_reason == note for foot in swapped.feet.values())
    for side in SIDES:
        before, after = unblurred_result.feet[side].loading_rate_bw_s, swapped.feet[side].loading_rate_bw_s
        assert after.value == pytest.approx(before.value, rel=1e-6)
        assert swapped.feet[side].loading_rate_status == "absolute"
    before, after = (result.asymmetry["peak_force_pct"] for result in (unblurred_result, swapped))
    assert after.value == pytest.approx(before.value, rel=1e-6)


@pytest.mark.parametrize("kernel_known", [True, False])
def test_of_two_speeds_one_is_judged(kernel_known):
    slow, fast = plate_of(20.0, speed_m_s=2.6, duty_factor=0.36), plate_of(20.0, speed_m_s=3.5, duty_factor=0.31)
    cells_n = np.concatenate([cells_of(slow), cells_of(fast)], axis=1)
    t_s = np.arange(cells_n.shape[1]) / 1000
    result = analyse(t_s, unblurred(t_s, cells_n), kernel_known=kernel_known)
    assert result.speed_changes_s == (pytest.approx(20, abs=2),)
    (judged,) = result.parts.judged
    assert (judged.start_s, judged.end_s) == (0.0, pytest.approx(19, abs=2))
    for foot in result.feet.values():
        assert foot.loading_rate_status == ("absolute" if kernel_known else "relative")
        assert foot.contact_time_ms.n < 0.52 * len([s for s in result.steps if s.judged]) < 0.3 * len(result.steps)
