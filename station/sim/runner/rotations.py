"""Rotation matrices in the station's axes (x forward, y left, z up); angles in radians, right-handed.

About y, a positive angle pitches forward (up turns towards forward); about z, it turns to the left.
"""

import numpy as np


def about_x(angle: float) -> np.ndarray:
    c, s = np.cos(angle), np.sin(angle)
    return np.array([[1, 0, 0], [0, c, -s], [0, s, c]])


def about_y(angle: float) -> np.ndarray:
    c, s = np.cos(angle), np.sin(angle)
    return np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]])


def about_z(angle: float) -> np.ndarray:
    c, s = np.cos(angle), np.sin(angle)
    return np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]])


def about_axis(axis: np.ndarray, angle: float) -> np.ndarray:
    """Rotation about any axis (Rodrigues)."""
    x, y, z = axis / np.linalg.norm(axis)
    k = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    return np.eye(3) + np.sin(angle) * k + (1 - np.cos(angle)) * k @ k


def share_of(rotation: np.ndarray, share: float) -> np.ndarray:
    """The part `share` (0..1) of a rotation of less than 90 degrees, about the same axis."""
    axis = np.array([rotation[2, 1] - rotation[1, 2], rotation[0, 2] - rotation[2, 0], rotation[1, 0] - rotation[0, 1]])
    sine = np.linalg.norm(axis) / 2
    if sine < 1e-9:
        return np.eye(3)
    return about_axis(axis, share * np.arcsin(min(sine, 1.0)))


def frame(direction: np.ndarray, normal: np.ndarray) -> np.ndarray:
    """Columns: the direction, the part of `normal` square to it, and their cross product."""
    first = direction / np.linalg.norm(direction)
    second = normal - first * (normal @ first)
    second = second / np.linalg.norm(second)
    return np.stack([first, second, np.cross(first, second)], axis=1)


def turning(rest: np.ndarray, rest_normal: np.ndarray, direction: np.ndarray, normal: np.ndarray) -> np.ndarray:
    """The rotation that takes a bone from its direction and normal at rest to these."""
    return frame(direction, normal) @ frame(rest, rest_normal).T
