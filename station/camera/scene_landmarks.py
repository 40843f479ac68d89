"""Landmarks of the still picture, by which a camera that was moved since its calibration is noticed.

ORB corners (Rublee et al. 2011, ICCV:2564) of the empty treadmill and its room; in a later picture those that are seen
again are matched, and RANSAC (Fischler & Bolles 1981) finds the one shift, turn and scale that most of them share. A
runner hides some landmarks and adds others, which match nothing: nobody has to be masked.
"""

import cv2
import numpy as np

from station.messages import CameraPlace, Landmarks

MOST = 400
MIN_LANDMARKS = 25
MIN_FOUND = 12
"""That share one move: fewer may agree by chance."""
_WITHIN_PX = 2.5
"""Of where the common move takes a landmark."""
_RATIO = 0.8
"""Best over second-best distance of a match (Lowe 2004, IJCV 60:91)."""
_LEVELS, _LEVEL_SCALE = 3, 1.3
"""Coarse levels find their corners less exactly."""
_EDGE_PX = 15
_FAST = 8
"""Threshold of the corner detector, in grey levels: a dim picture has its corners too."""


def find(image_rgb: np.ndarray) -> Landmarks | None:
    """Of a picture without people; None where it shows too few."""
    xy_px, descriptors = _features(image_rgb)
    if len(xy_px) < MIN_LANDMARKS:
        return None
    return Landmarks(xy_px=xy_px.astype("<f4").tobytes(), descriptors=descriptors.tobytes())


def compare(landmarks: Landmarks, image_rgb: np.ndarray, t_ns: int) -> CameraPlace:
    """How this picture lies against the one of the landmarks."""
    then_px, then = landmarks.arrays()
    now_px, now = _features(image_rgb)
    pairs = _matches(then, now)
    unknown = CameraPlace(t_ns=t_ns, landmarks=len(then_px), found=0)
    if len(pairs) < MIN_FOUND:
        return unknown
    move, agree = cv2.estimateAffinePartial2D(
        then_px[pairs[:, 0]], now_px[pairs[:, 1]], method=cv2.RANSAC, ransacReprojThreshold=_WITHIN_PX, maxIters=4000
    )
    found = 0 if move is None else int(agree.sum())
    if found < MIN_FOUND:
        return unknown
    height, width = image_rgb.shape[:2]
    middle = np.array([width / 2, height / 2])
    return CameraPlace(
        t_ns=t_ns,
        landmarks=len(then_px),
        found=found,
        shift_px=float(np.hypot(*(move[:, :2] @ middle + move[:, 2] - middle))),
        turn_deg=float(np.degrees(np.arctan2(move[1, 0], move[0, 0]))),
        scale=float(np.hypot(move[0, 0], move[1, 0])),
    )


def _features(image_rgb: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(n, 2) pixels and (n, 32) descriptors of the strongest corners."""
    orb = cv2.ORB_create(MOST, _LEVEL_SCALE, _LEVELS, _EDGE_PX, fastThreshold=_FAST)
    corners, descriptors = orb.detectAndCompute(cv2.cvtColor(image_rgb, cv2.COLOR_RGB2GRAY), None)
    if descriptors is None:
        return np.zeros((0, 2), np.float32), np.zeros((0, 32), np.uint8)
    return np.array([c.pt for c in corners], np.float32), descriptors


def _matches(then: np.ndarray, now: np.ndarray) -> np.ndarray:
    """(m, 2) numbers of landmarks and of corners that look alike, and unlike every other corner."""
    if len(now) < 2:
        return np.zeros((0, 2), int)
    best = cv2.BFMatcher(cv2.NORM_HAMMING).knnMatch(then, now, k=2)
    alike = [(a.queryIdx, a.trainIdx) for a, b in best if a.distance < _RATIO * b.distance]
    return np.array(alike, int).reshape(-1, 2)
