"""Posture angles of the named points in metres: what a perfect side camera on the right would measure."""

from collections.abc import Mapping

import numpy as np

Points = Mapping[str, np.ndarray]
"""Point name -> (3,) metres in the station's axes."""


def inclination_deg(points: Points, low: str, high: str) -> float:
    """From vertical in the side view, forward positive."""
    x, _, z = points[high] - points[low]
    return float(np.degrees(np.arctan2(x, z)))


def neck_relative_deg(points: Points) -> float:
    """Shoulder to ear against hip to shoulder, near (right) side."""
    neck = inclination_deg(points, "right_shoulder", "right_ear")
    return neck - inclination_deg(points, "right_hip", "right_shoulder")


def forearm_across_deg(points: Points) -> float:
    """Angle of the near forearm out of the side view, positive with the hand towards the body's midline."""
    forearm = points["right_wrist"] - points["right_elbow"]
    return float(np.degrees(np.arcsin(forearm[1] / np.linalg.norm(forearm))))


def shoulder_turn_deg(points: Points) -> float:
    """Turn of the shoulder line about the vertical: positive when the right shoulder is forward."""
    x, y, _ = points["right_shoulder"] - points["left_shoulder"]
    return float(np.degrees(np.arctan2(x, -y)))


def elbow_angle_deg(points: Points) -> float:
    """Included angle of the near elbow in the side view, 180 = straight."""
    upper, fore = (points[p][[0, 2]] - points["right_elbow"][[0, 2]] for p in ("right_shoulder", "right_wrist"))
    return float(np.degrees(np.arccos(upper @ fore / np.linalg.norm(upper) / np.linalg.norm(fore))))


def foot_angle_deg(points: Points, side: str) -> float:
    """Heel to toe from horizontal, toe-up positive."""
    x, _, z = points[f"{side}_foot_index"] - points[f"{side}_heel"]
    return float(np.degrees(np.arctan2(z, x)))
