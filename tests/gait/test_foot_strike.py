import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station.gait.flat_foot import flat_foot
from station.gait.foot_course import NOWHERE
from station.gait.foot_strike import foot_strike_angles, steps_of_near_foot, strike_of
from station.gait.posture_track import PoseTrack, index_of
from station.gait.results import Series, Side, Step
from station.messages import KEYPOINTS
from tests.gait.stick_runner import HEIGHT_PX, WIDTH_PX, StickRunner

DATA = Path(os.environ.get("STATION_DATA", Path(__file__).resolve().parents[3] / "shared" / "data"))
MARKERS = sorted((DATA / "running_markers").glob("*_T*.npz")) if DATA.exists() else []
T_S = np.arange(0, 20, 1 / 60)


def track_of(runner: StickRunner, t_s: np.ndarray = T_S) -> PoseTrack:
    return PoseTrack.of(t_s, *runner.keypoints(t_s), WIDTH_PX, HEIGHT_PX, 60.0)


def angles_of(track: PoseTrack, steps: list[Step], near: Side, direction: int) -> Series:
    """With the foot flat in mid-stance for zero."""
    flat = flat_foot(track, steps, None, near, direction)
    return foot_strike_angles(flat.from_flat if flat else NOWHERE, track.frame_rate_hz, steps, near)


@pytest.mark.parametrize(
    ("angle_deg", "strike"),
    [(8.01, "rearfoot"), (8.0, "midfoot"), (0.0, "midfoot"), (-1.6, "midfoot"), (-1.61, "forefoot")],
)
def test_classes_of_altman_and_davis(angle_deg, strike):
    assert strike_of(angle_deg) == strike


@given(st.floats(-12, 25), st.floats(-6, 6), st.sampled_from([1, -1]))
@settings(max_examples=30)
def test_a_tilted_camera_or_shoe_does_not_matter(angle_deg, tilt_deg, facing):
    """The same foot flat in mid-stance is the zero, so a turn of the whole picture drops out."""
    runner = StickRunner(foot_strike_deg=angle_deg, facing=facing)
    xy_px, confidence = runner.keypoints(T_S)
    turn = np.radians(tilt_deg)
    turned = xy_px @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    track = PoseTrack.of(T_S, turned, confidence, WIDTH_PX, HEIGHT_PX, 60.0)
    landings = angles_of(track, runner.steps(20.0)[::2], runner.near, facing)
    assert np.median(landings.value) == pytest.approx(angle_deg, abs=0.6)
    assert set(landings.side) == {runner.near}


def test_the_foot_that_stands_is_looked_for_when_its_own_rows_were_exposed():
    """One frame a stance, its ankles exposed in the middle of the stance, but its first row before that."""
    runner, row_s = StickRunner(), 0.017 / HEIGHT_PX
    steps = runner.steps(20.0, sides_known=False)
    foot_s = np.array([step.contact_s + 0.06 for step in steps])
    track = PoseTrack.of(foot_s - 0.015, *runner.keypoints(foot_s), WIDTH_PX, HEIGHT_PX, 60.0, row_s)
    assert steps_of_near_foot(track, steps, "right", "right") == steps[::2]


def test_a_landing_without_its_frames_is_left_out():
    runner = StickRunner()
    steps = runner.steps(20.0)[::2]
    t_s = T_S[np.abs(T_S - steps[5].contact_s) > 0.02]
    landings = angles_of(track_of(runner, t_s), steps, "right", 1)
    whole = angles_of(track_of(runner), steps, "right", 1)
    assert set(whole.t_s) - set(landings.t_s) == {steps[5].contact_s}


def test_a_lost_frame_costs_no_landing_and_a_frame_on_another_leg_no_angle():
    runner = StickRunner()
    steps, seen = runner.steps(20.0)[::2], track_of(runner)
    whole = angles_of(seen, steps, "right", 1)
    frames = [int(np.argmin(np.abs(T_S - step.contact_s))) for step in steps[3:6]]
    seen.xy_px[frames[0], index_of("right_heel")] = np.nan
    toe = index_of("right_foot_index")
    seen.xy_px[frames[1], toe, 1] += 40.0
    found = angles_of(seen, steps, "right", 1)
    assert set(found.t_s) == set(whole.t_s)
    assert found.value == pytest.approx(whole.value, abs=1.0)


