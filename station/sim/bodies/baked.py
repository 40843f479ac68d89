"""A baked body as it lies in its file: mesh, skin weights, skeleton and named points, at rest."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from station.sim.bodies.mesh import PARTS, vertex_normals

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Patch:
    """A piece of mesh to be added to a body: (n, 3) vertices, (m, 3) triangles, (n, 3) colours 0..1, skin weights."""

    vertices: np.ndarray
    triangles: np.ndarray
    colours: np.ndarray
    weights: np.ndarray  # (n, k), sum 1
    weight_bones: np.ndarray  # (n, k)


@dataclass(frozen=True)
class BakedBody:
    """Metres in the station's axes, at rest with the soles on z = 0."""

    vertices: np.ndarray  # (n, 3)
    normals: np.ndarray  # (n, 3)
    triangles: np.ndarray  # (m, 3)
    colours: np.ndarray  # (n, 3), 0..1
    weights: np.ndarray  # (n, k), sum 1
    weight_bones: np.ndarray  # (n, k)
    parts: np.ndarray  # (n,), index into PARTS
    bone_names: tuple[str, ...]
    bone_parents: np.ndarray  # (b,), -1 for the root
    joints: np.ndarray  # (b, 3)
    points: Mapping[str, tuple[np.ndarray, int]]  # name -> place (3,) and the bone that carries it
    sole_m: np.ndarray  # (2,) ends of the sole, forward of the ankle
    arm_abduction_deg: float = 14.0  # of the swinging arms, from the trunk

    def bone(self, name: str) -> int:
        return self.bone_names.index(name)

    def joint(self, bone: str) -> np.ndarray:
        """Place (3,) of a bone's joint."""
        return self.joints[self.bone(bone)]

    def of_part(self, *names: str) -> np.ndarray:
        """(n,) mask of the vertices of these parts."""
        return np.isin(self.parts, [PARTS.index(n) for n in names])

    def weight_of(self, *prefixes: str) -> np.ndarray:
        """(n,) share of each vertex that the bones with these prefixes move."""
        ours = np.array([name.startswith(prefixes) for name in self.bone_names])
        return (self.weights * ours[self.weight_bones]).sum(axis=1)

    def without(self, gone: np.ndarray) -> "BakedBody":
        """The body without the triangles that touch a vertex of the mask (n,)."""
        kept = self.triangles[~gone[self.triangles].any(axis=1)]
        used, again = np.unique(kept, return_inverse=True)
        by_vertex = ("vertices", "normals", "colours", "weights", "weight_bones", "parts")
        return replace(self, triangles=again.reshape(-1, 3), **{name: getattr(self, name)[used] for name in by_vertex})

    def wearing(self, patch: Patch) -> "BakedBody":
        """The body with one more piece of mesh, which moves with the bones."""
        count, slots = len(patch.vertices), self.weights.shape[1]
        weights, bones = np.zeros((count, slots)), np.zeros((count, slots), int)
        weights[:, : patch.weights.shape[1]] = patch.weights
        bones[:, : patch.weights.shape[1]] = patch.weight_bones
        return replace(
            self,
            vertices=np.vstack([self.vertices, patch.vertices]),
            normals=np.vstack([self.normals, vertex_normals(patch.vertices, patch.triangles)]),
            triangles=np.vstack([self.triangles, patch.triangles + len(self.vertices)]),
            colours=np.vstack([self.colours, patch.colours]),
            weights=np.vstack([self.weights, weights]),
            weight_bones=np.vstack([self.weight_bones, bones]),
            parts=np.append(self.parts, np.full(count, PARTS.index("worn"))),
        )


def load_baked(name: str) -> BakedBody:
    """The body `name` of this package."""
    with np.load(FOLDER / f"{name}.npz") as file:
        weights = file["weights"].astype(float)
        points = zip(file["point_names"], file["points"].astype(float), file["point_bones"], strict=True)
        return BakedBody(
            vertices=file["vertices"].astype(float),
            normals=file["normals"].astype(float),
            triangles=file["triangles"].astype(int),
            colours=file["colours"].astype(float) / 255,
            weights=weights / np.maximum(weights.sum(axis=1, keepdims=True), 1),
            weight_bones=file["weight_bones"].astype(int),
            parts=file["parts"].astype(int),
            bone_names=tuple(str(n) for n in file["bone_names"]),
            bone_parents=file["bone_parents"].astype(int),
            joints=file["joints"].astype(float),
            points={str(n): (place, int(b)) for n, place, b in points},
            sole_m=file["sole_m"].astype(float),
        )
