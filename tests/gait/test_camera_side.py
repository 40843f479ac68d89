import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station.gait.camera_side import facing, other, side_of
from station.gait.posture_track import PoseTrack, index_of
from tests.gait.stick_runner import HEIGHT_PX, WIDTH_PX, StickRunner

T_S = np.arange(0, 4, 1 / 30)


@given(st.sampled_from([1, -1]), st.floats(-10, 40), st.floats(0, 6))
@settings(max_examples=30)
def test_the_direction_is_found_and_names_the_side(direction, neck_deg, noise_px):
    runner = StickRunner(facing=direction, neck_relative_deg=neck_deg, noise_px=noise_px)
    track = PoseTrack.of(T_S, *runner.keypoints(T_S), WIDTH_PX, HEIGHT_PX, 30.0)
    assert facing(track) == direction
    assert side_of(direction) == ("right" if direction > 0 else "left")
    assert other(side_of(direction)) == side_of(-direction)


def test_the_feet_alone_or_the_head_alone_will_do():
    xy_px, confidence = StickRunner(facing=-1).keypoints(T_S)
    for hidden in (["nose"], ["left_heel", "right_heel"]):
        unsure = confidence.copy()
        unsure[:, [index_of(name) for name in hidden]] = 0.0
        assert facing(PoseTrack.of(T_S, xy_px, unsure, WIDTH_PX, HEIGHT_PX, 30.0)) == -1


@pytest.mark.parametrize("confidence", [0.0, 0.9])
def test_somebody_who_turns_about_or_is_not_seen_has_no_direction(confidence):
    ahead, back = (StickRunner(facing=d).keypoints(T_S)[0] for d in (1, -1))
    xy_px = np.concatenate([ahead, back])
    t_s = np.arange(len(xy_px)) / 30
    track = PoseTrack.of(t_s, xy_px, np.full(xy_px.shape[:2], confidence), WIDTH_PX, HEIGHT_PX, 30.0)
    assert facing(track) is None


def test_feet_that_tip_over_in_the_air_most_of_the_time_still_tell():
    """At speed a foot hangs past the vertical for longer than it points ahead, but by less."""
    xy_px, confidence = StickRunner().keypoints(T_S)
    tipped = np.arange(len(T_S)) % 5 < 3
    for side in ("left", "right"):
        heel, toe = index_of(f"{side}_heel"), index_of(f"{side}_foot_index")
        xy_px[tipped, toe, 0] = xy_px[tipped, heel, 0] - 4.0
    confidence[:, [index_of(name) for name in ("nose", "left_knee", "right_knee")]] = 0.0
    assert facing(PoseTrack.of(T_S, xy_px, confidence, WIDTH_PX, HEIGHT_PX, 30.0)) == 1


def test_bent_knees_alone_will_do():
    xy_px, confidence = StickRunner(facing=-1).keypoints(T_S)
    legs = [index_of(f"{side}_{name}") for side in ("left", "right") for name in ("hip", "knee", "ankle")]
    unsure = np.zeros_like(confidence)
    unsure[:, legs] = 0.9
    assert facing(PoseTrack.of(T_S, xy_px, unsure, WIDTH_PX, HEIGHT_PX, 30.0)) == -1
