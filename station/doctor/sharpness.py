"""How blurred a still picture is, in pixels, whatever it shows and however bright it is.

Zhuo & Sim 2011 ("Defocus map estimation from a single image", Pattern Recognition 44:1852): an edge blurred to s px has
a gradient of a / sqrt(s^2 + t^2) once it is blurred by t more; two known t give s. A lens out of focus blurs all edges
alike; a scene's own soft edges (shadows, what is near) only add to the blurred ones: of the strongest edges those at
the sharp end tell the lens.
"""

import cv2
import numpy as np

FINE_PX, COARSE_PX = 1.0, 2.0
"""Standard deviations of the two known blurs: small against the runner, large against the sensor's mosaic."""
STRONGEST = 0.01
"""Of all pixels."""
SHARP_END = 0.25
"""Of the edges among them."""
LEAST_EDGES = 40
LEAST_STEEPNESS = 4.0
"""Of the noise's own gradient that an edge must have."""


def blur_px(mean: np.ndarray, noise: float) -> float | None:
    """Standard deviation of the blur of a grey picture (h, w); None where it shows too few edges to tell.

    `noise`: standard deviation of a pixel, as left in the picture.
    """
    fine, coarse = _gradient(mean, FINE_PX), _gradient(mean, COARSE_PX)
    steep = max(float(np.quantile(fine, 1 - STRONGEST)), LEAST_STEEPNESS * noise)
    edges = (fine >= steep) & (fine >= cv2.dilate(fine, np.ones((5, 5)))) & (fine > coarse)
    if edges.sum() < LEAST_EDGES:
        return None
    ratio = (fine[edges] / coarse[edges]) ** 2  # (s^2 + coarse^2) / (s^2 + fine^2)
    squared = (COARSE_PX**2 - ratio * FINE_PX**2) / (ratio - 1)
    return float(np.sqrt(max(0.0, float(np.quantile(squared, SHARP_END)))))


def _gradient(grey: np.ndarray, blur: float) -> np.ndarray:
    """Grey levels a pixel."""
    smooth = cv2.GaussianBlur(grey.astype(np.float32), (0, 0), blur)
    across, down = (cv2.Sobel(smooth, cv2.CV_32F, *order, ksize=3, scale=1 / 8) for order in ((1, 0), (0, 1)))
    return np.hypot(across, down)
