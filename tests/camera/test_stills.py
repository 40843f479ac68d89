"""Which frames become stills."""

from functools import cache
from pathlib import Path

import numpy as np
import pytest

from station.camera import still_cut
from station.camera.blazepose import Pose
from station.camera.detector import PersonDetector
from station.camera.ring import KeptFrame, decode, encode
from station.camera.stills import OTHERS_NEAR_NS, PosedBodies
from station.sim.runner.clip_reader import ClipReader
from tests.camera.true_poses import true_pose

FRAME_NS = 16_666_667


@pytest.fixture(scope="module")
def detector(weights_dir: Path) -> PersonDetector:
    return PersonDetector(weights_dir)


@pytest.fixture
def bodies(detector: PersonDetector) -> PosedBodies:
    """Of a runner who is alone, as far as anybody has counted."""
    made = PosedBodies(lambda: detector, {}.get)
    for k in range(20):
        made.add(k * FRAME_NS, Pose(*true_pose("good_man", k), people=1 if k == 0 else None))
    return made


@cache
def picture(clip: str, k: int) -> np.ndarray:
    reader = ClipReader(clip)
    image_rgb = reader.frame(k)
    reader.close()
    return image_rgb


def frame(t_ns: int, k: int = 0) -> KeptFrame:
    return encode(t_ns, picture("good_man", k))


def with_somebody_behind(k: int, beside_px: int) -> np.ndarray:
    """Another runner, `beside_px` to the right in the picture, farther away than the runner of the clip."""
    image_rgb, other = picture("good_man", k), picture("heavy_rearfoot", k)
    shape = image_rgb.shape[:2]
    runner = still_cut.outline(shape, *true_pose("good_man", k))
    body = np.roll(still_cut.outline(shape, *true_pose("heavy_rearfoot", k)), beside_px, axis=1) & ~runner
    return np.where(body[:, :, None], np.roll(other, beside_px, axis=1), image_rgb)


def test_only_the_body_of_the_frame_itself_is_shown(bodies: PosedBodies) -> None:
    still = decode(bodies.still(frame(3 * FRAME_NS, 3)))
    plain = (np.abs(still.astype(int) - still_cut.TONE_RGB).max(axis=2) < 12).mean()
    assert 0.8 < plain < 0.98
    assert bodies.still(frame(3 * FRAME_NS + 1, 3)) == b""


def test_a_frame_without_a_body_gives_none(bodies: PosedBodies) -> None:
    bodies.add(50 * FRAME_NS, None)
    assert bodies.nearest(50 * FRAME_NS, FRAME_NS) is None
    assert bodies.still(frame(50 * FRAME_NS)) == b""


def test_somebody_who_walks_by_is_not_taken_for_the_runner(bodies: PosedBodies) -> None:
    xy_px, confidence = true_pose("good_man", 0)
    for t_ns, other in ((100, xy_px + np.array([250, 0])), (200, 1.6 * xy_px), (300, 0.6 * xy_px)):
        bodies.add(t_ns, Pose(np.float32(other), confidence, people=None))
        assert bodies.still(frame(t_ns)) == b""
    bodies.add(400, Pose(np.float32(xy_px + np.array([10, 0])), confidence, people=None))  # he drifts on the belt
    assert bodies.still(frame(400))


@pytest.mark.parametrize("beside_px", [-300, -90, 60, 90, 300])
def test_no_still_while_somebody_else_is_in_the_picture_though_nobody_was_counted(
    bodies: PosedBodies, beside_px: int
) -> None:
    assert bodies.still(encode(5 * FRAME_NS, with_somebody_behind(5, beside_px))) == b""


def test_no_still_near_a_count_of_more_than_one_person(bodies: PosedBodies) -> None:
    pose = true_pose("good_man", 0)
    shown_ns, seconds_ns = 19 * FRAME_NS, OTHERS_NEAR_NS
    bodies.add(shown_ns + seconds_ns + 1, Pose(*pose, people=2))
    assert bodies.still(frame(shown_ns, 19))
    bodies.add(shown_ns + seconds_ns - 1, Pose(*pose, people=2))
    assert bodies.still(frame(shown_ns, 19)) == b""
    bodies.clear()
    bodies.add(shown_ns, Pose(*pose, people=1))
    assert bodies.still(frame(shown_ns))  # another visit


@pytest.mark.parametrize("later_ns", [-600_000_000, 300_000_000, 800_000_000])
def test_nobody_hides_behind_the_runner_who_is_beside_him_shortly_before_or_after(
    detector: PersonDetector, later_ns: int
) -> None:
    beside = encode(later_ns, with_somebody_behind(5, 90))
    bodies = PosedBodies(lambda: detector, {later_ns: beside}.get)
    bodies.add(0, Pose(*true_pose("good_man", 5), people=None))
    assert bodies.still(frame(0, 5))
    bodies.add(later_ns, Pose(*true_pose("good_man", 5), people=None))
    assert bodies.still(frame(0, 5)) == b""


def test_a_coach_who_is_posed_instead_of_the_runner_is_not_shown(detector: PersonDetector) -> None:
    """Whom the network follows most of the time looks like the runner by place and size."""
    bodies = PosedBodies(lambda: detector, {}.get)
    place = np.array([300, 0])
    xy_px, confidence = true_pose("heavy_rearfoot", 5)
    bodies.add(FRAME_NS, Pose(np.float32(xy_px + place), confidence, people=None))
    assert bodies.still(encode(FRAME_NS, with_somebody_behind(5, 300))) == b""


def test_nearest_and_clear(bodies: PosedBodies) -> None:
    assert bodies.nearest(FRAME_NS + 3, 5) == FRAME_NS
    assert bodies.nearest(FRAME_NS + 30, 5) is None
    bodies.clear()
    assert bodies.nearest(FRAME_NS, FRAME_NS) is None