@given(st.floats(-10, 25), st.integers(0, 1000))
@settings(max_examples=20, deadline=None)
def test_noise_of_single_frames_is_shared_by_the_frames_of_a_landing(angle_deg, seed):
    """A pixel of noise on a foot of 43 is 1.9 degrees a frame; three or four frames make 1.1."""
    runner = StickRunner(foot_strike_deg=angle_deg, noise_px=1.0)
    track = PoseTrack.of(T_S, *runner.keypoints(T_S, seed), WIDTH_PX, HEIGHT_PX, 60.0)
    found = angles_of(track, runner.steps(20.0)[::2], "right", 1).value
    assert np.std(found) < 1.6
    assert np.mean(found) == pytest.approx(angle_deg, abs=1.6)  # the foot flat is noisy, too


def test_the_foot_has_the_time_of_its_own_rows():
    """Where the shutter rolls, the foot at the bottom of the picture is exposed 8 ms after the frame's first row."""
    runner, row_s = StickRunner(foot_strike_deg=15.0), 8e-3 / 480
    steps = runner.steps(20.0)[::2]
    at_once = angles_of(track_of(runner), steps, "right", 1)
    late_rows = T_S + 480 * row_s  # heel and toe lie near row 480
    rolling = PoseTrack.of(T_S, *runner.keypoints(late_rows), WIDTH_PX, HEIGHT_PX, 60.0, row_s)
    found = angles_of(rolling, steps, "right", 1)
    assert np.mean(found.value) == pytest.approx(np.mean(at_once.value), abs=0.5)


def test_a_foot_never_seen_flat_gives_nothing():
    runner = StickRunner()
    steps = runner.steps(20.0)[::2]
    about = np.abs(T_S[:, None] - [step.contact_s for step in steps]).min(axis=1) < 0.05
    assert not len(angles_of(track_of(runner, T_S[about]), steps, "right", 1).value)
    assert not len(angles_of(track_of(runner), [], "right", 1).value)


def test_the_near_foot_is_told_by_the_lower_ankle_across_missed_steps():
    runner = StickRunner()
    unnamed = runner.steps(20.0, sides_known=False)
    del unnamed[7], unnamed[20]
    near = steps_of_near_foot(track_of(runner), unnamed, "right", "right")
    phases = np.array([step.contact_s for step in near]) / runner.stride_s
    assert len(near) == pytest.approx(len(unnamed) / 2, abs=2)
    assert np.abs(phases - np.round(phases)).max() < 1e-6


@pytest.mark.skipif(not MARKERS, reason="the recordings of real runners are not here (STATION_DATA)")
@pytest.mark.parametrize("path", MARKERS, ids=lambda path: path.stem)
def test_real_feet_in_sixty_pictures_a_second(path):
    """Against the same markers at 150 Hz, read at the plate's contact: within 1.5 degrees in the median."""
    markers, force = np.load(path), np.load(DATA / "running_force" / path.name)
    labels, xyz_mm = list(markers["labels"]), markers["xyz_mm"]
    xy_px = np.full((len(xyz_mm), len(KEYPOINTS), 2), np.nan)
    for point, marker in {"right_heel": "R.Heel.Bottom", "right_foot_index": "R.MT5"}.items():
        x_mm, y_mm, _ = xyz_mm[:, labels.index(marker)].T
        xy_px[:, index_of(point)] = np.column_stack([x_mm, -y_mm])
    right = np.array([str(side)[0].upper() == "R" for side in force["step_side"]])
    steps = [
        Step(k, "right", on / 300, off / 300, (off - on) / 0.3, None, 2.0, 0.3)
        for k, (on, off) in enumerate(zip(force["step_on"][right], force["step_off"][right], strict=True))
        if on > 60 and off < 300 * 29
    ]
    t_150 = np.arange(len(xy_px)) / 150
    t_60 = np.arange(0.003, t_150[-1], 1 / 60)
    picked = np.stack([np.interp(t_60, t_150, column) for column in xy_px.reshape(len(xy_px), -1).T], axis=1)
    both = [
        angles_of(PoseTrack.of(t, xy.reshape(-1, 33, 2), np.ones((len(t), 33)), 2000, 1000, rate), steps, "right", 1)
        for t, xy, rate in ((t_150, xy_px, 150.0), (t_60, picked, 60.0))
    ]
    assert len(both[1].value) >= 0.9 * len(steps)
    assert np.median(both[1].value) == pytest.approx(np.median(both[0].value), abs=1.5)
