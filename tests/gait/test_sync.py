"""The clock offset between a camera and the load cells."""

from dataclasses import replace

import numpy as np
import pytest

from station.gait.clocks_apart import clocks_apart
from station.gait.posture_track import PoseTrack
from station.gait.sync import TREND_KNOT_S, UNLIKE, _trend_remover, camera_offset
from station.messages import KEYPOINTS
from station.sim.runner.gait_spec import GaitSpec
from tests.gait.analysed import analyse_force
from tests.gait.blur import blurred, corners, unblurred
from tests.gait.marker_run import MarkerRun
from tests.gait.plate import Trial, data_dir
from tests.simulated_plate import simulate_ground_force

SECONDS = 24.0
HIPS_BEHIND_S = 0.0074
"""By how much the hips of real runners follow the force (Fukuchi et al. 2017; docs/decisions/0020)."""
NETWORK_WORST_MS = 12.0
"""By how much the network's points of a rendered runner shift the offset at most."""


@pytest.fixture(scope="module")
def run():
    """(cells, force result, instants, height of the body in metres)."""
    spec = GaitSpec(mass_kg=70, speed_m_s=3.0, cadence_spm=166, duty_factor=0.35, step_time_asymmetry_pct=3)
    plate = simulate_ground_force(spec, SECONDS, seed=6)
    cells = blurred(plate.t_s, corners(plate.fz_n, plate.cop_x_m, plate.cop_y_m))
    force = analyse_force(cells, 0.0, SECONDS, deck_known=True, kernel_known=True, speed_m_s=3.0)
    speed = np.cumsum(9.81 * (plate.fz_n / plate.body_weight_n - 1)) / 1000
    trend = lambda v: v - np.polyval(np.polyfit(plate.t_s, v, 3), plate.t_s)  # noqa: E731
    return cells, force, plate.t_s, trend(np.cumsum(trend(speed)) / 1000)


def track(t_s, height_m, offset_s, frames_s, noise_px=2.0, seed=0) -> PoseTrack:
    """A camera whose clock is `offset_s` behind; hips at 250 px a metre, behind the body as hips are."""
    rng = np.random.default_rng(seed)
    xy_px = np.full((len(frames_s), len(KEYPOINTS), 2), np.nan)
    hips_px = -250 * np.interp(frames_s - HIPS_BEHIND_S, t_s, height_m) + 3 * np.sin(frames_s)
    for name in ("left_hip", "right_hip"):
        xy_px[:, KEYPOINTS.index(name)] = np.column_stack([np.full(len(frames_s), 300.0), hips_px])
        xy_px[:, KEYPOINTS.index(name), 1] += rng.normal(0, noise_px, len(frames_s))
    confidence = np.ones((len(frames_s), len(KEYPOINTS)))
    return PoseTrack.of(frames_s - offset_s, xy_px, confidence, 640, 480, 60.0)


@pytest.mark.parametrize("offset_s", [-0.2, -0.03, 0.0, 0.11, 0.2])
def test_offset_is_found_within_four_milliseconds(run, offset_s):
    cells, force, t_s, height_m = run
    got = camera_offset(track(t_s, height_m, offset_s, np.arange(0, SECONDS, 1 / 60)), cells, force)
    assert got.value == pytest.approx(1e3 * offset_s, abs=4.0)
    assert got.low < got.value < got.high


def test_what_the_network_adds_on_one_clock_is_not_held_against_the_clock(run):
    """A clock that is surely away still is."""
    cells, force, t_s, height_m = run
    frames_s = np.arange(0, SECONDS, 1 / 60)
    for shift_ms, refused in ((NETWORK_WORST_MS, False), (-NETWORK_WORST_MS, False), (25.0, True)):
        got = camera_offset(track(t_s, height_m, shift_ms / 1e3, frames_s), cells, force)
        assert (clocks_apart(got, one_clock=True) is not None) == refused


def test_slow_motion_is_taken_out_by_least_squares_also_beside_a_gap_in_the_frames():
    rng = np.random.default_rng(5)
    frame_s = np.sort(np.concatenate([rng.uniform(0, 12, 60), rng.uniform(28, 45, 80)]))
    knots_s = np.linspace(frame_s[0], frame_s[-1], round((frame_s[-1] - frame_s[0]) / TREND_KNOT_S) + 1)
    hats = np.stack([np.interp(frame_s, knots_s, row) for row in np.eye(len(knots_s))], axis=1)
    values = rng.normal(size=len(frame_s)) + frame_s
    expected = values - hats @ np.linalg.lstsq(hats, values, rcond=None)[0]
    assert _trend_remover(frame_s)(values) == pytest.approx(expected, abs=1e-6)


def test_hips_that_jump_aside_now_and_then_do_not_turn_the_fit(run):
    cells, force, t_s, height_m = run
    seen = track(t_s, height_m, 0.05, np.arange(0, SECONDS, 1 / 60))
    jumped = np.random.default_rng(8).random(len(seen.t_s)) < 0.05
    seen.xy_px[jumped, :, 1] += 60.0
    assert camera_offset(seen, cells, force).value == pytest.approx(50.0, abs=4.0)


def test_uneven_thin_frames(run):
    cells, force, t_s, height_m = run
    frames_s = np.sort(np.random.default_rng(3).uniform(0, SECONDS, 300))
    got = camera_offset(track(t_s, height_m, 0.05, frames_s), cells, force)
    assert got.value == pytest.approx(50.0, abs=5.0)


def test_hips_that_move_otherwise_give_no_offset(run):
    cells, force, t_s, _ = run
    rng = np.random.default_rng(4)
    frames_s = np.arange(0, SECONDS, 1 / 60)
    got = camera_offset(track(t_s, 0.01 * rng.normal(size=len(t_s)), 0.0, frames_s), cells, force)
    assert got.reason == UNLIKE


def test_few_frames_or_no_force(run):
    cells, force, t_s, height_m = run
    few = track(t_s, height_m, 0.0, np.linspace(2, 20, 30))
    assert not camera_offset(few, cells, force).measured
    assert not camera_offset(few, None, force).measured


@pytest.mark.skipif(data_dir() is None, reason="the recordings of real runners are not here (STATION_DATA)")
@pytest.mark.parametrize("name", ["RBDS011_T35", "RBDS013_T25", "RBDS028_T35"])
def test_real_runners_seen_by_plate_and_markers(name):
    """5-8 ms is what the hips of these runners follow the force by: without the lag taken out this would fail."""
    trial = Trial.read(data_dir() / "running_force" / f"{name}.npz")
    cells = unblurred(trial.t_s, corners(trial.fz_n, trial.cop_x_m, trial.cop_y_m))
    force = analyse_force(cells, 0.0, float(trial.t_s[-1]), deck_known=True, kernel_known=True, speed_m_s=None)
    markers = MarkerRun.read(data_dir() / "running_markers" / f"{name}.npz")
    seen = markers.track(np.arange(0.005, markers.t_s[-1], 1 / 60), "left", 60.0, np.random.default_rng(2))
    found = camera_offset(replace(seen, t_s=seen.t_s - 0.137), cells, force)
    assert found.value == pytest.approx(137.0, abs=4.0)
    assert 12.0 < found.high - found.low < 15.0  # most of it is what a pose network would add
