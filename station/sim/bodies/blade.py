"""A running blade below the knee: socket and spring in the place of shank and foot.

Its shape is drawn in the plane of the leg, as (forward, down) of the knee in lengths of the shank; the ankle that is
gone was at (0, 1). The spring bends where an ankle would turn: its lower end moves with the bone of the foot.
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy.interpolate import CubicSpline

from station.gait.results import Side
from station.sim.bodies.baked import BakedBody, Patch
from station.sim.bodies.tubes import circle, tube_triangles

BLADE_TIP = (0.22, 1.31)
"""Where the blade touches the ground."""

_KEEL = np.array([(-0.10, 0.40), (-0.16, 0.66), (-0.24, 0.92), (-0.19, 1.12), (-0.02, 1.23), BLADE_TIP])
_KEEL_WIDTH_M, _KEEL_THICKNESS_M = 0.065, 0.013
_KEEL_RINGS = 28
_BENDS = (0.45, 0.85)  # shares of the keel over which the bending grows from none to all
_SOCKET_DOWN = np.array([0.06, 0.08, 0.25, 0.40, 0.52, 0.60, 0.63])
_SOCKET_RADIUS = np.array([0.160, 0.170, 0.172, 0.155, 0.125, 0.085, 0.030])
_LIMB_ENDS = 0.24  # what is left of the shank, inside the socket
_AROUND = 20
_SOCKET_COLOUR, _KEEL_COLOUR = (0.16, 0.17, 0.19), (0.06, 0.06, 0.07)
_GONE = ("heel", "big_toe", "small_toe")


@dataclass(frozen=True)
class _LegPlane:
    """The shank of one side at rest: its knee (3,), unit axes as columns forward, down, to the left, and its length."""

    knee: np.ndarray
    axes: np.ndarray
    length_m: float

    @classmethod
    def of(cls, body: BakedBody, mark: str) -> "_LegPlane":
        knee = body.joint(f"lowerleg01.{mark}")
        shank = body.joint(f"foot.{mark}") - knee
        length = float(np.linalg.norm(shank))
        down = shank / length
        forward = np.array([1.0, 0.0, 0.0]) - down * down[0]
        forward /= np.linalg.norm(forward)
        return cls(knee, np.column_stack([forward, down, np.cross(down, forward)]), length)

    def down(self, places: np.ndarray) -> np.ndarray:
        """How far down the shank (0 knee, 1 ankle) places (n, 3) are."""
        return (places - self.knee) @ self.axes[:, 1] / self.length_m

    def placed(self, forward: np.ndarray, down: np.ndarray, aside: np.ndarray) -> np.ndarray:
        """Places (n, 3) from coordinates (n,) in lengths of the shank."""
        return self.knee + self.length_m * np.column_stack([forward, down, aside]) @ self.axes.T


def fitted(body: BakedBody, side: Side) -> BakedBody:
    """The body with a blade on this side; it has no heel and no toes there."""
    mark = "L" if side == "left" else "R"
    plane = _LegPlane.of(body, mark)
    of_leg = body.weight_of(f"lowerleg01.{mark}", f"lowerleg02.{mark}", f"foot.{mark}") > 0.5
    of_foot = (body.vertices[:, 2] < body.joint(f"foot.{mark}")[2]) & ((body.vertices[:, 1] > 0) == (side == "left"))
    rest = body.without((plane.down(body.vertices) > _LIMB_ENDS) & of_leg | of_foot)
    points = {name: at for name, at in rest.points.items() if name not in {f"{side}_{gone}" for gone in _GONE}}
    return replace(rest, points=points).wearing(_socket(body, mark, plane)).wearing(_keel(body, mark, plane))


def _socket(body: BakedBody, mark: str, plane: _LegPlane) -> Patch:
    """A cup around what is left of the shank; it moves with the shank."""
    ring = circle(_AROUND)
    radius, down = _SOCKET_RADIUS.repeat(_AROUND), _SOCKET_DOWN.repeat(_AROUND)
    around = radius[:, None] * np.tile(ring, (len(_SOCKET_DOWN), 1))
    count = len(around)
    return Patch(
        vertices=plane.placed(around[:, 0] - 0.03, down, around[:, 1]),
        triangles=tube_triangles(len(_SOCKET_DOWN), _AROUND, closed_end=True),
        colours=np.tile(_SOCKET_COLOUR, (count, 1)),
        weights=np.ones((count, 1)),
        weight_bones=np.full((count, 1), body.bone(f"lowerleg01.{mark}")),
    )


def _keel(body: BakedBody, mark: str, plane: _LegPlane) -> Patch:
    """The spring: a flat strip along its line, bending from the shank to the bone of the foot."""
    share = np.linspace(0, 1, _KEEL_RINGS)
    along = np.append(0.0, np.cumsum(np.linalg.norm(np.diff(_KEEL, axis=0), axis=1)))
    line = CubicSpline(along / along[-1], _KEEL)
    tangent = line(share, 1) / np.linalg.norm(line(share, 1), axis=1, keepdims=True)
    inner = line(share) + _KEEL_THICKNESS_M / plane.length_m * np.column_stack([tangent[:, 1], -tangent[:, 0]])
    outer = line(share)  # the side that touches the ground
    forward, down = np.stack([outer, outer, inner, inner], axis=1).reshape(-1, 2).T
    aside = np.tile(np.array([1, -1, -1, 1]) * _KEEL_WIDTH_M / 2 / plane.length_m, _KEEL_RINGS)
    bent = np.interp(share, _BENDS, (0.0, 1.0)).repeat(4)
    bones = [body.bone(f"{name}.{mark}") for name in ("lowerleg01", "foot")]
    return Patch(
        vertices=plane.placed(forward, down, aside),
        triangles=tube_triangles(_KEEL_RINGS, 4, closed_start=True, closed_end=True),
        colours=np.tile(_KEEL_COLOUR, (len(bent), 1)),
        weights=np.column_stack([1 - bent, bent]),
        weight_bones=np.tile(bones, (len(bent), 1)),
    )
