"""How fast the background moves in the picture: a camera that pans or is bumped moves it, a runner does not.

Sparse optical flow (Lucas-Kanade 1981, pyramids; corners by Shi and Tomasi 1994) outside the person, median of the
corners.
"""

import cv2
import numpy as np

WIDTH_PX = 480  # corners are followed in a picture of this width
_CORNERS = 120
_MIN_CORNERS = 12
_ROOM = 0.15  # around the person, in heights of the person: arms and feet that the keypoints miss, and shadows


def shrink(image_rgb: np.ndarray) -> np.ndarray:
    """uint8 (h, w, 3) -> grey (h', WIDTH_PX), as `speed_px_s` takes it."""
    height = max(1, round(image_rgb.shape[0] * WIDTH_PX / image_rgb.shape[1]))
    small = cv2.resize(image_rgb, (WIDTH_PX, height), interpolation=cv2.INTER_AREA)
    return cv2.cvtColor(small, cv2.COLOR_RGB2GRAY)


def speed_px_s(
    before: np.ndarray, after: np.ndarray, gap_s: float, image_width_px: int, person_px: np.ndarray
) -> float:
    """Median speed of the background in px of the whole image a second; NaN where it shows too few corners.

    `before`, `after`: two frames through `shrink`, `gap_s` apart (few hundredths of a second); `person_px` (k, 2):
    keypoints in px of the whole image, NaN allowed.
    """
    scale = WIDTH_PX / image_width_px
    mask = _outside(before.shape, person_px * scale)
    corners = cv2.goodFeaturesToTrack(before, _CORNERS, 0.01, 8, mask=mask)
    if corners is None or len(corners) < _MIN_CORNERS:
        return float("nan")
    moved, found, _ = cv2.calcOpticalFlowPyrLK(before, after, corners, None)
    shift = (moved - corners)[found.ravel() == 1].reshape(-1, 2)
    if len(shift) < _MIN_CORNERS:
        return float("nan")
    return float(np.hypot(*np.median(shift, axis=0)) / scale / gap_s)


def _outside(shape: tuple[int, ...], person: np.ndarray) -> np.ndarray:
    """255 where a corner may be picked: everywhere but in the box around the person."""
    mask = np.full(shape, 255, np.uint8)
    if np.isfinite(person).any():
        left, top = np.nanmin(person, axis=0)
        right, bottom = np.nanmax(person, axis=0)
        room = _ROOM * (bottom - top)
        mask[max(0, int(top - room)) : int(bottom + room), max(0, int(left - room)) : int(right + room)] = 0
    return mask
