"""Bone rotations of pelvis, spine, neck and head."""

import numpy as np

from station.sim.runner.rotations import about_x, about_y, about_z, share_of

_SPINE = tuple(f"spine0{k}" for k in range(1, 6))
_NECK = (("neck01", 0.8, 0.9), ("neck02", 0.6, 1.0), ("neck03", 0.4, 0.9))
"""Bone, share of the thorax's turn, share of the neck's flexion."""
_HEAD_TURN = 0.25  # of the thorax: the gaze stays ahead
_HEAD_NOD = 0.35  # of the neck's flexion: a head that comes forward also looks down a little


def spine_rotations(pelvis: np.ndarray, thorax: np.ndarray) -> dict[str, np.ndarray]:
    """Relative rotations that share the turn from pelvis to thorax between the five spine bones."""
    part = share_of(pelvis.T @ thorax, 1 / len(_SPINE))
    return {name: part for name in _SPINE}


def neck_rotations(turn: float, flexion: float, nod: float) -> dict[str, np.ndarray]:
    """World rotations of neck and head: `turn` of the thorax about the vertical, `flexion` of the neck from upright."""
    neck = {name: about_z(t * turn) @ about_y(f * flexion) for name, t, f in _NECK}
    head = about_z(_HEAD_TURN * turn) @ about_y(_HEAD_NOD * flexion + nod)
    return neck | {"head": head}


def thorax_rotation(turn: float, side_bend: float, lean: float) -> np.ndarray:
    return about_z(turn) @ about_x(side_bend) @ about_y(lean)
