from dataclasses import replace

import numpy as np
import pytest

from station.gait.flat_foot import flat_foot
from station.gait.foot_course import by_points
from station.gait.foot_strike import foot_strike_angles
from station.gait.posture_track import PoseTrack, index_of
from tests.gait.stick_runner import HEIGHT_PX, WIDTH_PX, StickRunner

RUNNER = StickRunner(foot_strike_deg=10.0)
T_S = np.arange(0, 20, 1 / 60)
STEPS = RUNNER.steps(20.0)[::2]
TRACK = PoseTrack.of(T_S, *RUNNER.keypoints(T_S), WIDTH_PX, HEIGHT_PX, 60.0)


def standing(pitch_deg: float) -> PoseTrack:
    xy_px, confidence = RUNNER.keypoints(np.full(30, 0.3 * RUNNER.duty * RUNNER.stride_s))
    heel, toe = (xy_px[:, index_of(f"right_{name}")] for name in ("heel", "foot_index"))
    turn = np.radians(pitch_deg)
    toe[:] = heel + 40.0 * np.array([np.cos(turn), -np.sin(turn)])
    return PoseTrack.of(np.arange(30) / 60, xy_px, confidence, WIDTH_PX, HEIGHT_PX, 60.0)


def with_shoe(off_deg: float = 0.0, every: int = 1, side: int = 1) -> PoseTrack:
    """As the shoe's pictures would tell it, `off_deg` from the points, in every so-manyth frame."""
    turn_deg = np.full((len(T_S), 2), np.nan)
    course = by_points(TRACK, "right", 1)
    at = np.searchsorted(T_S, course.t_s)
    turn_deg[at, side] = course.angle_deg + off_deg
    turn_deg[np.arange(len(T_S)) % every > 0] = np.nan
    return replace(TRACK, foot_turn_deg=turn_deg)


@pytest.mark.parametrize(("pitch_deg", "seen_in"), [(4.0, "standing"), (-20.0, "mid_stance")])
def test_a_standing_reference_is_the_zero_unless_that_foot_was_not_flat(pitch_deg, seen_in):
    flat = flat_foot(TRACK, STEPS, standing(pitch_deg), "right", 1)
    assert flat.seen_in == seen_in
    assert flat.pitch_deg == pytest.approx(pitch_deg if seen_in == "standing" else 0.0, abs=0.5)


def test_the_shoe_itself_goes_before_the_points():
    """Points that are 3 degrees off while standing make all landings wrong by as much; the shoe does not ask them."""
    for track, least_deg, most_deg in ((TRACK, 6.5, 7.5), (with_shoe(), 9.5, 10.5), (with_shoe(every=2), 9.5, 10.5)):
        flat = flat_foot(track, STEPS, standing(3.0), "right", 1)
        found = foot_strike_angles(flat.from_flat, 60.0, STEPS, "right")
        assert least_deg < np.mean(found.value) < most_deg


def test_a_shoe_that_is_not_flat_in_mid_stance_or_seldom_found_is_not_believed():
    assert flat_foot(with_shoe(), STEPS, standing(0.0), "right", 1).seen_in == "standing_shoe"
    assert flat_foot(with_shoe(off_deg=8.0), STEPS, standing(0.0), "right", 1).seen_in == "standing"
    assert flat_foot(with_shoe(every=4), STEPS, standing(0.0), "right", 1).seen_in == "standing"
    assert flat_foot(with_shoe(side=0), STEPS, standing(0.0), "right", 1).seen_in == "standing"  # the other foot's
    assert flat_foot(with_shoe(), STEPS, None, "right", 1).seen_in == "standing_shoe"  # points not seen standing


def test_a_foot_never_seen_at_all():
    nobody = replace(TRACK, xy_px=np.full_like(TRACK.xy_px, np.nan))
    assert flat_foot(nobody, STEPS, None, "right", 1) is None
    assert flat_foot(TRACK, [], None, "right", 1) is None
