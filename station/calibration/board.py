"""The printed board that the camera's calibration looks at: a chessboard that stands upright on the belt.

A page of A4 is some 50 px wide where a runner is filmed whole: its squares are seen there, the bits of printed markers
(ArUco, ChArUco) are not.
"""

import numpy as np

COLUMNS, ROWS = 6, 8
"""Squares."""
CORNERS = (COLUMNS - 1, ROWS - 1)
"""Inner corners, across and up."""
SQUARE_MM = 30.0
FOOT_SQUARES = 1.0
"""White below the squares, down to the edge that stands on the belt, in squares: a dark belt close to black squares
would look like corners of more squares."""
_PAGE_MM = (210.0, 297.0)
_PEN_MM = 0.3


def corners_m(square_m: float) -> np.ndarray:
    """(35, 2) inner corners, right of the board's middle and above the belt; rows from the top, each from the left."""
    across = (np.arange(1, COLUMNS) - COLUMNS / 2) * square_m
    up = (np.arange(ROWS - 1, 0, -1) + FOOT_SQUARES) * square_m
    return np.column_stack([np.tile(across, len(up)), np.repeat(up, len(across))])


def black_squares() -> list[tuple[int, int]]:
    """(column, row) of the black squares, counted from the top left one, which is black."""
    return [(c, r) for r in range(ROWS) for c in range(COLUMNS) if (c + r) % 2 == 0]


def svg(text: str) -> str:
    """The board as a page of A4 to print at its true size, with a line of text beside the edge to cut along."""
    width, height = _PAGE_MM
    left = (width - COLUMNS * SQUARE_MM) / 2
    foot_y = height - 5.0  # most printers leave 5 mm blank
    top = foot_y - (ROWS + FOOT_SQUARES) * SQUARE_MM
    squares = "".join(
        f'<rect x="{left + c * SQUARE_MM:g}" y="{top + r * SQUARE_MM:g}" width="{SQUARE_MM:g}" height="{SQUARE_MM:g}"/>'
        for c, r in black_squares()
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}mm" height="{height:g}mm" '
        f'viewBox="0 0 {width:g} {height:g}">'
        f'<rect width="{width:g}" height="{height:g}" fill="white"/>{squares}'
        f'<path d="M0 {foot_y:g}H{width:g}" stroke="black" stroke-width="{_PEN_MM:g}" stroke-dasharray="4 3"/>'
        f'<path d="M{width / 2:g} {foot_y:g}v-4" stroke="black" stroke-width="{_PEN_MM:g}"/>'
        f'<text x="{left:g}" y="{foot_y - 3:g}" font-family="sans-serif" font-size="4">{text}</text></svg>\n'
    )
