"""Cloth around a part of the body: rings about an axis, as far out as the body reaches, moved by the bones beneath."""

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter, maximum_filter
from scipy.spatial import KDTree

from station.sim.bodies.baked import BakedBody, Patch
from station.sim.bodies.tubes import circle, tube_triangles

AROUND = 36
_EVERY = ("nearest", "wrap")  # rows end, columns go round
_NEIGHBOURS = 6  # of the body's vertices, whose bones move a vertex of the cloth
_SMOOTH_COLUMNS = 1.5


@dataclass(frozen=True)
class Wrap:
    """Rings (r, AROUND) around an axis, column 0 in front, then to the left and round.

    `inside` (n,) masks the vertices of the body that it is worn over.
    """

    body: BakedBody
    inside: np.ndarray
    centres: np.ndarray  # (r, 3) of the rings
    axes: np.ndarray  # (3, 2): unit vectors forward and to the left, square to the axis
    reach_m: np.ndarray  # (r, AROUND) of the body from the axis, 0 where it has nothing

    @classmethod
    def around(
        cls, body: BakedBody, inside: np.ndarray, start: np.ndarray, end: np.ndarray, shares: np.ndarray
    ) -> "Wrap":
        """Rings at these shares (ascending) of the way from start to end (3,)."""
        along = end - start
        length = float(np.linalg.norm(along))
        axis = along / length
        forward = np.array([1.0, 0.0, 0.0]) - axis * axis[0]
        forward /= np.linalg.norm(forward)
        axes = np.column_stack([forward, np.cross(forward, axis)])
        centres = start + shares[:, None] * along
        places = body.vertices[inside] - start
        row = np.interp(places @ axis / length, shares, np.arange(len(shares)), left=-1, right=len(shares))
        in_plane = places @ axes
        column = np.arctan2(in_plane[:, 1], in_plane[:, 0]) / (2 * np.pi) * AROUND
        near = (row >= 0) & (row <= len(shares) - 1)
        reach = np.zeros((len(shares), AROUND))
        cell = (row[near].round().astype(int), column[near].round().astype(int) % AROUND)
        np.maximum.at(reach, cell, np.linalg.norm(in_plane[near], axis=1))
        return cls(body, inside, centres, axes, reach)

    def fitting(self, smooth: float = 1.0) -> np.ndarray:
        """(r, AROUND) radii that follow the body from outside."""
        return gaussian_filter(maximum_filter(self.reach_m, 3, mode=_EVERY), smooth, mode=_EVERY)

    def patch(
        self,
        radius_m: np.ndarray,
        colour: tuple[float, float, float],
        *,
        left_open: np.ndarray | None = None,
        closed_start: bool = False,
    ) -> Patch:
        """The cloth with these radii (r, AROUND); `left_open` masks the vertices at which there is none."""
        rings = len(self.centres)
        out = circle(AROUND) @ self.axes.T
        vertices = (self.centres[:, None] + radius_m[:, :, None] * out).reshape(-1, 3)
        triangles = tube_triangles(rings, AROUND, closed_start=closed_start)
        if left_open is not None:
            triangles = triangles[~left_open.ravel()[triangles].any(axis=1)]
        weights, bones = self._weights(vertices)
        used, again = np.unique(triangles, return_inverse=True)
        colours = np.tile(colour, (len(used), 1))
        return Patch(vertices[used], again.reshape(-1, 3), colours, weights[used], bones[used])

    def _weights(self, vertices: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Those of the body's nearest vertices, evened out around each ring."""
        body, over = self.body, np.flatnonzero(self.inside)
        distance, nearest = KDTree(body.vertices[over]).query(vertices, _NEIGHBOURS)
        share = 1 / (distance + 0.01)
        share /= share.sum(axis=1, keepdims=True)
        dense = np.zeros((len(vertices), len(body.bone_names)))
        for k in range(_NEIGHBOURS):
            source = over[nearest[:, k]]
            for slot in range(body.weights.shape[1]):
                bones, weights = body.weight_bones[source, slot], body.weights[source, slot]
                np.add.at(dense, (np.arange(len(vertices)), bones), share[:, k] * weights)
        by_ring = dense.reshape(len(self.centres), AROUND, -1)
        dense = gaussian_filter(by_ring, (1.0, _SMOOTH_COLUMNS, 0), mode=(*_EVERY, "nearest")).reshape(dense.shape)
        slots = body.weights.shape[1]
        most = np.argsort(-dense, axis=1)[:, :slots]
        kept = np.take_along_axis(dense, most, axis=1)
        return kept / kept.sum(axis=1, keepdims=True), most


def hanging(radius_m: np.ndarray, most_taper_m: float) -> np.ndarray:
    """Radii (r, n) of cloth that falls from each ring to the next: it goes in by at most this much a ring."""
    out = radius_m.copy()
    for row in range(1, len(out)):
        out[row] = np.maximum(out[row], out[row - 1] - most_taper_m)
    return out
