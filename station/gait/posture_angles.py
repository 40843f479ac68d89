"""Angles of the body in each frame, from keypoints in the image. Forward is positive; the foot's toe-up is positive.

`direction` is +1 where the runner faces image right, -1 image left. `roll_deg` is the turn of the picture: the angle by
which the belt's edge falls towards image right. All functions take (n, 2) pixels and give (n,) degrees, NaN where a
point is not seen.
"""

import numpy as np


def inclination_deg(lower_px: np.ndarray, upper_px: np.ndarray, direction: int, roll_deg: float = 0.0) -> np.ndarray:
    """Angle of the line lower -> upper from vertical."""
    dx, dy = (upper_px - lower_px).T
    return np.degrees(np.arctan2(direction * dx, -dy)) - direction * roll_deg


def swing_deg(upper_px: np.ndarray, lower_px: np.ndarray, direction: int) -> np.ndarray:
    """Angle of a hanging segment (upper arm: shoulder -> elbow) from straight down, forward positive."""
    dx, dy = (lower_px - upper_px).T
    return np.degrees(np.arctan2(direction * dx, dy))


def joint_deg(a_px: np.ndarray, joint_px: np.ndarray, b_px: np.ndarray) -> np.ndarray:
    """Inner angle at `joint_px` between the lines to `a_px` and to `b_px`: 0..180, 180 = straight."""
    u, v = a_px - joint_px, b_px - joint_px
    cross = u[:, 0] * v[:, 1] - u[:, 1] * v[:, 0]
    return np.degrees(np.abs(np.arctan2(cross, (u * v).sum(axis=1))))


def foot_pitch_deg(heel_px: np.ndarray, toe_px: np.ndarray, direction: int) -> np.ndarray:
    """Angle of the line heel -> toe from the image's horizontal, toe-up positive."""
    dx, dy = (toe_px - heel_px).T
    return np.degrees(np.arctan2(-dy, direction * dx))


def out_of_plane_deg(length_px: np.ndarray, true_length_px: float) -> np.ndarray:
    """Angle between a segment and the image plane, by foreshortening: acos(apparent / true length).

    Blind near 0: 5 % of noise in the length is 18 degrees there.
    """
    return np.degrees(np.arccos(np.clip(length_px / true_length_px, 0.0, 1.0)))


def length_px(a_px: np.ndarray, b_px: np.ndarray) -> np.ndarray:
    """(n,) distance between two points."""
    return np.hypot(*(b_px - a_px).T)
