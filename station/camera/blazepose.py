"""One person's pose from frame to frame: the detector only where the track is lost, no smoothing filter.

A smoothing filter would delay ear and hip by 20-30 ms and the feet by 5, so that the joints of one frame belonged to
different instants.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from station.camera.detector import PersonDetector
from station.camera.landmarks import LandmarkNetwork, Landmarks, Model
from station.camera.roi import Region, separate

_MIN_PRESENCE = 0.5


@dataclass(frozen=True)
class Pose:
    """33 keypoints (order of messages.KEYPOINTS) in px of the frame, with confidence 0..1."""

    xy_px: np.ndarray  # float32 (33, 2)
    confidence: np.ndarray  # float32 (33,)
    people: int | None  # separate people in this frame; None: nobody looked
    foot_turn_deg: np.ndarray | None = None  # float32 (2,) left, right; None: there is no standing shoe to compare with


class PoseTracker:
    """Follows the largest person. Not safe for threads: one tracker a worker."""

    def __init__(self, weights_dir: Path, model: Model = "heavy", threads: int = 1) -> None:
        self._detector = PersonDetector(weights_dir, threads)
        self._landmarks = LandmarkNetwork(weights_dir, model, threads)
        self._region: Region | None = None

    def forget(self) -> None:
        """The next frame does not follow on the last one: begin it with the detector."""
        self._region = None

    def find(self, image_rgb: np.ndarray, look_around: bool = False) -> Pose | None:
        """The pose in a uint8 (h, w, 3) image, None where nobody is seen.

        `look_around` runs the detector although the track holds, to count the people: the detector alone often
        sees only one of two people, and then not always the one that is followed.
        """
        followed = self._follow(image_rgb, self._region)
        if followed is not None and not look_around:
            return Pose(followed.xy_px, followed.confidence, people=None)
        detected = self._detector.find(image_rgb)
        if followed is None and detected:
            followed = self._follow(image_rgb, max(detected, key=lambda region: region.side_px))
        if followed is None:
            return None
        people = separate([followed.next_region, *detected])
        return Pose(followed.xy_px, followed.confidence, people=len(people))

    def _follow(self, image_rgb: np.ndarray, region: Region | None) -> Landmarks | None:
        """Keypoints in that region; remembers where to look next, or that the track is lost."""
        found = self._landmarks.find(image_rgb, region) if region is not None else None
        self._region = found.next_region if found is not None and found.presence >= _MIN_PRESENCE else None
        return found if self._region is not None else None
