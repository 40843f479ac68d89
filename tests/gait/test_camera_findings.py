"""The camera's numbers in metres of a stick runner, whose belt and feet are known."""

from dataclasses import replace

import msgspec
import numpy as np
import pytest

from station.gait.camera_findings import camera_findings
from station.gait.camera_state import camera_state
from station.gait.posture import analyse_posture
from station.gait.posture_track import PoseTrack
from station.gait.results import EarlyCop, ForceResult, Measure
from station.gait.standing_foot import TOE_CAP_M
from station.messages import CameraCalibration
from tests.gait.calibrated import UNMOVED, calibration
from tests.gait.stick_runner import FOOT_M, GROUND_Y_PX, HEIGHT_PX, PX_PER_M, WIDTH_PX, StickRunner

RATE_HZ, DURATION_S, DISTANCE_M = 60.0, 40.0, 20.0
INDEX = 0.2


def far_camera(facing: int) -> CameraCalibration:
    """So far away that it sees the stick runner's world without perspective."""
    side = "right" if facing > 0 else "left"
    height_m = (GROUND_Y_PX - HEIGHT_PX / 2) / PX_PER_M
    return msgspec.structs.replace(
        calibration(side, roll_deg=0.0, yaw_deg=0.0), pitch_deg=0.0, radial=0.0, focal_px=PX_PER_M * DISTANCE_M,
        place_m=[0.0, -facing * DISTANCE_M, height_m],
    )  # fmt: skip


def force_of(runner: StickRunner, sides_known: bool = True) -> ForceResult:
    """Steps, and a pressure that is at INDEX of the foot at 10 % of every stance."""
    steps = runner.steps(DURATION_S, sides_known)
    t_s = np.array([s.contact_s + 0.1 * (s.toe_off_s - s.contact_s) for s in steps])
    xy_px, _ = runner.keypoints(np.array([s.contact_s + 0.4 * (s.toe_off_s - s.contact_s) for s in steps]))
    heel_m = runner.facing * (xy_px[:, 30 if runner.facing > 0 else 29, 0] - WIDTH_PX / 2) / PX_PER_M
    ridden_s = 0.3 * runner.duty * runner.stride_s
    x_m = heel_m + INDEX * (FOOT_M + TOE_CAP_M) + runner.speed_m_s * ridden_s
    y_m = np.full(len(steps), -0.05 * runner.facing)
    cop = EarlyCop(t_s, np.full(len(steps), 900.0), x_m, y_m, sd_m=0.01, belt_m_s=runner.speed_m_s, belt_sd_m_s=0.05)
    return ForceResult(
        gait="running", body_weight_n=Measure(700.0, 690.0, 710.0, 40), steps=tuple(steps), feet={}, asymmetry={},
        pairs={}, cadence_spm=None, sides_known=sides_known, early_cop=cop,
    )  # fmt: skip


def findings(runner, given_m_s=None, place=UNMOVED, camera=None, sides_known=True):
    t_s = np.arange(0, DURATION_S, 1 / RATE_HZ)
    track = PoseTrack.of(t_s, *runner.keypoints(t_s), WIDTH_PX, HEIGHT_PX, RATE_HZ)
    force = force_of(runner, sides_known)
    posture = analyse_posture(
        t_s, track.xy_px, track.confidence, width_px=WIDTH_PX, height_px=HEIGHT_PX, frame_rate_hz=RATE_HZ,
        contacts=force.steps,
    )  # fmt: skip
    state = camera_state(camera or far_camera(runner.facing), place, WIDTH_PX, HEIGHT_PX)
    return camera_findings(track, posture, force, state, given_m_s, seed=1)


@pytest.mark.parametrize("facing", [1, -1])
def test_belt_speed_and_strike_index_are_measured_on_the_near_foot(facing):
    runner = StickRunner(facing=facing, speed_m_s=2.9)
    found = findings(runner)
    assert found.belt_speed_m_s.value == pytest.approx(2.9, rel=0.03)
    near = found.strike_index[runner.near]
    assert near.low < INDEX < near.high
    assert near.value == pytest.approx(INDEX, abs=0.05)
    assert "far side" in found.strike_index[runner.far].reason
    assert found.overstride_leg_lengths.measured
    assert found.notes == ()


def test_a_given_speed_that_the_belt_belies_is_a_note():
    runner = StickRunner(speed_m_s=3.0)
    assert findings(runner, given_m_s=3.05).notes == ()
    (note,) = findings(runner, given_m_s=4.0).notes
    assert "3.0 m/s, given were 4.0 m/s" in note


def test_a_moved_camera_gives_no_metres_but_keeps_what_needs_none():
    found = findings(StickRunner(), place=msgspec.structs.replace(UNMOVED, shift_px=20.0))
    assert not found.belt_speed_m_s.measured
    assert not any(index.measured for index in found.strike_index.values())
    assert found.overstride_leg_lengths.measured
    (note,) = found.notes
    assert "moved" in note


def test_a_runner_who_faces_the_other_way_was_not_what_it_was_calibrated_for():
    found = findings(StickRunner(facing=-1), camera=far_camera(1))
    assert not found.belt_speed_m_s.measured
    assert "faces the other way" in found.notes[0]


def test_where_the_force_cannot_name_the_feet_there_is_no_index():
    found = findings(StickRunner(), sides_known=False)
    assert found.belt_speed_m_s.measured
    assert not any(index.measured for index in found.strike_index.values())


def test_without_force_nothing_is_found():
    runner = StickRunner()
    t_s = np.arange(0, DURATION_S, 1 / RATE_HZ)
    track = PoseTrack.of(t_s, *runner.keypoints(t_s), WIDTH_PX, HEIGHT_PX, RATE_HZ)
    posture = analyse_posture(
        t_s, track.xy_px, track.confidence, width_px=WIDTH_PX, height_px=HEIGHT_PX, frame_rate_hz=RATE_HZ
    )
    state = camera_state(far_camera(1), UNMOVED, WIDTH_PX, HEIGHT_PX)
    for force in (None, replace(force_of(runner), steps=())):
        found = camera_findings(track, posture, force, state, None, seed=1)
        assert not found.belt_speed_m_s.measured
        assert found.belt_speed_m_s.reason
