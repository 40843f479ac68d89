"""Which frames may leave the camera daemon as a still: those that show the runner alone, cut down to that body."""

from collections.abc import Callable, Iterator

import numpy as np

from station.camera import still_cut
from station.camera.blazepose import Pose
from station.camera.bystanders import others_in
from station.camera.detector import PersonDetector
from station.camera.ring import KeptFrame, decode, encode
from station.messages import KEYPOINTS

_SHOULDERS, _HIPS = ([KEYPOINTS.index(f"{side}_{name}") for side in ("left", "right")] for name in ("shoulder", "hip"))
_AWAY_TRUNKS = 1.0  # between the hips and where they usually are: a runner stays on the belt, about 0.5 m
_SIZE_RATIO = 1.33  # of the trunk's usual length: nearer to the camera, or farther away, is somebody else
OTHERS_NEAR_NS = 2_000_000_000
"""From a check that counted more than one person to a still: somebody who walks past is behind the runner for less."""
_LOOK_ASIDE_NS = (-500_000_000, 500_000_000)
"""From a still to the frames that are searched for others too: who is hidden by the runner shows beside him then."""
_ASIDE_WITHIN_NS = 400_000_000  # of such an instant


class PosedBodies:
    """The bodies found in the frames of one visit. The pose network follows the most conspicuous person: for a moment
    that may be somebody who walks by, and that frame is not shown.

    `detector` is asked for when the first still is; `frame_at` gives the frame of the very instant, while it is kept.
    """

    def __init__(self, detector: Callable[[], PersonDetector], frame_at: Callable[[int], KeptFrame | None]) -> None:
        self._detector = detector
        self._frame_at = frame_at
        self.clear()

    def add(self, t_ns: int, pose: Pose | None) -> None:
        """The body found in the frame of that instant."""
        if pose is not None:
            self._poses[t_ns] = pose
            self._places.append(_place(pose))
            if pose.people is not None and pose.people > 1:
                self._crowded_ns.append(t_ns)

    def nearest(self, t_ns: int, within_ns: int) -> int | None:
        """The instant of the frame with a pose that is nearest; None where none is within `within_ns`."""
        near = min(self._poses, key=lambda each: abs(each - t_ns), default=None)
        return near if near is not None and abs(near - t_ns) <= within_ns else None

    def still(self, frame: KeptFrame) -> bytes:
        """That frame as JPEG with nothing but the runner in it; empty where it shows no body, or anybody else.

        Raises InputError where the detector's weights are not there.
        """
        pose = self._poses.get(frame.t_ns)
        if pose is None or not self._is_runner(pose) or self._others_near(frame):
            return b""
        image_rgb = decode(frame.jpeg)
        inside = _outline(image_rgb, pose)
        return b"" if inside is None else encode(frame.t_ns, still_cut.toned(image_rgb, inside)).jpeg

    def clear(self) -> None:
        """Another visit begins, or nobody is there."""
        self._poses: dict[int, Pose] = {}
        self._places: list[np.ndarray] = []
        self._crowded_ns: list[int] = []
        self._searched: dict[int, bool] = {}  # whether others were found in the frame of that instant

    def _others_near(self, frame: KeptFrame) -> bool:
        """Whether more than one person was counted about then, or others are found in this frame or beside it."""
        if any(abs(each - frame.t_ns) <= OTHERS_NEAR_NS for each in self._crowded_ns):
            return True
        return self._shows_others(frame) or any(map(self._shows_others, self._aside(frame.t_ns)))

    def _aside(self, t_ns: int) -> Iterator[KeptFrame]:
        """Posed frames shortly before and after an instant, as far as there are any."""
        for ahead_ns in _LOOK_ASIDE_NS:
            near_ns = self.nearest(t_ns + ahead_ns, _ASIDE_WITHIN_NS)
            frame = self._frame_at(near_ns) if near_ns is not None else None
            if frame is not None:
                yield frame

    def _shows_others(self, frame: KeptFrame) -> bool:
        if frame.t_ns not in self._searched:
            image_rgb = decode(frame.jpeg)
            inside = _outline(image_rgb, self._poses[frame.t_ns])
            self._searched[frame.t_ns] = inside is not None and others_in(image_rgb, inside, self._detector())
        return self._searched[frame.t_ns]

    def _is_runner(self, pose: Pose) -> bool:
        """Whether the hips are where the visit's usually are, and the trunk as long."""
        usual_x_px, usual_trunk_px = np.median(self._places, axis=0)
        x_px, trunk_px = _place(pose)
        there = abs(x_px - usual_x_px) <= _AWAY_TRUNKS * usual_trunk_px
        return bool(there and 1 / _SIZE_RATIO <= trunk_px / usual_trunk_px <= _SIZE_RATIO)


def _outline(image_rgb: np.ndarray, pose: Pose) -> np.ndarray | None:
    return still_cut.outline(image_rgb.shape[:2], pose.xy_px, pose.confidence)


def _place(pose: Pose) -> np.ndarray:
    """(2,) column of the hips and length of the trunk, px."""
    shoulders, hips = (pose.xy_px[points].mean(axis=0) for points in (_SHOULDERS, _HIPS))
    return np.array([hips[0], np.hypot(*(shoulders - hips))])
