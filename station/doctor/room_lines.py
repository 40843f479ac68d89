"""How far a picture is turned, by the lines of the room: most of them are level or upright (a Manhattan world).

Coughlan & Yuille 1999 (ICCV, "Manhattan World"): the directions of all gradients show peaks near level and upright;
a camera turned about its line of sight moves both alike, one that looks aside or up moves only one of them.
"""

import cv2
import numpy as np

MOST_DEG = 12.0
STEP_DEG = 0.25
SMOOTH_PX = 1.5
LEAST_PROMINENCE = 2.5
"""Of a peak over the mean of its histogram: rendered rooms 5 to 13, filmed gyms 1.5 to 5."""
AGREE_DEG = 2.0


def roll_deg(grey: np.ndarray) -> float | None:
    """Clockwise turn of a grey picture (h, w); None where upright and level lines are few or do not agree."""
    smooth = cv2.GaussianBlur(grey.astype(np.float32), (0, 0), SMOOTH_PX)
    across, down = cv2.Sobel(smooth, cv2.CV_32F, 1, 0), cv2.Sobel(smooth, cv2.CV_32F, 0, 1)
    strength, direction_deg = np.hypot(across, down), np.degrees(np.arctan2(down, across))
    peaks_deg = [_peak((direction_deg - lines + 90) % 180 - 90, strength) for lines in (0.0, 90.0)]
    if None in peaks_deg or abs(peaks_deg[0] - peaks_deg[1]) > AGREE_DEG:
        return None
    return float(np.mean(peaks_deg))


def _peak(off_deg: np.ndarray, strength: np.ndarray) -> float | None:
    """The commonest direction near 0; None where there is none to speak of."""
    bins = np.arange(-MOST_DEG, MOST_DEG + STEP_DEG / 2, STEP_DEG)
    near = np.abs(off_deg) < MOST_DEG
    found, _ = np.histogram(off_deg[near], bins, weights=strength[near])
    found = np.convolve(found, np.full(5, 0.2), "same")
    best = int(found.argmax())
    return float(bins[best] + STEP_DEG / 2) if found[best] > LEAST_PROMINENCE * found.mean() else None
