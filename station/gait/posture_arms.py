"""Arms and shoulder line in a side view: elbow, swing, forearm across the body, rotation of the shoulders.

Forearm and rotation leave the image plane, so they come from apparent lengths: indicators, not angles.
"""

import numpy as np

from station.gait.posture_angles import inclination_deg, joint_deg, length_px, out_of_plane_deg, swing_deg
from station.gait.posture_strides import Strides, stride_extremes, without_outliers
from station.gait.posture_track import ARM_CONFIDENCE, PoseTrack
from station.gait.results import Series, Side

SHOULDER_WIDTH_TRUNKS = 0.70
"""Distance between the shoulder joints in trunk lengths: about 0.20 of 0.29 body heights (simulated bodies: 0.70)."""
_BLIND_SHARE = 0.05


def elbow_deg(track: PoseTrack, near: Side) -> np.ndarray:
    """(n,) inner elbow angle of the near arm, 180 = straight."""
    shoulder = track.point("shoulder", near)
    return joint_deg(shoulder, *(track.point(name, near, ARM_CONFIDENCE) for name in ("elbow", "wrist")))


def arm_swing_deg(track: PoseTrack, near: Side, direction: int) -> np.ndarray:
    """(n,) near upper arm against the trunk, forward positive."""
    shoulder, hip = (track.point(name, near) for name in ("shoulder", "hip"))
    elbow = track.point("elbow", near, ARM_CONFIDENCE)
    return swing_deg(shoulder, elbow, direction) + inclination_deg(hip, shoulder, direction)


def forearm_px(track: PoseTrack, near: Side) -> np.ndarray:
    """(n,) apparent length of the near forearm."""
    return length_px(*(track.point(name, near, ARM_CONFIDENCE) for name in ("elbow", "wrist")))


def forearm_across(t_s: np.ndarray, length: np.ndarray, strides: Strides, standing_px: float | None) -> Series:
    """Angle of the near forearm out of the image plane, in degrees, largest minus smallest of each stride.

    `length` (n,) is its apparent length. Its true length is the longest of a usual stride, or its length in the
    standing reference where that is longer: a forearm that lies across the body all the time is seen only so. Within
    5 % of its true length it counts as in the plane, because foreshortening is blind there.
    """
    t_mid, shortest, longest = stride_extremes(t_s, length, strides)
    true_px = max(float(np.median(longest)), standing_px or 0.0) if len(t_mid) else 0.0
    if true_px <= 0:
        return Series(np.zeros(0), np.zeros(0))
    across = out_of_plane_deg(shortest, true_px) - out_of_plane_deg(longest, (1 - _BLIND_SHARE) * true_px)
    return without_outliers(Series(t_mid, across))


def shoulder_yaw_deg(track: PoseTrack, near: Side, direction: int) -> np.ndarray:
    """(n,) turn of the shoulder line about the vertical, near shoulder forward positive, about the run's own middle.

    asin of the near shoulder's travel along the image against the nose, over half the shoulders' distance. The far
    shoulder would double the travel, but the network only guesses it (docs/decisions/0015); the nose lies ahead of the
    axis that trunk and head turn about, so a turn hardly moves it along the image. Only the swing means something.
    """
    shoulder, hip = (track.point(name, near) for name in ("shoulder", "hip"))
    trunk_px = length_px(hip, shoulder)
    ahead = direction * (shoulder[:, 0] - track.point("nose")[:, 0])
    if not np.isfinite(ahead).any():
        return np.full(len(track.t_s), np.nan)
    middle = np.nanquantile(ahead, (0.05, 0.95)).mean()  # not the median: frames crowd about the contacts
    share = (ahead - middle) / (SHOULDER_WIDTH_TRUNKS / 2 * np.nanmedian(trunk_px))
    return np.degrees(np.arcsin(np.clip(share, -1, 1)))
