"""The cut of a still: the runner stays, what is around him goes."""

import numpy as np
import pytest

from station.camera.still_cut import LEAST_CONFIDENCE, TONE_RGB, outline, toned
from station.messages import KEYPOINTS
from station.sim.runner.clip_reader import ClipReader
from tests.camera.true_poses import true_pose

CLIPS = ("good_man", "good_woman", "heavy_rearfoot")


def pictures(name: str, frame: int) -> tuple[np.ndarray, np.ndarray]:
    """A frame of a clip, and the treadmill with nobody on it."""
    reader, empty = ClipReader(name), ClipReader("empty")
    out = reader.frame(frame), empty.frame(0)
    reader.close()
    empty.close()
    return out


@pytest.mark.parametrize("name", CLIPS)
@pytest.mark.parametrize("frame", [0, 20])
def test_the_runner_stays_and_the_room_goes(name: str, frame: int) -> None:
    picture, empty = pictures(name, frame)
    runner = np.abs(picture.astype(int) - empty).max(axis=2) > 60
    runner[: int(0.1 * len(runner))] = runner[int(0.82 * len(runner)) :] = False  # the belt's marks move as well
    inside = outline(picture.shape[:2], *true_pose(name, frame))
    assert inside[runner].mean() > 0.93
    assert inside.mean() < 2.2 * runner.mean()
    still = toned(picture, inside)
    assert (still[~inside] == TONE_RGB).all()
    assert (still[inside] == picture[inside]).all()


def test_a_second_person_beside_is_cut_out() -> None:
    picture, _ = pictures("good_man", 0)
    xy_px, confidence = true_pose("good_man", 0)
    hip_x = xy_px[KEYPOINTS.index("right_hip"), 0]
    crowded = picture.copy()
    crowded[:, : int(hip_x - 0.3 * picture.shape[1])] = crowded[:, int(hip_x + 0.3 * picture.shape[1]) :] = (
        255,
        0,
        255,
    )
    still = toned(crowded, outline(crowded.shape[:2], xy_px, confidence))
    assert not (still == (255, 0, 255)).all(axis=2).any()


def test_a_limb_that_no_body_has_is_not_shown() -> None:
    xy_px, confidence = true_pose("good_man", 0)
    usual = outline((540, 960), xy_px, confidence)
    for name in ("right_wrist", "right_index"):
        xy_px[KEYPOINTS.index(name)] = (5, 5)  # the network has put it on somebody else
    assert not (outline((540, 960), xy_px, confidence) & ~usual).any()


@pytest.mark.parametrize("lost", ["shoulder", "hip"])
def test_no_still_where_nothing_tells_the_size_of_the_body(lost: str) -> None:
    xy_px, confidence = true_pose("good_man", 0)
    for side in ("left", "right"):
        confidence[KEYPOINTS.index(f"{side}_{lost}")] = LEAST_CONFIDENCE / 2
    assert outline((540, 960), xy_px, confidence) is None


def test_a_body_at_the_edge_of_the_picture_is_cut_without_error() -> None:
    xy_px, confidence = true_pose("good_man", 0)
    inside = outline((540, 960), xy_px - [np.nanmin(xy_px[:, 0]), 0], confidence)
    assert inside[:, 0].any()
