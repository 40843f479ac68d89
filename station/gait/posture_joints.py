"""The near arm's joint centres behind the network's labels: BlazePose labels what is seen, an arm bends at its joints.

The neck is told from label to label: there the label's height (+7 % of a change), the perspective of an ear that is
further away than the shoulder (+9 % at 3 m) and the network's reluctance to follow a head forward (-13 %) cancel to a
tenth, so that to correct one of them alone would do harm (docs/decisions/0018).
"""

from dataclasses import replace

import numpy as np

from station.gait.posture_track import PoseTrack, index_of
from station.gait.results import Side

ACROMION_ABOVE_JOINT_TRUNKS = 0.06
"""The shoulder's label lies at the acromion, about 3 cm above the joint's centre (de Leva 1996, J Biomech 29:1231: 10 %
of the upper arm) in a trunk of 0.5 m; sd 0.02."""
ELBOW_INSIDE_TRUNKS = 0.044
"""The elbow's label lies in the middle of the flesh, in the crook of a bent arm: about half the arm's radius, 2 cm, off
the joint's axis towards the inside; sd 0.02. On rendered arms (elbow near a right angle) the angle between the labels
was 5-8 degrees too large, of which the shoulder's label explains 1.5. A straight arm has no inside."""


def at_joints(track: PoseTrack, side: Side) -> PoseTrack:
    """The track with one side's shoulder and elbow moved from their labels to the joints; its confidence stays.

    A point stays where it is in a frame in which those that tell its joint are missing.
    """
    shoulder, elbow, wrist, hip = (index_of(f"{side}_{name}") for name in ("shoulder", "elbow", "wrist", "hip"))
    xy_px = track.xy_px.copy()
    trunk = xy_px[:, hip] - xy_px[:, shoulder]
    _move(xy_px, shoulder, ACROMION_ABOVE_JOINT_TRUNKS * trunk)
    inside = (_unit(xy_px[:, shoulder] - xy_px[:, elbow]) + _unit(xy_px[:, wrist] - xy_px[:, elbow])) / 2
    _move(xy_px, elbow, -ELBOW_INSIDE_TRUNKS * np.linalg.norm(trunk, axis=1, keepdims=True) * inside)
    return replace(track, xy_px=xy_px)


def _move(xy_px: np.ndarray, point: int, by_px: np.ndarray) -> None:
    xy_px[:, point] += np.where(np.isfinite(by_px), by_px, 0.0)


def _unit(vectors: np.ndarray) -> np.ndarray:
    """Of length one; nought where a vector is."""
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
