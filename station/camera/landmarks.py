"""BlazePose's keypoint network: 33 keypoints of the person inside a region of interest."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from station.camera import heatmap, weights
from station.camera.network import Network
from station.camera.roi import Region
from station.messages import KEYPOINTS

CROP_PX = 256
Model = Literal["full", "heavy"]

_ROWS = 39  # 33 keypoints, 2 that frame the body, 4 unused
_HEAT_CELLS = 64


@dataclass(frozen=True)
class Landmarks:
    """What the network says of one region, in pixels of the whole image."""

    xy_px: np.ndarray  # float32 (33, 2)
    confidence: np.ndarray  # float32 (33,), the network's visibility, 0..1
    presence: float  # 0..1: that a person is in the region at all
    next_region: Region  # where to look in the following frame


class LandmarkNetwork:
    """`full` for a live picture, `heavy` for scoring (feet 1.5 to 2 times steadier, about 5 times the work)."""

    def __init__(self, weights_dir: Path, model: Model, threads: int = 1) -> None:
        self._network = Network(weights.find(weights_dir, weights.LANDMARKS[model]), threads)

    def find(self, image_rgb: np.ndarray, region: Region) -> Landmarks:
        """Keypoints of the person in that region of a uint8 (h, w, 3) image."""
        self._network.run(region.crop(image_rgb, CROP_PX).astype(np.float32) / 255.0)
        rows = self._network.output(1, _ROWS * 5)[0].reshape(_ROWS, 5)  # x, y, z, visibility, presence of the point
        heat = self._network.output(1, _HEAT_CELLS, _HEAT_CELLS, _ROWS)[0]
        to_image = region.to_image(CROP_PX)
        xy = heatmap.refine(rows[:, :2], heat, CROP_PX) @ to_image[:, :2].T + to_image[:, 2]
        n = len(KEYPOINTS)
        return Landmarks(
            xy_px=xy[:n].astype(np.float32),
            confidence=heatmap.sigmoid(rows[:n, 3]).astype(np.float32),
            presence=float(self._network.output(1, 1)[0, 0]),
            next_region=Region.around(xy[n], xy[n + 1]),
        )
