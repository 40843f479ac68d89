"""Cuts a still down to the runner: everything outside the body's outline becomes one plain tone.

The outline is drawn from the keypoints of that very frame: a capsule around each limb, as wide as body and clothes are
at most against the trunk's length, and a circle around the head. Widths: half of the greatest breadths and depths of
Winter 2009 (Biomechanics and Motor Control of Human Movement, table 4.1 and figure 4.1; trunk 0.288 of the stature),
with room for clothes, hair and a keypoint that is a little off.
"""

import cv2
import numpy as np

from station.messages import KEYPOINTS

TONE_RGB = (200, 204, 209)
LEAST_CONFIDENCE = 0.2
_SIDES = ("left", "right")
_LIMBS: tuple[tuple[str, str, float, float, float], ...] = (
    ("shoulder", "elbow", 0.19, 0.16, 0.9),
    ("elbow", "wrist", 0.16, 0.13, 0.9),
    ("wrist", "index", 0.14, 0.14, 0.6),
    ("hip", "knee", 0.27, 0.20, 1.2),
    ("knee", "ankle", 0.20, 0.15, 1.2),
    ("ankle", "heel", 0.14, 0.12, 0.5),
    ("heel", "foot_index", 0.12, 0.12, 0.9),
    ("ankle", "foot_index", 0.14, 0.12, 0.8),
)
"""From, to, radius at either end, and the greatest length: all in lengths of the trunk."""
_EARS = ("left_ear", "right_ear")
_HEAD_RADIUS, _FACE_RADIUS, _NECK_RADIUS, _TRUNK_RADIUS, _WAIST_RADIUS = 0.28, 0.15, 0.20, 0.26, 0.27
_LONGEST_NECK = 0.9


def toned(image_rgb: np.ndarray, kept: np.ndarray) -> np.ndarray:
    """The uint8 (h, w, 3) image where bool (h, w) `kept`, and one plain tone elsewhere."""
    return np.where(kept[:, :, None], image_rgb, np.uint8(TONE_RGB))


def outline(shape: tuple[int, int], xy_px: np.ndarray, confidence: np.ndarray) -> np.ndarray | None:
    """Bool (h, w): where the body is, at most. None without shoulders and hips: nothing tells how large it is.

    `xy_px` (33, 2), `confidence` (33,): of messages.KEYPOINTS.
    """
    points = {
        name: xy
        for name, xy, sure in zip(KEYPOINTS, xy_px, confidence, strict=True)
        if sure >= LEAST_CONFIDENCE and np.isfinite(xy).all()
    }
    shoulders, hips = (_middle(points, [f"{side}_{name}" for side in _SIDES]) for name in ("shoulder", "hip"))
    if shoulders is None or hips is None:
        return None
    trunk_px = float(np.hypot(*(shoulders - hips)))
    mask = np.zeros(shape, np.uint8)
    pen = _Pen(mask, trunk_px)
    pen.capsule(shoulders, hips, _TRUNK_RADIUS, _WAIST_RADIUS)
    head = _middle(points, _EARS)
    if head is not None and np.hypot(*(head - shoulders)) <= _LONGEST_NECK * trunk_px:
        pen.capsule(shoulders, head, _NECK_RADIUS, _NECK_RADIUS)
        pen.capsule(head, points.get("nose", head), _HEAD_RADIUS, _FACE_RADIUS)
    for side in _SIDES:
        for start, end, at_start, at_end, longest in _LIMBS:
            a, b = points.get(f"{side}_{start}"), points.get(f"{side}_{end}")
            if a is not None and b is not None and np.hypot(*(a - b)) <= longest * trunk_px:
                pen.capsule(a, b, at_start, at_end)
    return mask > 0


class _Pen:
    """Fills capsules; radii in lengths of the trunk."""

    def __init__(self, mask: np.ndarray, trunk_px: float) -> None:
        self._mask = mask
        self._trunk_px = trunk_px

    def capsule(self, start: np.ndarray, end: np.ndarray, at_start: float, at_end: float) -> None:
        """All between two circles: their common hull."""
        rims = [_circle(start, at_start * self._trunk_px), _circle(end, at_end * self._trunk_px)]
        hull = cv2.convexHull(np.concatenate(rims).astype(np.float32))
        cv2.fillConvexPoly(self._mask, np.rint(hull).astype(np.int32), 1)


def _circle(centre: np.ndarray, radius_px: float) -> np.ndarray:
    turn = np.linspace(0, 2 * np.pi, 32, endpoint=False)
    return centre + radius_px * np.column_stack([np.cos(turn), np.sin(turn)])


def _middle(points: dict[str, np.ndarray], names: list[str] | tuple[str, ...]) -> np.ndarray | None:
    there = [points[name] for name in names if name in points]
    return np.mean(there, axis=0) if there else None
