"""The posture angles in each frame of a track, and why one of them cannot be measured in it."""

from dataclasses import dataclass

import numpy as np

from station.gait import posture_arms as arms
from station.gait.posture_angles import inclination_deg
from station.gait.posture_joints import at_joints
from station.gait.posture_track import ARM_CONFIDENCE, SEEN_CONFIDENCE, PoseTrack
from station.gait.results import PostureResult, Side
from station.words import N_

ARM_SWING = "arm_swing_deg"
"""Near upper arm against the trunk: not among the public angles, but part of the arm verdict."""
_LEAST_SEEN = 0.6
_NECK = ("neck_inclination_deg", "neck_relative_deg")
_ARM = ("forearm_across_deg", "elbow_angle_deg", ARM_SWING)
_ROTATION = "shoulder_rotation_deg"


@dataclass(frozen=True)
class View:
    """How the camera sees the runner: the near side's keypoint labels, the direction, the roll of the picture."""

    near: Side
    direction: int
    roll_deg: float

    @classmethod
    def behind(cls, posture: PostureResult) -> "View":
        """The view that a posture was measured in."""
        near = posture.quality["camera_side_found"]
        return cls(near, 1 if near == "right" else -1, float(posture.quality["roll_deg"]))


def frame_angles(track: PoseTrack, view: View) -> dict[str, np.ndarray]:
    """(n,) degrees by name, NaN where not seen: all angles that a single frame has."""
    ear, shoulder, hip = (track.point(name, view.near) for name in ("ear", "shoulder", "hip"))
    neck = inclination_deg(shoulder, ear, view.direction, view.roll_deg)
    trunk = inclination_deg(hip, shoulder, view.direction, view.roll_deg)
    joints = at_joints(track, view.near)
    return {
        "neck_inclination_deg": neck,
        "neck_relative_deg": neck - trunk,
        "trunk_lean_deg": trunk,
        "shoulder_rotation_deg": arms.shoulder_yaw_deg(joints, view.near, view.direction),
        "elbow_angle_deg": arms.elbow_deg(joints, view.near),
        ARM_SWING: arms.arm_swing_deg(joints, view.near, view.direction),
    }


def refusals(track: PoseTrack, view: View) -> dict[str, str]:
    """Reason by angle, for the angles whose keypoints were seen too rarely."""

    def unseen(*names: str, least_confidence: float = SEEN_CONFIDENCE) -> bool:
        return min(track.seen_share(name, view.near, least_confidence) for name in names) < _LEAST_SEEN

    reasons: dict[str, str] = {}
    if unseen("ear"):
        reasons |= dict.fromkeys(_NECK, N_("The camera found the ear in too few pictures."))
    if unseen("elbow", "wrist", least_confidence=ARM_CONFIDENCE):
        reasons |= dict.fromkeys(_ARM, N_("The camera found the near forearm in too few pictures."))
    if track.seen_share("nose") < _LEAST_SEEN:
        reasons[_ROTATION] = N_("The camera found the face in too few pictures: the shoulders are told against it.")
    if unseen("shoulder", "hip"):
        of_trunk = N_("The camera found the near shoulder and hip in too few pictures.")
        reasons |= dict.fromkeys((*_NECK, *_ARM, _ROTATION, "trunk_lean_deg"), of_trunk)
    return reasons


def standing_angles(standing: PoseTrack | None, view: View) -> dict[str, float]:
    """Median angles of the standing reference; only those that mean something for somebody who stands."""
    if standing is None:
        return {}
    angles = frame_angles(standing, view)
    kept = ("neck_inclination_deg", "neck_relative_deg", "trunk_lean_deg", "elbow_angle_deg")
    return {key: float(np.nanmedian(angles[key])) for key in kept if np.isfinite(angles[key]).any()}
