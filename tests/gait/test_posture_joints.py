import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.gait.posture_angles import joint_deg
from station.gait.posture_joints import at_joints
from station.gait.posture_track import PoseTrack, index_of
from tests.gait.network_labels import network_labels

TRUNK_PX, UPPER_ARM_PX, FOREARM_PX = 120.0, 70.0, 62.0


def body(elbow_deg: float, facing: int) -> np.ndarray:
    """(1, 33, 2) true joints of an upright trunk with a hanging upper arm."""
    xy_px = np.zeros((1, 33, 2))
    places = {"hip": (0, TRUNK_PX), "shoulder": (0, 0), "elbow": (0, UPPER_ARM_PX)}
    bend = np.radians(180 - elbow_deg)
    places["wrist"] = (facing * FOREARM_PX * np.sin(bend), UPPER_ARM_PX + FOREARM_PX * np.cos(bend))
    for name, xy in places.items():
        xy_px[0, [index_of(f"left_{name}"), index_of(f"right_{name}")]] = xy
    return xy_px + 300.0


def track_of(xy_px: np.ndarray) -> PoseTrack:
    return PoseTrack.of(np.zeros(1), xy_px, np.full((1, 33), 0.9), 960, 540, 60.0)


def elbow_deg(track: PoseTrack) -> float:
    return float(joint_deg(*(track.point(name, "right") for name in ("shoulder", "elbow", "wrist")))[0])


@given(st.floats(30, 179), st.sampled_from([1, -1]))
def test_labels_are_moved_back_to_the_joints(angle_deg, facing):
    joints = body(angle_deg, facing)
    track = at_joints(track_of(network_labels(joints)), "right")
    for name in ("shoulder", "elbow"):
        assert track.point(name, "right")[0] == pytest.approx(joints[0, index_of(f"right_{name}")], abs=0.05)


def test_the_labels_of_a_bent_arm_show_too_wide_an_angle_and_those_of_a_straight_one_do_not():
    bent, straight = (elbow_deg(track_of(network_labels(body(angle, 1)))) for angle in (90.0, 179.0))
    assert 93.5 < bent < 96.5
    assert straight == pytest.approx(179.0, abs=0.5)


def test_only_the_side_asked_for_is_moved():
    track = track_of(network_labels(body(80.0, 1)))
    moved = at_joints(track, "right")
    left = [index_of(f"left_{name}") for name in ("shoulder", "elbow", "wrist", "hip")]
    assert np.array_equal(moved.xy_px[:, left], track.xy_px[:, left])
    assert np.array_equal(moved.confidence, track.confidence)


@pytest.mark.parametrize("missing", ["hip", "wrist", "elbow"])
def test_a_missing_neighbour_leaves_a_label_where_it_is(missing):
    xy_px = network_labels(body(80.0, 1))
    xy_px[:, index_of(f"right_{missing}")] = np.nan
    moved = at_joints(track_of(xy_px), "right")
    assert np.isfinite(moved.point("shoulder", "right")).all()
    assert np.isfinite(moved.point("elbow", "right")).all() == (missing != "elbow")
    if missing == "hip":
        assert np.array_equal(moved.point("shoulder", "right"), xy_px[:, index_of("right_shoulder")])
