"""The track of keypoints: each point's own time where the shutter rolls."""

import numpy as np
import pytest

from station.gait.posture_track import PoseTrack, index_of

HEIGHT_PX = 400


def track(row_s: float) -> PoseTrack:
    xy_px = np.full((3, 33, 2), np.nan)
    xy_px[:2, index_of("left_heel")] = [[10.0, 360.0], [12.0, 380.0]]
    return PoseTrack.of(np.array([0.0, 0.02, 0.04]), xy_px, np.ones((3, 33)), 300, HEIGHT_PX, 50.0, row_s)


def test_point_is_as_much_later_as_its_row_is_lower() -> None:
    rolling = track(20e-6)
    assert rolling.time_of("heel", "left") == pytest.approx([0.0072, 0.0276, 0.044])  # not seen: the middle row
    assert rolling.time_of("nose") == pytest.approx(rolling.t_s + 0.004)
    assert rolling.within(0.01, 0.03).time_of("heel", "left") == pytest.approx([0.0276])


def test_global_shutter_takes_all_points_at_once() -> None:
    assert np.array_equal(track(0.0).time_of("heel", "left"), track(0.0).t_s)
