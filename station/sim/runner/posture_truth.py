"""Posture angles of the named points in metres: what a perfect camera square to one side would measure.

`side` is the side of the runner that this camera sees; forward is +x from either.
"""

from collections.abc import Callable, Mapping

import numpy as np

from station.gait.results import Side
from station.sim.runner.stride_timing import Contact

Points = Mapping[str, np.ndarray]
"""Point name -> (3,) metres in the station's axes."""
_FLAT_AT = 0.42  # share of stance at which every foot is flat on the belt


def inclination_deg(points: Points, low: str, high: str) -> float:
    """From vertical in the side view, forward positive."""
    x, _, z = points[high] - points[low]
    return float(np.degrees(np.arctan2(x, z)))


def neck_inclination_deg(points: Points, side: Side = "right") -> float:
    """Shoulder to ear from vertical, forward positive."""
    return inclination_deg(points, f"{side}_shoulder", f"{side}_ear")


def trunk_lean_deg(points: Points, side: Side = "right") -> float:
    """Hip to shoulder from vertical, forward positive."""
    return inclination_deg(points, f"{side}_hip", f"{side}_shoulder")


def neck_relative_deg(points: Points, side: Side = "right") -> float:
    """Shoulder to ear against hip to shoulder."""
    return neck_inclination_deg(points, side) - trunk_lean_deg(points, side)


def forearm_across_deg(points: Points, side: Side = "right") -> float:
    """Angle of the forearm out of the side view, positive with the hand towards the body's midline."""
    forearm = points[f"{side}_wrist"] - points[f"{side}_elbow"]
    inward = 1 if side == "right" else -1
    return float(np.degrees(np.arcsin(inward * forearm[1] / np.linalg.norm(forearm))))


def shoulder_turn_deg(points: Points) -> float:
    """Turn of the shoulder line about the vertical: positive when the right shoulder is forward."""
    x, y, _ = points["right_shoulder"] - points["left_shoulder"]
    return float(np.degrees(np.arctan2(x, -y)))


def elbow_angle_deg(points: Points, side: Side = "right") -> float:
    """Included angle of the elbow in the side view, 180 = straight."""
    elbow = points[f"{side}_elbow"]
    upper, fore = ((points[f"{side}_{p}"] - elbow)[[0, 2]] for p in ("shoulder", "wrist"))
    return float(np.degrees(np.arccos(upper @ fore / np.linalg.norm(upper) / np.linalg.norm(fore))))


def foot_angle_deg(points: Points, side: str) -> float:
    """Heel to toe from horizontal, toe-up positive."""
    x, _, z = points[f"{side}_foot_index"] - points[f"{side}_heel"]
    return float(np.degrees(np.arctan2(z, x)))


def strike_angle_deg(points_at: Callable[[float], Points], contact: Contact) -> float:
    """Heel to toe at contact minus the same foot flat in mid-stance, toe-up positive; `points_at` takes seconds."""
    landing, flat = (
        foot_angle_deg(points_at(contact.contact_s + share * contact.contact_time_s), contact.side)
        for share in (0.0, _FLAT_AT)
    )
    return landing - flat


def ankle_ahead_m(points: Points, side: str) -> float:
    """Ankle ahead of the hip of its side: at contact, the overstride."""
    return float(points[f"{side}_ankle"][0] - points[f"{side}_hip"][0])
