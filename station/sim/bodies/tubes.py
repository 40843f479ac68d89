"""Tubes: rows of closed rings, the form of everything that is worn around a limb."""

import numpy as np


def tube_triangles(rings: int, around: int, *, closed_start: bool = False, closed_end: bool = False) -> np.ndarray:
    """Triangles (m, 3) over `rings` rings of `around` vertices each, row by row; a closed end is a fan of its ring.

    They face outwards where the vertices of a ring run anticlockwise, seen from the last ring towards the first.
    """
    ring, k = np.meshgrid(np.arange(rings - 1), np.arange(around), indexing="ij")
    here, beside = (ring * around + k).ravel(), (ring * around + (k + 1) % around).ravel()
    triangles = [
        np.column_stack([here, beside, here + around]),
        np.column_stack([beside, beside + around, here + around]),
    ]
    fan = np.column_stack([np.zeros(around - 2, int), np.arange(1, around - 1), np.arange(2, around)])
    if closed_start:
        triangles.append(fan[:, ::-1])
    if closed_end:
        triangles.append(fan + (rings - 1) * around)
    return np.vstack(triangles)


def circle(around: int) -> np.ndarray:
    """(around, 2) places on the unit circle, anticlockwise."""
    angles = 2 * np.pi * np.arange(around) / around
    return np.column_stack([np.cos(angles), np.sin(angles)])
