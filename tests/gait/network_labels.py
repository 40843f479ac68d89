"""True joints as the pose network would label them: the reverse of `station.gait.posture_joints`.

The ear moves with the shoulder, since the neck is told from label to label.
"""

import numpy as np

from station.gait.posture_joints import ACROMION_ABOVE_JOINT_TRUNKS, ELBOW_INSIDE_TRUNKS
from station.gait.posture_track import index_of
from station.gait.results import SIDES

_ROUNDS = 8  # of a contraction by about ten a round


def network_labels(joints_px: np.ndarray) -> np.ndarray:
    """(n, 33, 2) pixels with shoulders and elbows moved from the joints' centres to where the network puts them."""
    labels_px = joints_px.copy()
    for side in SIDES:
        shoulder, elbow, wrist, hip = (
            joints_px[:, index_of(f"{side}_{name}")] for name in ("shoulder", "elbow", "wrist", "hip")
        )
        acromion = hip + (shoulder - hip) / (1 - ACROMION_ABOVE_JOINT_TRUNKS)
        labels_px[:, index_of(f"{side}_shoulder")] = acromion
        labels_px[:, index_of(f"{side}_ear")] += acromion - shoulder
        offset_px = ELBOW_INSIDE_TRUNKS * np.linalg.norm(acromion - hip, axis=1, keepdims=True)
        label = elbow
        for _ in range(_ROUNDS):
            label = elbow + offset_px * (_unit(shoulder - label) + _unit(wrist - label)) / 2
        labels_px[:, index_of(f"{side}_elbow")] = label
    return labels_px


def _unit(vectors: np.ndarray) -> np.ndarray:
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
