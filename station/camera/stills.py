"""Which frames may leave the camera daemon as a still: those whose pose is the runner's, cut down to that body."""

import numpy as np

from station.camera import still_cut
from station.camera.blazepose import Pose
from station.camera.ring import KeptFrame, decode, encode
from station.messages import KEYPOINTS

_SHOULDERS, _HIPS = ([KEYPOINTS.index(f"{side}_{name}") for side in ("left", "right")] for name in ("shoulder", "hip"))
_AWAY_TRUNKS = 1.0  # between the hips and where they usually are: a runner stays on the belt, about 0.5 m
_SIZE_RATIO = 1.33  # of the trunk's usual length: nearer to the camera, or farther away, is somebody else


class PosedBodies:
    """The bodies found in the frames of one visit. The pose network follows the most conspicuous person: for a moment
    that may be somebody who walks by, and that frame is not shown."""

    def __init__(self) -> None:
        self.clear()

    def add(self, t_ns: int, pose: Pose | None) -> None:
        """The body found in the frame of that instant."""
        if pose is not None:
            self._poses[t_ns] = pose
            self._places.append(_place(pose))

    def nearest(self, t_ns: int, within_ns: int) -> int | None:
        """The instant of the frame with a pose that is nearest; None where none is within `within_ns`."""
        near = min(self._poses, key=lambda each: abs(each - t_ns), default=None)
        return near if near is not None and abs(near - t_ns) <= within_ns else None

    def still(self, frame: KeptFrame) -> bytes:
        """That frame as JPEG with nothing but the runner in it; empty where it shows no body, or another's."""
        pose = self._poses.get(frame.t_ns)
        if pose is None or not self._is_runner(pose):
            return b""
        picture = still_cut.cut(decode(frame.jpeg), pose.xy_px, pose.confidence)
        return b"" if picture is None else encode(frame.t_ns, picture).jpeg

    def clear(self) -> None:
        """Another visit begins, or nobody is there."""
        self._poses: dict[int, Pose] = {}
        self._places: list[np.ndarray] = []

    def _is_runner(self, pose: Pose) -> bool:
        """Whether the hips are where the visit's usually are, and the trunk as long."""
        usual_x_px, usual_trunk_px = np.median(self._places, axis=0)
        x_px, trunk_px = _place(pose)
        there = abs(x_px - usual_x_px) <= _AWAY_TRUNKS * usual_trunk_px
        return bool(there and 1 / _SIZE_RATIO <= trunk_px / usual_trunk_px <= _SIZE_RATIO)


def _place(pose: Pose) -> np.ndarray:
    """(2,) column of the hips and length of the trunk, px."""
    shoulders, hips = (pose.xy_px[points].mean(axis=0) for points in (_SHOULDERS, _HIPS))
    return np.array([hips[0], np.hypot(*(shoulders - hips))])
