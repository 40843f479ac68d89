"""Triangle meshes put together from parts of the raw body."""

import numpy as np


class Mesh:
    """Collects parts; each vertex remembers the raw vertex whose bones move it."""

    def __init__(self) -> None:
        self._parts: list[tuple[np.ndarray, ...]] = []
        self._count = 0

    def add(
        self,
        vertices: np.ndarray,
        triangles: np.ndarray,
        colours: np.ndarray,
        source: np.ndarray,
        normals: np.ndarray | None = None,
    ) -> None:
        """A part of its own vertices (n, 3); `normals` where they are not those of its triangles alone."""
        normals = vertex_normals(vertices, triangles) if normals is None else normals
        self._parts.append((vertices, normals, colours, source, triangles + self._count))
        self._count += len(vertices)

    def add_some(self, vertices: np.ndarray, triangles: np.ndarray, colours: np.ndarray) -> None:
        """The part of all raw vertices (moved or not) that the triangles use."""
        used, again = np.unique(triangles, return_inverse=True)
        self.add(vertices[used], again.reshape(-1, 3), colours[used], used)

    def merged(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Vertices, normals, colours, source and triangles of all parts, without unused vertices."""
        vertices, normals, colours, source, triangles = (np.concatenate(c) for c in zip(*self._parts, strict=True))
        used, again = np.unique(triangles, return_inverse=True)
        return vertices[used], normals[used], colours[used].clip(0, 1), source[used], again.reshape(-1, 3)


def triangles_of(quads: np.ndarray) -> np.ndarray:
    return np.vstack([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]])


def vertex_normals(vertices: np.ndarray, triangles: np.ndarray) -> np.ndarray:
    a, b, c = (vertices[triangles[:, k]] for k in range(3))
    face = np.cross(b - a, c - a)
    normals = np.zeros_like(vertices)
    for k in range(3):
        np.add.at(normals, triangles[:, k], face)
    return normals / np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12)
