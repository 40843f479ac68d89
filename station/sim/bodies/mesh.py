"""Triangle meshes put together from parts of the raw body."""

import numpy as np

PARTS = (
    "skin",
    "lips",
    "brows",
    "scalp",
    "sock",
    "hair",
    "ponytail",
    "eyes",
    "shirt",
    "shorts",
    "shoe",
    "worn",
)
"""What a vertex belongs to. `worn`: put on a baked body later."""


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
        parts: np.ndarray | str,
        normals: np.ndarray | None = None,
    ) -> None:
        """Some triangles and their own vertices (n, 3); `parts` names what each vertex (or all) belongs to.

        `normals` where they are not those of the triangles alone.
        """
        normals = vertex_normals(vertices, triangles) if normals is None else normals
        of_part = np.vectorize(PARTS.index)(np.broadcast_to(parts, len(vertices)))
        self._parts.append((vertices, normals, colours, source, of_part, triangles + self._count))
        self._count += len(vertices)

    def add_some(self, vertices: np.ndarray, triangles: np.ndarray, colours: np.ndarray, part: str) -> None:
        """The part of all raw vertices (moved or not) that the triangles use."""
        used, again = np.unique(triangles, return_inverse=True)
        self.add(vertices[used], again.reshape(-1, 3), colours[used], used, part)

    def merged(self) -> tuple[np.ndarray, ...]:
        """Vertices, normals, colours, source, part and triangles of everything, without unused vertices."""
        vertices, normals, colours, source, parts, triangles = (
            np.concatenate(c) for c in zip(*self._parts, strict=True)
        )
        used, again = np.unique(triangles, return_inverse=True)
        merged = vertices, normals, colours.clip(0, 1), source, parts
        return (*(column[used] for column in merged), again.reshape(-1, 3))


def triangles_of(quads: np.ndarray) -> np.ndarray:
    return np.vstack([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]])


def vertex_normals(vertices: np.ndarray, triangles: np.ndarray) -> np.ndarray:
    a, b, c = (vertices[triangles[:, k]] for k in range(3))
    face = np.cross(b - a, c - a)
    normals = np.zeros_like(vertices)
    for k in range(3):
        np.add.at(normals, triangles[:, k], face)
    return normals / np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12)
