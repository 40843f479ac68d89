"""The room and the treadmill, as coloured triangles. The belt's surface is z = 0, the deck centre the origin."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from station.gait.results import Side

Colour = tuple[float, float, float]
Place = tuple[float, float, float]

FLOOR_Z_M = -0.22
BELT_HALF_LENGTH_M, BELT_HALF_WIDTH_M = 0.95, 0.27
_CYLINDER_FACES = 14
_QUAD = (0, 1, 2, 0, 2, 3)


class Triangles:
    """Collects vertices with normal and colour."""

    def __init__(self) -> None:
        self._rows: list[np.ndarray] = []

    def __len__(self) -> int:
        return len(self._rows)

    def box(self, centre: Place, half: Place, colour: Colour) -> None:
        middle, size = np.array(centre, float), np.array(half, float)
        for axis in range(3):
            for sign in (-1, 1):
                normal, u, v = np.zeros((3, 3))
                normal[axis] = sign
                u[(axis + 1) % 3] = size[(axis + 1) % 3]
                v[(axis + 2) % 3] = size[(axis + 2) % 3]
                face = middle + normal * size
                corners = [face - u - v, face + u - v, face + u + v, face - u + v]
                self._quad(corners[::sign], [normal] * 4, colour)

    def cylinder(self, start: Place, end: Place, radius: float, colour: Colour) -> None:
        a, b = np.array(start, float), np.array(end, float)
        axis = (b - a) / np.linalg.norm(b - a)
        u = np.cross(axis, [0.3, 0.5, 0.8])
        u /= np.linalg.norm(u)
        v = np.cross(axis, u)
        angles = 2 * np.pi * np.arange(_CYLINDER_FACES + 1) / _CYLINDER_FACES
        normals = [np.cos(t) * u + np.sin(t) * v for t in angles]
        for n, m in pairwise(normals):
            self._quad([a + radius * n, a + radius * m, b + radius * m, b + radius * n], [n, m, m, n], colour)

    def array(self, mirrored: bool = False) -> np.ndarray:
        """(n, 9) float32: place, normal, colour of each vertex; three vertices a triangle. Mirrored: left is right."""
        rows = np.array(self._rows, np.float32)
        if mirrored:
            rows[:, [1, 4]] *= -1
        return rows

    def _quad(self, corners: list[np.ndarray], normals: list[np.ndarray], colour: Colour) -> None:
        self._rows += [np.concatenate([corners[k], normals[k], colour]) for k in _QUAD]


@dataclass(frozen=True)
class Scene:
    """Vertices (n, 9); the first `floor` of them are the floor, those from `deck` to `front` the deck with its belt.

    From `deck` on, everything is the treadmill.
    """

    vertices: np.ndarray
    floor: int
    deck: int
    front: int


def gym(near: Side = "right", handrail: bool = False) -> Scene:
    """A plain, bright gym with a treadmill that faces +x; the room behind it lies across from the side `near`.

    `handrail`: along the near side, at the height of the runner's forearms.
    """
    room = Triangles()
    room.box((0, 0, FLOOR_Z_M - 0.02), (9, 9, 0.02), (0.42, 0.43, 0.45))
    floor = len(room)
    _wall(room)
    _dumbbell_rack(room)
    _bench(room)
    deck = len(room)
    _deck(room)
    front = len(room)
    _front(room)
    if handrail:
        _handrail(room)
    return Scene(room.array(mirrored=near == "left"), floor, deck, front)


def _wall(room: Triangles) -> None:
    room.box((0, 3.2, 1.5), (9, 0.05, 2.5), (0.80, 0.79, 0.75))
    room.box((0, 3.12, FLOOR_Z_M + 0.06), (9, 0.03, 0.06), (0.35, 0.33, 0.30))
    for x in (-2.4, 2.6):
        room.box((x, 3.13, 1.75), (0.85, 0.02, 0.75), (0.70, 0.80, 0.88))
        room.box((x, 3.12, 1.75), (0.03, 0.02, 0.75), (0.90, 0.90, 0.90))
    room.box((0.2, 3.13, 1.9), (0.45, 0.02, 0.3), (0.23, 0.42, 0.34))


def _dumbbell_rack(room: Triangles) -> None:
    for row in range(4):
        z = FLOOR_Z_M + 0.2 + row * 0.22
        room.cylinder((-1.55, 2.75, z), (-0.35, 2.75, z), 0.02, (0.20, 0.20, 0.22))
    for row in range(3):
        for column in range(4):
            x, z = -1.4 + column * 0.3, FLOOR_Z_M + 0.27 + row * 0.22
            room.cylinder((x, 2.85, z), (x, 2.65, z), 0.07, (0.15, 0.15, 0.17))


def _bench(room: Triangles) -> None:
    room.box((1.5, 2.5, FLOOR_Z_M + 0.2), (0.5, 0.18, 0.05), (0.45, 0.10, 0.10))
    for x in (1.2, 1.8):
        room.cylinder((x, 2.5, FLOOR_Z_M), (x, 2.5, FLOOR_Z_M + 0.2), 0.03, (0.20, 0.20, 0.20))


def _deck(room: Triangles) -> None:
    room.box((0, 0, -0.004), (BELT_HALF_LENGTH_M, BELT_HALF_WIDTH_M, 0.004), (0.13, 0.13, 0.14))
    room.box((0, 0, -0.11), (1.0, 0.26, 0.09), (0.20, 0.20, 0.22))
    for y in (-0.33, 0.33):
        room.box((0, y, -0.045), (1.02, 0.06, 0.045), (0.55, 0.56, 0.58))


def _front(room: Triangles) -> None:
    room.box((1.08, 0, -0.02), (0.16, 0.39, 0.10), (0.25, 0.26, 0.28))
    for y in (-0.37, 0.37):
        room.cylinder((1.02, y, -0.1), (1.12, y, 1.05), 0.028, (0.32, 0.33, 0.35))
        room.cylinder((0.72, y, 0.92), (1.10, y, 0.98), 0.02, (0.12, 0.12, 0.12))
    room.box((1.12, 0, 1.12), (0.05, 0.40, 0.13), (0.14, 0.15, 0.17))
    room.box((1.065, 0, 1.15), (0.01, 0.22, 0.08), (0.25, 0.55, 0.65))


def _handrail(room: Triangles) -> None:
    y = -0.42
    room.cylinder((-0.55, y, 0.90), (1.08, y, 0.96), 0.024, (0.16, 0.16, 0.17))
    room.cylinder((-0.55, y, -0.10), (-0.55, y, 0.90), 0.024, (0.32, 0.33, 0.35))
