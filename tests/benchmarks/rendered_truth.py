"""What the rendered points of a clip say of posture: the truth that a measurement of the clip is held against.

Geometry of the points in metres with the definitions of `station.gait.posture`, for either side; never the parameters
that the runner was made with. Rotation and forearm leave the picture's plane: they are true angles in space.
"""

from dataclasses import dataclass

import numpy as np

from station.gait.camera_side import other
from station.gait.results import Side
from station.sim.runner.clip import ClipTruth
from station.sim.runner.shot import Shot


@dataclass(frozen=True)
class TruePosture:
    """Means over the clip's strides, degrees; `forearm_across` and `shoulder_rotation` peak to peak."""

    neck_inclination_deg: float
    neck_relative_deg: float
    trunk_lean_deg: float
    elbow_angle_deg: float
    shoulder_rotation_deg: float
    forearm_across_deg: float


def true_posture(truth: ClipTruth, near: Side) -> TruePosture:
    """Of all frames of a clip, which hold a whole number of strides."""
    at = dict(zip(truth.points, np.moveaxis(truth.m_array(), 1, 0), strict=True))
    shoulder, elbow, wrist, hip = (at[f"{near}_{name}"] for name in ("shoulder", "elbow", "wrist", "hip"))
    neck = _from_vertical_deg(at[f"{near}_ear"] - shoulder)
    trunk = _from_vertical_deg(shoulder - hip)
    across = shoulder - at[f"{other(near)}_shoulder"]
    turn = np.degrees(np.arctan2(across[:, 0], np.abs(across[:, 1])))
    forearm = wrist - elbow
    out_of_plane = np.degrees(np.arcsin(np.abs(forearm[:, 1]) / np.linalg.norm(forearm, axis=1)))
    return TruePosture(
        neck_inclination_deg=float(neck.mean()),
        neck_relative_deg=float((neck - trunk).mean()),
        trunk_lean_deg=float(trunk.mean()),
        elbow_angle_deg=float(_side_view_angle_deg(shoulder - elbow, forearm).mean()),
        shoulder_rotation_deg=_mean_range(truth, turn),
        forearm_across_deg=_mean_range(truth, out_of_plane),
    )


def true_strike_deg(shot: Shot, standing: Shot, near: Side) -> np.ndarray | None:
    """(contacts,) pitch of the near foot at each of its contacts minus the same foot standing; None without a foot."""
    flat = _pitch_deg(standing, 0.0, near)
    if flat is None:
        return None
    return np.array([_pitch_deg(shot, c.contact_s, near) for c in shot.contacts if c.side == near]) - flat


def _pitch_deg(shot: Shot, t_s: float, side: Side) -> float | None:
    """Heel to toe from the horizontal, toe-up positive."""
    points = shot.body.points(shot.pose(t_s))
    if f"{side}_heel" not in points or f"{side}_foot_index" not in points:
        return None
    x, _, z = points[f"{side}_foot_index"] - points[f"{side}_heel"]
    return float(np.degrees(np.arctan2(z, x)))


def _from_vertical_deg(upward_m: np.ndarray) -> np.ndarray:
    return np.degrees(np.arctan2(upward_m[:, 0], upward_m[:, 2]))


def _side_view_angle_deg(a_m: np.ndarray, b_m: np.ndarray) -> np.ndarray:
    cross = a_m[:, 0] * b_m[:, 2] - a_m[:, 2] * b_m[:, 0]
    return np.degrees(np.abs(np.arctan2(cross, a_m[:, 0] * b_m[:, 0] + a_m[:, 2] * b_m[:, 2])))


def _mean_range(truth: ClipTruth, values: np.ndarray) -> float:
    """Largest minus smallest within each stride, mean over the strides."""
    starts = np.array([e.contact_s for e in truth.events if e.side == truth.events[0].side])
    of_stride = np.searchsorted(starts, np.arange(len(values)) / truth.fps, side="right") % len(starts)
    return float(np.mean([np.ptp(values[of_stride == k]) for k in range(len(starts))]))
