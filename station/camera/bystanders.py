"""Whether somebody besides the runner is in a picture: the person detector looks at it with the runner taken out.

In a whole picture it often sees only the more conspicuous of two people.
"""

import numpy as np

from station.camera import still_cut
from station.camera.detector import PersonDetector

LEAST_SCORE = 0.7
"""On rendered studies somebody who stands clear of the runner scores 0.73-0.98, one at the picture's edge or mostly
hidden less. What is left of a lone runner, at the edge, scores more in 3 of 183 frames (0.77 at most):
they are shown as skeletons."""


def others_in(image_rgb: np.ndarray, inside: np.ndarray, detector: PersonDetector) -> bool:
    """Whether the uint8 (h, w, 3) image shows anybody outside the runner's outline, `inside` bool (h, w)."""
    return bool(detector.find(still_cut.toned(image_rgb, ~inside), LEAST_SCORE))
