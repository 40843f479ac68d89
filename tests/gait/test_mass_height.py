"""The height of the centre of mass in the picture."""

from dataclasses import replace

import numpy as np
import pytest

from station.gait.mass_height import mass_height
from station.gait.posture_track import PoseTrack, index_of
from tests.gait.stick_runner import HEIGHT_PX, WIDTH_PX, StickRunner

T_S = np.arange(0, 6, 1 / 60)


def track(row_s: float = 0.0) -> PoseTrack:
    return PoseTrack.of(T_S, *StickRunner().keypoints(T_S), WIDTH_PX, HEIGHT_PX, 60.0, row_s)


def test_a_body_that_is_lifted_as_a_whole_is_lifted_by_as_much():
    lifted = replace(track(), xy_px=track().xy_px - np.array([0.0, 25.0]))
    assert mass_height(lifted).height_px - mass_height(track()).height_px == pytest.approx(25.0)


def test_a_lifted_foot_lifts_a_seventy_fifth_of_the_body():
    seen = track()
    for name in ("left_heel", "left_foot_index"):
        seen.xy_px[:, index_of(name), 1] -= 75.0
    assert mass_height(seen).height_px - mass_height(track()).height_px == pytest.approx(1.0, abs=0.01)


def test_a_point_lost_for_two_frames_is_filled_and_for_longer_not():
    for lost, expected in ((2, len(T_S)), (6, len(T_S) - 6)):
        seen = track()
        seen.xy_px[100 : 100 + lost, index_of("left_knee")] = np.nan
        found = mass_height(seen)
        assert found.of_legs
        assert len(found.t_s) == expected
    whole = mass_height(track())
    assert found.height_px == pytest.approx(np.interp(found.t_s, whole.t_s, whole.height_px))


def test_a_leg_that_is_hidden_leaves_the_hips():
    seen = track()
    seen.confidence[:, index_of("left_ankle")] = 0.1
    found = mass_height(seen)
    assert not found.of_legs
    assert found.height_px == pytest.approx(-seen.xy_px[:, index_of("right_hip"), 1])


def test_the_time_of_a_rolling_shutter_is_that_of_the_middle_row():
    assert mass_height(track(row_s=1e-5)).t_s == pytest.approx(T_S + 1e-5 * HEIGHT_PX / 2)
