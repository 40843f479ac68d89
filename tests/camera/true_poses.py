"""The true keypoints of shipped clips, as a pose network would give them."""

import json
from functools import cache

import numpy as np

from station.messages import KEYPOINTS
from station.sim.runner.clip import FOLDER


@cache
def _truth(clip: str) -> dict:
    return json.loads((FOLDER / f"{clip}.json").read_text())


def true_pose(clip: str, frame: int) -> tuple[np.ndarray, np.ndarray]:
    """(33, 2) px and (33,) confidence: 1 where the truth knows the point, else 0."""
    truth = _truth(clip)
    xy_px, confidence = np.full((len(KEYPOINTS), 2), np.nan, np.float32), np.zeros(len(KEYPOINTS), np.float32)
    for name, place in zip(truth["points"], truth["px"][frame], strict=True):
        if name in KEYPOINTS:
            xy_px[KEYPOINTS.index(name)] = place
            confidence[KEYPOINTS.index(name)] = 1.0
    return xy_px, confidence
