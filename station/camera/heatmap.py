"""Refine keypoints by the network's heatmaps: centroid of the heat around each coarse point.

Without it the near ankle's jitter doubles (90th percentile 29 -> 54 mm on a treadmill recording).
"""

import numpy as np

_WINDOW = np.arange(-3, 4)  # cells: 7 x 7 around the point
_MIN_HEAT = 0.5  # below, the heatmap says nothing and the coarse point stays


def refine(xy: np.ndarray, heatmaps: np.ndarray, crop_px: int) -> np.ndarray:
    """(k, 2) points in px of the crop, refined by (cells, cells, k) logits that cover the same crop."""
    cells = heatmaps.shape[0]
    per_cell = crop_px / cells
    columns, rows = (xy / per_cell).astype(int).T
    column = (columns[:, None] + _WINDOW)[:, None, :]  # k, 1, 7
    row = (rows[:, None] + _WINDOW)[:, :, None]  # k, 7, 1
    on_map = (column >= 0) & (column < cells) & (row >= 0) & (row < cells)
    points = np.arange(len(xy))[:, None, None]
    logits = heatmaps[np.clip(row, 0, cells - 1), np.clip(column, 0, cells - 1), points]
    heat = np.where(on_map, sigmoid(logits), 0.0)
    total = np.maximum(heat.sum(axis=(1, 2)), np.finfo(float).tiny)
    centroid = np.stack([(heat * column).sum(axis=(1, 2)), (heat * row).sum(axis=(1, 2))], axis=1) / total[:, None]
    hot = on_map[:, -_WINDOW[0], -_WINDOW[0]] & (heat.max(axis=(1, 2)) >= _MIN_HEAT)
    return np.where(hot[:, None], per_cell * centroid, xy)


def sigmoid(x: np.ndarray) -> np.ndarray:
    """Logit -> 0..1, without overflow."""
    return 1.0 / (1.0 + np.exp(-np.clip(x, -50.0, 50.0)))
