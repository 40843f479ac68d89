"""BlazePose's person detector: where people are in a frame, each with a region for the keypoint network.

Bazarevsky et al. 2020 (BlazePose); anchors and decoding follow the published model card: a single-shot detector on a
224 x 224 letterbox, boxes around heads, and four keypoints a person of which the first two give the region.
"""

from pathlib import Path

import cv2
import numpy as np

from station.camera import weights
from station.camera.heatmap import sigmoid
from station.camera.network import Network
from station.camera.roi import Region, separate

INPUT_PX = 224
MIN_SCORE = 0.5

_STRIDES_PX = ((8, 2), (16, 2), (32, 6))  # (stride of the grid, anchors a cell)
_ANCHORS = sum((INPUT_PX // stride) ** 2 * each for stride, each in _STRIDES_PX)


class PersonDetector:
    """Finds people in single frames."""

    def __init__(self, weights_dir: Path, threads: int = 1) -> None:
        self._network = Network(weights.find(weights_dir, weights.DETECTOR), threads)
        self._anchors = _anchor_centres()

    def find(self, image_rgb: np.ndarray, least_score: float = MIN_SCORE) -> list[Region]:
        """People in a uint8 (h, w, 3) image, the surest first, each once: regions for the keypoint network."""
        to_letterbox = _letterbox(*image_rgb.shape[:2])
        letterbox = cv2.warpAffine(image_rgb, to_letterbox, (INPUT_PX, INPUT_PX), flags=cv2.INTER_LINEAR)
        self._network.run(letterbox.astype(np.float32) / 127.5 - 1.0)
        scores = sigmoid(self._network.output(1, _ANCHORS, 1)[0, :, 0])
        rows = self._network.output(1, _ANCHORS, 12)[0]
        sure = np.flatnonzero(scores >= least_score)
        sure = sure[np.argsort(-scores[sure], kind="stable")]
        points = rows[sure, 4:8].reshape(-1, 2, 2) + INPUT_PX * self._anchors[sure, None]
        points = (points - to_letterbox[:, 2]) / to_letterbox[0, 0]
        return separate([Region.around(hip, circle) for hip, circle in points])


def _anchor_centres() -> np.ndarray:
    """(anchors, 2) x, y of the anchors' centres, 0..1, in the order of the network's rows."""
    grids = []
    for stride, each in _STRIDES_PX:
        ticks = (np.arange(INPUT_PX // stride) + 0.5) / (INPUT_PX // stride)
        y, x = np.meshgrid(ticks, ticks, indexing="ij")
        grids.append(np.repeat(np.stack([x.ravel(), y.ravel()], axis=1), each, axis=0))
    return np.concatenate(grids).astype(np.float32)


def _letterbox(height: int, width: int) -> np.ndarray:
    """(2, 3) affine map from the image to the square input, the whole image in its middle."""
    scale = INPUT_PX / max(height, width)
    return np.array([[scale, 0, (INPUT_PX - scale * width) / 2], [0, scale, (INPUT_PX - scale * height) / 2]])
