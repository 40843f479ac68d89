"""What is worn on the head: a scarf over hair, ears and neck, a woollen hat over the ears, headphones."""

from typing import Literal

import numpy as np

from station.sim.bodies.baked import BakedBody, Patch
from station.sim.bodies.tubes import circle, tube_triangles
from station.sim.bodies.wrap import AROUND, Wrap, hanging

Headwear = Literal["none", "scarf", "hat", "headphones"]

_SCARF_COLOUR, _HAT_COLOUR, _HEADPHONES_COLOUR = (0.30, 0.22, 0.42), (0.55, 0.50, 0.20), (0.10, 0.10, 0.11)
_EASE_M = 0.012
_RINGS = 30
_BROW_M = 0.062  # above the nose
_FACE_HALF_WIDTH, _FACE_HALF_HEIGHT_M = np.radians(68), 0.075  # of the scarf's opening, about nose and straight ahead
_HAT_FRONT = np.radians(80)  # the part of the hat above the brows
_HAT_BELOW_EAR_M = 0.035
_HAT_HEM_RINGS, _HAT_HEM_M = 3, 0.005  # the folded edge, thicker
_CUP_RADIUS_M, _CUP_THICKNESS_M, _CUP_SIDES = 0.040, 0.024, 20
_BAND_WIDTH_M, _BAND_THICKNESS_M, _BAND_RINGS = 0.028, 0.008, 24


def with_headwear(body: BakedBody, worn: Headwear) -> BakedBody:
    """The body with this on its head. The true ears stay where they are beneath it."""
    if worn == "scarf":
        return _with_scarf(body)
    if worn == "hat":
        return body.wearing(_hat(body))
    if worn == "headphones":
        return _with_headphones(body)
    return body


def _with_scarf(body: BakedBody) -> BakedBody:
    """Everything of head, neck and the top of the shoulders but the face; no hair shows."""
    body = body.without(body.of_part("ponytail"))
    nose = body.points["nose"][0]
    wrap, height = _around_head(body, bottom_z=body.joint("neck01")[2] - 0.055)
    angle = _angle_from_ahead()
    beside = np.hypot(angle / _FACE_HALF_WIDTH, (height[:, None] - nose[2]) / _FACE_HALF_HEIGHT_M)
    radius = hanging(wrap.fitting() + _EASE_M, most_taper_m=0.007)
    return body.wearing(wrap.patch(radius, _SCARF_COLOUR, left_open=beside < 1, closed_start=True))


def _hat(body: BakedBody) -> Patch:
    """From the crown to the brows in front and below the ears elsewhere, with a folded edge."""
    ear, nose = body.points["right_ear"][0], body.points["nose"][0]
    wrap, height = _around_head(body, bottom_z=ear[2] - _HAT_BELOW_EAR_M)
    angle = _angle_from_ahead()
    lowest = np.where(angle < _HAT_FRONT, nose[2] + _BROW_M, ear[2] - _HAT_BELOW_EAR_M)
    above = height[:, None] >= lowest
    near_edge = above & ~np.roll(above, -_HAT_HEM_RINGS, axis=0)
    radius = wrap.fitting() + _EASE_M + _HAT_HEM_M * near_edge
    return wrap.patch(radius, _HAT_COLOUR, left_open=~above, closed_start=True)


def _with_headphones(body: BakedBody) -> BakedBody:
    """A closed cup on each ear and a band over the crown."""
    left, right = (body.points[f"{side}_ear"][0] for side in ("left", "right"))
    for ear, outward in ((left, 1.0), (right, -1.0)):
        body = body.wearing(_cup(body, ear, outward))
    return body.wearing(_band(body, left, right))


def _cup(body: BakedBody, ear: np.ndarray, outward: float) -> Patch:
    """A flat cylinder with a rounded edge, its axis to the side."""
    aside_m = np.array([-0.012, -0.012, 0.6, 1.0]) * (1, 1, _CUP_THICKNESS_M, _CUP_THICKNESS_M)
    radius_m = np.array([0.9, 1.0, 1.0, 0.75]) * _CUP_RADIUS_M
    ring = circle(_CUP_SIDES) * (1, -outward)
    rings = [
        ear + np.column_stack([r * ring[:, 0], np.full(_CUP_SIDES, outward * a), r * ring[:, 1]])
        for r, a in zip(radius_m, aside_m, strict=True)
    ]
    return _on_head(body, np.vstack(rings), tube_triangles(len(rings), _CUP_SIDES, closed_end=True))


def _band(body: BakedBody, left: np.ndarray, right: np.ndarray) -> Patch:
    """Half an ellipse from ear to ear, a flat strip around it."""
    ear = (left + right) / 2
    head = body.weight_of("head") > 0.5
    crown_z = body.vertices[head & ~body.of_part("ponytail"), 2].max()
    half_width, height = (left - right)[1] / 2 + _CUP_THICKNESS_M / 2, crown_z - ear[2] + 0.004
    angle = np.linspace(0, np.pi, _BAND_RINGS)
    outwards = np.column_stack([np.zeros(_BAND_RINGS), np.cos(angle), np.sin(angle)])
    line = ear + outwards * (0, half_width, height)
    corners = [(-1, 0), (1, 0), (1, 1), (-1, 1)]
    places = np.stack(
        [line + (x * _BAND_WIDTH_M / 2, 0, 0) + out * _BAND_THICKNESS_M * outwards for x, out in corners], axis=1
    )
    return _on_head(body, places.reshape(-1, 3), tube_triangles(_BAND_RINGS, len(corners)))


def _on_head(body: BakedBody, vertices: np.ndarray, triangles: np.ndarray) -> Patch:
    count = len(vertices)
    return Patch(
        vertices=vertices,
        triangles=triangles,
        colours=np.tile(_HEADPHONES_COLOUR, (count, 1)),
        weights=np.ones((count, 1)),
        weight_bones=np.full((count, 1), body.bone("head")),
    )


def _around_head(body: BakedBody, bottom_z: float) -> tuple[Wrap, np.ndarray]:
    """Rings from above the crown down to a height, and the height (r,) of each."""
    arm = body.weight_of("upperarm", "lowerarm") > 0.3
    inside = ~arm & ~body.of_part("ponytail") & (body.vertices[:, 2] > bottom_z - 0.05)
    crown_z = body.vertices[inside, 2].max() + 1.4 * _EASE_M
    ear_x = body.points["right_ear"][0][0]
    shares = 1 - np.cos(np.linspace(0.25, np.pi / 2, _RINGS))  # closer together at the crown
    top, bottom = np.array([ear_x, 0.0, crown_z]), np.array([ear_x, 0.0, bottom_z])
    wrap = Wrap.around(body, inside, top, bottom, shares)
    height = wrap.centres[:, 2]
    brow = int(np.argmax(height < body.points["nose"][0][2] + _BROW_M))
    face = np.ix_(np.arange(brow, _RINGS)[height[brow:] > body.points["nose"][0][2] - _BROW_M], _face_columns())
    wrap.reach_m[face] = wrap.reach_m[
        brow - 1, _face_columns()
    ]  # cloth comes down from the forehead, not over the nose
    return wrap, height


def _face_columns() -> np.ndarray:
    return np.flatnonzero(_angle_from_ahead() < _FACE_HALF_WIDTH)


def _angle_from_ahead() -> np.ndarray:
    """(AROUND,) of each column, radians, 0 in front to pi behind."""
    return np.abs((2 * np.pi * np.arange(AROUND) / AROUND + np.pi) % (2 * np.pi) - np.pi)
