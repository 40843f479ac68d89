"""Which frames become stills."""

import numpy as np

from station.camera.blazepose import Pose
from station.camera.ring import KeptFrame, decode, encode
from station.camera.stills import PosedBodies
from tests.camera.true_poses import true_pose

FRAME_NS = 16_666_667


def bodies(frames: int = 20) -> PosedBodies:
    made = PosedBodies()
    for k in range(frames):
        made.add(k * FRAME_NS, Pose(*true_pose("good_man", k), people=None))
    return made


def frame(t_ns: int) -> KeptFrame:
    return encode(t_ns, np.full((540, 960, 3), (255, 0, 255), np.uint8))


def test_only_the_body_of_the_frame_itself_is_shown() -> None:
    still = decode(bodies().still(frame(3 * FRAME_NS)))
    magenta = (np.abs(still.astype(int) - (255, 0, 255)).max(axis=2) < 40).mean()
    assert 0.02 < magenta < 0.2
    assert bodies().still(frame(3 * FRAME_NS + 1)) == b""


def test_a_frame_without_a_body_gives_none() -> None:
    made = bodies()
    made.add(50 * FRAME_NS, None)
    assert made.nearest(50 * FRAME_NS, FRAME_NS) is None
    assert made.still(frame(50 * FRAME_NS)) == b""


def test_somebody_who_walks_by_is_not_taken_for_the_runner() -> None:
    made = bodies()
    xy_px, confidence = true_pose("good_man", 0)
    for t_ns, other in ((100, xy_px + np.array([250, 0])), (200, 1.6 * xy_px), (300, 0.6 * xy_px)):
        made.add(t_ns, Pose(np.float32(other), confidence, people=2))
        assert made.still(frame(t_ns)) == b""
    made.add(400, Pose(np.float32(xy_px + np.array([30, 0])), confidence, people=None))  # he drifts on the belt
    assert made.still(frame(400))


def test_nearest_and_clear() -> None:
    made = bodies()
    assert made.nearest(FRAME_NS + 3, 5) == FRAME_NS
    assert made.nearest(FRAME_NS + 30, 5) is None
    made.clear()
    assert made.nearest(FRAME_NS, FRAME_NS) is None
