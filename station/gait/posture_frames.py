"""The posture angles in each frame of a track, and why one of them cannot be measured in it."""

from dataclasses import dataclass

import numpy as np

from station.gait import posture_arms as arms
from station.gait.camera_side import other
from station.gait.posture_angles import inclination_deg
from station.gait.posture_track import ARM_CONFIDENCE, FAR_SHOULDER_CONFIDENCE, PoseTrack
from station.gait.results import PostureResult, Side

ARM_SWING = "arm_swing_deg"
"""Near upper arm against the trunk: not among the public angles, but part of the arm verdict."""
_LEAST_SEEN = 0.6
_LEAST_FAR_SHOULDER_SEEN = 0.5


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
    return {
        "neck_inclination_deg": neck,
        "neck_relative_deg": neck - trunk,
        "trunk_lean_deg": trunk,
        "shoulder_rotation_deg": arms.shoulder_yaw_deg(track, view.near, view.direction),
        "elbow_angle_deg": arms.elbow_deg(track, view.near),
        ARM_SWING: arms.arm_swing_deg(track, view.near, view.direction),
    }


def refusals(track: PoseTrack, view: View) -> dict[str, str]:
    """Reason by angle, for the angles whose keypoints were hidden too often."""
    reasons: dict[str, str] = {}
    if track.seen_share("ear", view.near) < _LEAST_SEEN:
        hidden = "The ear is hidden most of the time (hood, hair or headphones)."
        reasons |= {"neck_inclination_deg": hidden, "neck_relative_deg": hidden}
    if min(track.seen_share(name, view.near, ARM_CONFIDENCE) for name in ("elbow", "wrist")) < _LEAST_SEEN:
        hidden = "The near forearm is hidden most of the time."
        reasons |= {"forearm_across_deg": hidden, "elbow_angle_deg": hidden}
    if min(track.seen_share(name, view.near) for name in ("shoulder", "hip")) < _LEAST_SEEN:
        hidden = "The near shoulder or hip is hidden most of the time."
        reasons |= {"neck_relative_deg": hidden, "trunk_lean_deg": hidden, "shoulder_rotation_deg": hidden}
    far_shoulder = track.seen_share("shoulder", other(view.near), FAR_SHOULDER_CONFIDENCE)
    if far_shoulder < _LEAST_FAR_SHOULDER_SEEN:
        reasons["shoulder_rotation_deg"] = "The far shoulder is hidden most of the time."
    return reasons


def standing_angles(standing: PoseTrack | None, view: View) -> dict[str, float]:
    """Median angles of the standing reference; only those that mean something for somebody who stands."""
    if standing is None:
        return {}
    angles = frame_angles(standing, view)
    kept = ("neck_inclination_deg", "neck_relative_deg", "trunk_lean_deg", "elbow_angle_deg")
    return {key: float(np.nanmedian(angles[key])) for key in kept if np.isfinite(angles[key]).any()}
