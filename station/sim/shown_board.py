"""The calibration's board as the simulated installer shows it to the simulated camera."""

import cv2
import numpy as np

from station.calibration.board import COLUMNS, FOOT_SQUARES, ROWS, black_squares

_TEXELS = 24
"""Of the printed board, a square's side."""
_FINER = 4
"""Sub-pixels a side of a pixel: a camera's pixel sees the mean over its area."""
_WHITE, _BLACK = 225, 30
_MARGIN_SQUARES = 0.5
"""White at the left, right and top of the squares."""


def page_m(square_m: float) -> np.ndarray:
    """(4, 2) corners of the page, to the right of its middle and above its foot: from the top left, clockwise."""
    half = (COLUMNS / 2 + _MARGIN_SQUARES) * square_m
    top = (ROWS + FOOT_SQUARES + _MARGIN_SQUARES) * square_m
    return np.array([[-half, top], [half, top], [half, 0.0], [-half, 0.0]])


def with_board(image_rgb: np.ndarray, page_px: np.ndarray) -> np.ndarray:
    """The picture with the board in front of everything, the corners of its page at the pixels `page_px` (4, 2)."""
    return with_page(image_rgb, _page(), page_px)


def with_page(image_rgb: np.ndarray, page: np.ndarray, page_px: np.ndarray) -> np.ndarray:
    """The picture with a grey page, uint8 (h, w), in front of everything, its corners at `page_px` (4, 2)."""
    limits = np.array(image_rgb.shape[1::-1])
    left, top = np.clip(np.floor(page_px.min(axis=0)).astype(int) - 1, 0, limits)
    right, bottom = np.clip(np.ceil(page_px.max(axis=0)).astype(int) + 1, 0, limits)
    out = image_rgb.copy()
    if left < right and top < bottom:
        part = out[top:bottom, left:right]
        part[:] = _laid_over(part, page, page_px - np.array([left, top]))
    return out


def _laid_over(image_rgb: np.ndarray, page: np.ndarray, page_px: np.ndarray) -> np.ndarray:
    height, width = image_rgb.shape[:2]
    texture = np.float32([[0, 0], [page.shape[1], 0], [page.shape[1], page.shape[0]], [0, page.shape[0]]])
    finer = cv2.getPerspectiveTransform(texture, np.float32(page_px * _FINER))
    # texel and pixel centres lie half a unit from their edges, in which page_px counts
    finer = _shift(-0.5) @ finer @ _shift(0.5)
    size = (width * _FINER, height * _FINER)
    drawn = cv2.warpPerspective(page, finer, size, flags=cv2.INTER_LINEAR)
    covered = cv2.warpPerspective(np.full_like(page, 255), finer, size, flags=cv2.INTER_LINEAR)
    drawn, covered = (cv2.resize(a, (width, height), interpolation=cv2.INTER_AREA) for a in (drawn, covered))
    return (drawn[:, :, None] + image_rgb * (1 - covered[:, :, None] / 255)).clip(0, 255).astype(np.uint8)


def _page() -> np.ndarray:
    """The printed page, uint8 (h, w)."""
    margin = round(_MARGIN_SQUARES * _TEXELS)
    foot = round(FOOT_SQUARES * _TEXELS)
    page = np.full((margin + ROWS * _TEXELS + foot, 2 * margin + COLUMNS * _TEXELS), _WHITE, np.uint8)
    for column, row in black_squares():
        x, y = margin + column * _TEXELS, margin + row * _TEXELS
        page[y : y + _TEXELS, x : x + _TEXELS] = _BLACK
    return page


def _shift(by: float) -> np.ndarray:
    return np.array([[1, 0, by], [0, 1, by], [0, 0, 1.0]])
