import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.config import Force
from station.gait.chip_clock import fit_chip_clock
from station.gait.kernel import average
from station.gait.results import Kernel
from station.messages import CHANNELS, Calibration
from station.sim.chips import draw_chips
from station.sim.deck import Deck
from station.sim.rig import Pressing, Rig
from station.sim.runner.corners import corner_forces

X_M, Y_M = np.array([0.7, 0.7, -0.7, -0.7]), np.array([0.3, -0.3, 0.3, -0.3])
T_S = 100.0 + np.arange(0, 3, 1 / 300)


@pytest.fixture(scope="module")
def calibrated() -> tuple[Rig, Calibration]:
    rig = Rig(seed=5)
    return rig, rig.calibrate()


def newtons(pressing: Pressing, calibration: Calibration, channel: int) -> tuple[np.ndarray, np.ndarray]:
    """End of each conversion (s) on the input's axis and its newtons, of one cell."""
    columns = pressing.samples.arrays()
    own = columns["channel"] == channel
    clock = fit_chip_clock(columns["t_high_ns"][own], columns["t_low_ns"][own], pressing.epoch_ns)
    cell = calibration.cells[channel]
    return clock.t_s, (columns["raw"][own] - cell.offset_counts) * cell.newton_per_count


@given(
    st.floats(-3000, 3000), st.floats(-1.2, 1.2), st.floats(-0.5, 0.5)
)  # outside the rectangle too: the cells are bolted
def test_corner_forces_obey_statics(fz_n, cop_x_m, cop_y_m):
    corners = corner_forces(np.array([fz_n]), np.array([cop_x_m]), np.array([cop_y_m]))[:, 0]
    assert corners.sum() == pytest.approx(fz_n, abs=1e-6)
    assert corners @ X_M == pytest.approx(fz_n * cop_x_m, abs=1e-6)
    assert corners @ Y_M == pytest.approx(fz_n * cop_y_m, abs=1e-6)


def test_corner_shares_follow_the_names():
    shares = corner_forces(np.array([1.0]), np.array([0.7]), np.array([0.3]))[:, 0]
    assert dict(zip(CHANNELS, shares, strict=True)) == {
        "front_left": 1.0,
        "front_right": 0.0,
        "rear_left": 0.0,
        "rear_right": 0.0,
    }


def test_chips_differ_and_follow_the_seed():
    assert draw_chips(3, 80) == draw_chips(3, 80)
    assert draw_chips(3, 80) != draw_chips(4, 80)
    specs = draw_chips(3, 80)
    assert len({s.rate_sps for s in specs}) == 4
    assert all(abs(s.rate_sps / 80 - 1) <= 0.03 for s in specs)


def test_calibration_finds_what_the_chips_are_made_of(calibrated):
    rig, calibration = calibrated
    for cell, spec in zip(calibration.cells, rig.specs, strict=True):
        assert cell.newton_per_count * spec.counts_per_newton == pytest.approx(1.0, abs=5e-4)
        assert cell.offset_counts == pytest.approx(spec.offset_counts, abs=200)
        assert cell.kernel.order == spec.order
        assert cell.kernel.period_s * spec.rate_sps == pytest.approx(1.0, abs=1e-3)
        assert abs(cell.kernel.delay_s) < 5e-4
    assert calibration.deck.stiff


@pytest.mark.parametrize("signal", ["constant", "sine", "step"])
def test_pressed_newtons_come_back_as_the_kernel_predicts(calibrated, signal):
    rig, calibration = calibrated
    u_s = T_S - T_S[0]
    fz_n = {
        "constant": np.full(len(u_s), 800.0),
        "sine": 800 + 600 * np.sin(2 * np.pi * 2.9 * u_s),
        "step": np.where(u_s < 1.5, 200.0, 900.0),
    }[signal]
    corners_n = corner_forces(fz_n, np.full(len(u_s), 0.1), np.full(len(u_s), -0.05), rig.places)
    pressing = rig.press(T_S, corners_n)
    for c, cell in enumerate(calibration.cells):
        end_s, force_n = newtons(pressing, calibration, c)
        kernel = Kernel(cell.kernel.order, cell.kernel.period_s)
        predicted_n = average(kernel, lambda t_s, c=c: np.interp(t_s, T_S, corners_n[c], left=0, right=0), end_s)
        inside = (end_s > T_S[0] + 0.1) & (end_s < T_S[-1] - 0.1)
        assert inside.sum() > 200
        smooth = np.abs(end_s - (T_S[0] + 1.5)) > 0.06 if signal == "step" else np.full(len(end_s), True)
        assert np.abs(force_n - predicted_n)[inside & smooth].max() < 1.0
        assert np.abs(force_n - predicted_n)[inside].max() < 3.0  # a spline through a step overshoots
        assert np.abs(force_n[(end_s < T_S[0]) | (end_s > T_S[-1] + 0.1)]).max() < 1.0, "unloaded around it"


def test_the_rig_settles_for_a_second_on_either_side(calibrated):
    rig, calibration = calibrated
    pressing = rig.press(T_S, np.zeros((4, len(T_S))))
    for c in range(4):
        end_s, _ = newtons(pressing, calibration, c)
        assert end_s[0] < T_S[0] - 0.95
        assert end_s[-1] > T_S[-1] + 0.95


def test_all_follows_from_the_seed():
    def press(seed: int) -> bytes:
        pressing = Rig(seed).press(T_S[:300], np.full((4, 300), 200.0))
        return pressing.samples.raw + pressing.samples.t_low_ns

    assert press(8) == press(8)
    assert press(8) != press(9)


def test_a_world_is_pressed_from_its_own_zero():
    class Pusher:
        def cell_force_n(self, t_s: np.ndarray) -> np.ndarray:
            return np.where(t_s > 1.0, np.arange(100.0, 500.0, 100.0)[:, None], 0.0)

    rig = Rig(seed=2)
    calibration = rig.calibrate()
    pressing = rig.play(Pusher().cell_force_n, 0.0, 2.0)
    for c in range(4):
        end_s, force_n = newtons(pressing, calibration, c)
        assert np.abs(force_n[end_s < 0.98]).max() < 1.0
        assert force_n[(end_s > 1.1) & (end_s < 1.95)] == pytest.approx(100.0 * (c + 1), abs=1.0)


def test_what_the_artefact_knows_of_the_deck():
    assert Rig(1, deck=Deck(25.0, 0.1))._deck_calibration(calibrated=False) is None
    known = Rig(1, deck=Deck(25.0, 0.1))._deck_calibration(calibrated=True)
    assert (known.stiff, known.frequency_hz, known.damping_ratio) == (False, 25.0, 0.1)


def test_faster_chips_are_calibrated_alike():
    rig = Rig(seed=3, force=Force(chip_rate_sps=320))
    for cell, spec in zip(rig.calibrate().cells, rig.specs, strict=True):
        assert cell.kernel.order == 3
        assert cell.kernel.period_s * spec.rate_sps == pytest.approx(1.0, abs=1e-3)


def test_chips_have_in_common_what_they_are_told():
    specs = draw_chips(3, 80, order=4, extra_box_periods=0.25, sag=0.03, wander_s=3e-3)
    assert {(s.order, s.extra_box_periods, s.sag, s.wander_s) for s in specs} == {(4, 0.25, 0.03, 3e-3)}
    assert [s.rate_sps for s in specs] == [s.rate_sps for s in draw_chips(3, 80)]
