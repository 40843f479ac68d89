"""The board in pictures: its inner corners to a fraction of a pixel, over several pictures of a camera at rest.

OpenCV's chessboard finder, then each corner as the point whose surrounding gradients all point past it (Förstner &
Gülch 1987). On rendered pictures it found boards to 0.04-0.15 px and without bias, blurred, dark and noisy ones
too; the sector-based finder missed some and made them 1 % too large.
"""

from collections.abc import Sequence

import cv2
import numpy as np

from station.calibration.board import CORNERS, corners_m
from station.errors import CalibrationError
from station.words import N_

MIN_SQUARE_PX = 5.0
"""Smaller squares are found by luck."""
MAX_SHAKE_PX = 0.5
"""Of a corner off its usual place, in most pictures of a board that stands still."""
MIN_SEEN = 0.6
"""Share of the pictures in which the board must be found."""
MAX_BENT_PX = 0.5
"""Root mean square of what a flat board leaves: more was no board, or one that is not flat."""
_REACH_SQUARES = 1 / 3
"""Around a corner, where its gradients are looked at."""
_ENLARGED = (1.0, 2.0, 1.5)
"""A board that is missed in one size is seen in another."""
_FLAGS = cv2.CALIB_CB_ADAPTIVE_THRESH | cv2.CALIB_CB_NORMALIZE_IMAGE
_UNTIL = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_MAX_ITER, 50, 1e-3)


def find_corners(image_rgb: np.ndarray) -> np.ndarray | None:
    """(35, 2) pixels of the board's inner corners, rows from the top, each from the left; None where it is not seen.

    Pixels count from the picture's upper left edge: the middle of the first one is at 0.5.
    """
    grey = cv2.cvtColor(image_rgb, cv2.COLOR_RGB2GRAY)
    seen = (_seen(grey, enlarged) for enlarged in _ENLARGED)
    return next((corners for corners in seen if corners is not None and _bent_px(corners) < MAX_BENT_PX), None)


def mean_corners(images_rgb: Sequence[np.ndarray]) -> np.ndarray:
    """(35, 2) pixels over several pictures of a board at rest. Raises CalibrationError with what is to be done."""
    found: list[np.ndarray] = []
    for looked, image in enumerate(images_rgb, start=1):
        corners = find_corners(image)
        found += [] if corners is None else [corners]
        if looked - len(found) > (1 - MIN_SEEN) * len(images_rgb):
            raise CalibrationError(
                N_(
                    "the board was found in {found} of {looked} pictures; all of it must be seen, lit "
                    "and flat, upright and with its face to the camera"
                ).format(found=len(found), looked=looked)
            )
    corners = np.median(found, axis=0)
    off_px = np.abs(np.array(found) - corners).max(axis=(1, 2))
    if np.sum(off_px <= MAX_SHAKE_PX) < MIN_SEEN * len(images_rgb):
        raise CalibrationError(
            N_("the board moved by {off_px:.1f} px while it was looked at; let it stand by itself").format(
                off_px=off_px.max()
            )
        )
    square_px = square_of(corners)
    if square_px < MIN_SQUARE_PX:
        raise CalibrationError(
            N_(
                "the board's squares are {square_px:.0f} px small in the picture, at least "
                "{min_square_px:g} are needed; bring the camera closer or print a larger board (--square)"
            ).format(square_px=square_px, min_square_px=MIN_SQUARE_PX)
        )
    return corners


def square_of(corners_px: np.ndarray) -> float:
    """Mean side of a square in pixels, across or up, whichever is less."""
    grid = corners_px.reshape(*CORNERS[::-1], 2)
    return min(float(np.linalg.norm(np.diff(grid, axis=axis), axis=-1).mean()) for axis in (0, 1))


def _seen(grey: np.ndarray, enlarged: float) -> np.ndarray | None:
    """(35, 2) corners of what looks like the board in the picture enlarged so many times, upright."""
    larger = cv2.resize(grey, None, fx=enlarged, fy=enlarged, interpolation=cv2.INTER_CUBIC)
    found, corners = cv2.findChessboardCorners(larger, CORNERS, flags=_FLAGS)
    if not found:
        return None
    corners = ((corners + 0.5) / enlarged - 0.5).astype(np.float32)
    reach_px = max(2, round(_REACH_SQUARES * square_of(corners)))
    cv2.cornerSubPix(grey, corners, (reach_px, reach_px), (-1, -1), _UNTIL)
    return _upright(corners.reshape(-1, 2).astype(float) + 0.5)


def _upright(corners_px: np.ndarray) -> np.ndarray:
    """The same corners, counted from the top left: the detector may begin at any end."""
    grid = corners_px.reshape(*CORNERS[::-1], 2)
    if grid[0, :, 1].mean() > grid[-1, :, 1].mean():
        grid = grid[::-1]
    if grid[:, 0, 0].mean() > grid[:, -1, 0].mean():
        grid = grid[:, ::-1]
    return grid.reshape(-1, 2)


def _bent_px(corners_px: np.ndarray) -> float:
    """Root mean square distance of the corners from the best picture of a flat board."""
    flat = corners_m(1.0)
    plane, _ = cv2.findHomography(flat, corners_px)
    if plane is None:
        return np.inf
    seen = np.column_stack([flat, np.ones(len(flat))]) @ plane.T
    return float(np.sqrt(np.mean((seen[:, :2] / seen[:, 2:] - corners_px) ** 2)))
