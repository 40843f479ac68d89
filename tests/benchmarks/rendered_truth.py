"""What the rendered points of a clip say of posture: the truth that a measurement of the clip is held against.

Geometry of the points in metres, never the parameters that the runner was made with. Rotation and forearm leave the
picture's plane: they are true angles in space.
"""

from dataclasses import dataclass

import numpy as np

from station.gait.results import Side
from station.sim.runner.clip import ClipTruth
from station.sim.runner.posture_truth import (
    Points,
    elbow_angle_deg,
    forearm_across_deg,
    neck_inclination_deg,
    shoulder_turn_deg,
    strike_angle_deg,
    trunk_lean_deg,
)
from station.sim.runner.shot import Shot
from tests.sim.runner.truth import m_array


@dataclass(frozen=True)
class TruePosture:
    """Means over the clip's strides, degrees; forearm and rotation: largest minus smallest of a stride."""

    neck_inclination_deg: float
    trunk_lean_deg: float
    elbow_angle_deg: float
    shoulder_rotation_deg: float
    forearm_across_deg: float


def true_posture(truth: ClipTruth) -> TruePosture:
    """Of all frames of a clip, which hold a whole number of strides."""
    side = truth.camera_side
    frames: list[Points] = [dict(zip(truth.points, places, strict=True)) for places in m_array(truth)]
    return TruePosture(
        neck_inclination_deg=float(np.mean([neck_inclination_deg(points, side) for points in frames])),
        trunk_lean_deg=float(np.mean([trunk_lean_deg(points, side) for points in frames])),
        elbow_angle_deg=float(np.mean([elbow_angle_deg(points, side) for points in frames])),
        shoulder_rotation_deg=_mean_range(truth, np.array([shoulder_turn_deg(points) for points in frames])),
        forearm_across_deg=_mean_range(truth, np.abs([forearm_across_deg(points, side) for points in frames])),
    )


def true_strike_deg(shot: Shot, near: Side) -> np.ndarray | None:
    """(contacts,) angle of the near foot at each of its contacts; None where the leg ends in no foot."""

    def points_at(t_s: float) -> Points:
        return shot.body.points(shot.pose(t_s))

    if f"{near}_heel" not in points_at(0.0):
        return None
    return np.array([strike_angle_deg(points_at, contact) for contact in shot.contacts if contact.side == near])


def _mean_range(truth: ClipTruth, values: np.ndarray) -> float:
    """Largest minus smallest within each stride, mean over the strides."""
    starts = np.array([e.contact_s for e in truth.events if e.side == truth.events[0].side])
    of_stride = np.searchsorted(starts, np.arange(len(values)) / truth.fps, side="right") % len(starts)
    return float(np.mean([np.ptp(values[of_stride == k]) for k in range(len(starts))]))
