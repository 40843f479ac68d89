"""The truth of a rendered clip, as the tests read it."""

from functools import cache
from pathlib import Path

import msgspec
import numpy as np

from station.sim.runner.clip import FOLDER, ClipTruth, existing


@cache
def load_truth(name: str, folder: Path = FOLDER) -> ClipTruth:
    """The truth of the clip `name`. Raises ConfigError where there is none."""
    return msgspec.json.decode(existing(folder / f"{name}.json").read_bytes(), type=ClipTruth)


def px_array(truth: ClipTruth) -> np.ndarray:
    """(frames, points, 2) pixels."""
    return np.array(truth.px)


def m_array(truth: ClipTruth) -> np.ndarray:
    """(frames, points, 3) metres."""
    return np.array(truth.m)
