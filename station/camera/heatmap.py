"""Refine keypoints by the network's heatmaps: centroid of the heat around each coarse point.

Without it the near ankle's jitter doubles (90th percentile 29 -> 54 mm on a treadmill recording).
"""

import numpy as np

_RADIUS = 3  # cells: a 7 x 7 window
_MIN_HEAT = 0.5  # below, the heatmap says nothing and the coarse point stays


def refine(xy: np.ndarray, heatmaps: np.ndarray, crop_px: int) -> np.ndarray:
    """(k, 2) points in px of the crop, refined by (cells, cells, k) logits that cover the same crop."""
    cells = heatmaps.shape[0]
    per_cell = crop_px / cells
    refined = xy.copy()
    for k, (x, y) in enumerate(xy / per_cell):
        column, row = int(x), int(y)
        if not (0 <= column < cells and 0 <= row < cells):
            continue
        left, top = max(0, column - _RADIUS), max(0, row - _RADIUS)
        heat = sigmoid(heatmaps[top : row + _RADIUS + 1, left : column + _RADIUS + 1, k])
        if heat.max() < _MIN_HEAT:
            continue
        rows, columns = np.indices(heat.shape)
        total = heat.sum()
        refined[k] = ((columns * heat).sum() / total + left) * per_cell, ((rows * heat).sum() / total + top) * per_cell
    return refined


def sigmoid(x: np.ndarray) -> np.ndarray:
    """Logit -> 0..1, without overflow."""
    return 1.0 / (1.0 + np.exp(-np.clip(x, -50.0, 50.0)))
