"""The user's keypoints file: BlazePose's names, pixels, one row a frame."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from station.errors import InputError
from station.messages import KEYPOINTS
from station.records import csv_table

MIN_DURATION_S = 2.0
MAX_PIXELS = 100_000.0
_PARTS = ("x_px", "y_px", "confidence")


@dataclass(frozen=True)
class KeypointTrack:
    """Keypoints over time; a keypoint that was not seen is NaN with confidence 0."""

    t_s: np.ndarray  # (n,)
    xy_px: np.ndarray  # (n, 33, 2)
    confidence: np.ndarray  # (n, 33)


def read_keypoints(path: Path) -> KeypointTrack:
    """Read `time_s` and `<name>_x_px,<name>_y_px,<name>_confidence` for each keypoint there is. Raises InputError."""
    optional = [f"{name}_{part}" for name in KEYPOINTS for part in _PARTS]
    columns = csv_table.read(path, ("time_s",), may_be_empty=optional)
    t_s = columns["time_s"]
    csv_table.check_time(path, t_s, MIN_DURATION_S)
    xy_px = np.full((len(t_s), len(KEYPOINTS), 2), np.nan)
    confidence = np.zeros((len(t_s), len(KEYPOINTS)))
    for i, name in enumerate(KEYPOINTS):
        present = [part for part in _PARTS if f"{name}_{part}" in columns]
        if not present:
            continue
        if len(present) < len(_PARTS):
            raise InputError(f"{path}: keypoint {name} has only {', '.join(present)}; give all of {', '.join(_PARTS)}")
        x, y, c = (columns[f"{name}_{part}"] for part in _PARTS)
        csv_table.check_range(path, f"{name}_x_px", x, MAX_PIXELS, "pixels")
        csv_table.check_range(path, f"{name}_y_px", y, MAX_PIXELS, "pixels")
        wrong = np.flatnonzero((c < 0) | (c > 1))
        if len(wrong):
            raise InputError(f"{path}: row {wrong[0] + 2}, column {name}_confidence: must lie within 0..1")
        seen = ~(np.isnan(x) | np.isnan(y) | np.isnan(c))
        xy_px[seen, i] = np.stack([x, y], axis=1)[seen]
        confidence[seen, i] = c[seen]
    if not confidence.any():
        raise InputError(f"{path}: no keypoint in it; columns are named like left_ear_x_px (BlazePose's 33 names)")
    return KeypointTrack(t_s, xy_px, confidence)
