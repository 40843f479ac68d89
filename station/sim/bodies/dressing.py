"""Skin, hair, eyes, clothes and shoes of a body, as parts of one mesh."""

from dataclasses import dataclass

import numpy as np

from station.sim.bodies.mesh import Mesh, triangles_of, vertex_normals
from station.sim.bodies.raw_body import RawBody
from station.sim.bodies.regions import Regions

Colour = tuple[float, float, float]
SOLE_M = 0.022  # thickness of the shoe's sole
_WHITE: Colour = (0.93, 0.93, 0.93)


@dataclass(frozen=True)
class Look:
    skin: Colour
    shirt: Colour
    shorts: Colour
    shoe: Colour
    hair: Colour
    shorts_width_m: float  # at the hem
    striped: bool
    ponytail: bool


LOOKS = {
    "man": Look(
        skin=(0.78, 0.57, 0.46),
        shirt=(0.80, 0.16, 0.14),
        shorts=(0.10, 0.12, 0.18),
        shoe=(0.15, 0.35, 0.75),
        hair=(0.12, 0.08, 0.06),
        shorts_width_m=0.022,
        striped=True,
        ponytail=False,
    ),
    "woman": Look(
        skin=(0.86, 0.65, 0.54),
        shirt=(0.10, 0.52, 0.55),
        shorts=(0.13, 0.11, 0.16),
        shoe=(0.95, 0.55, 0.15),
        hair=(0.35, 0.20, 0.10),
        shorts_width_m=0.006,
        striped=False,
        ponytail=True,
    ),
    "child": Look(
        skin=(0.83, 0.62, 0.50),
        shirt=(0.90, 0.66, 0.16),
        shorts=(0.14, 0.24, 0.40),
        shoe=(0.30, 0.65, 0.35),
        hair=(0.28, 0.17, 0.09),
        shorts_width_m=0.012,
        striped=False,
        ponytail=False,
    ),
}


def _tinted(colour: Colour, count: int, spread: float, rng: np.random.Generator) -> np.ndarray:
    return np.tile(colour, (count, 1)) * (1 + spread * rng.standard_normal((count, 1)))


def add_skin(mesh: Mesh, body: RawBody, where: Regions, look: Look, rng: np.random.Generator) -> None:
    skin = triangles_of(body.groups["body"])
    colours = _tinted(look.skin, len(body.vertices), 0.02, rng)
    colours[where.brows] = np.array(look.hair) * 0.9
    colours[where.lips] = np.array(look.skin) * (0.86, 0.58, 0.58)
    colours[where.sock] = (0.92, 0.92, 0.92)
    colours[where.scalp] = look.hair
    parts = np.full(len(body.vertices), "skin", object)
    for name, there in (("brows", where.brows), ("lips", where.lips), ("sock", where.sock), ("scalp", where.scalp)):
        parts[there] = name
    seen = skin[~where.hidden[skin].all(axis=1)]
    whole = vertex_normals(body.vertices, skin)  # of the cut edges too
    mesh.add(body.vertices, seen, colours, np.arange(len(body.vertices)), parts, whole)


def add_hair(mesh: Mesh, body: RawBody, where: Regions, look: Look, rng: np.random.Generator) -> None:
    """The scalp blown up by a centimetre, thin at its edge; a ponytail where the look has one."""
    skin, count = triangles_of(body.groups["body"]), len(body.vertices)
    normals = vertex_normals(body.vertices, skin)
    cap = skin[where.scalp[skin].all(axis=1)]
    thickness = 0.011 + 0.004 * rng.random((count, 1))
    of_cap, of_skin = (np.bincount(t.ravel(), minlength=count) for t in (cap, skin))
    thickness[(of_cap > 0) & (of_cap < of_skin)] = 0.002
    shade = (1 + 0.25 * rng.standard_normal((count, 1))).clip(0.5, 1.6)
    mesh.add_some(body.vertices + normals * thickness, cap, np.array(look.hair) * shade, "hair")
    if look.ponytail:
        root = np.array([body.vertices[where.scalp, 0].min() + 0.01, 0, body.points["right_ear"][2] + 0.06])
        vertices, triangles = _ponytail(root)
        colours = _tinted(look.hair, len(vertices), 0.2, rng)
        mesh.add(vertices, triangles, colours, np.full(len(vertices), np.flatnonzero(where.scalp)[0]), "ponytail")


def _ponytail(root: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A tapered tube that hangs from the back of the head."""
    hanging = np.array(
        [(-0.03, 0, 0.01), (-0.075, 0, -0.02), (-0.09, 0, -0.09), (-0.085, 0, -0.16), (-0.075, 0, -0.22)]
    )
    radii = (0.018, 0.030, 0.032, 0.024, 0.006)
    around = np.linspace(0, 2 * np.pi, 12, endpoint=False)
    ring = np.column_stack([0.9 * np.cos(around), -np.sin(around), np.zeros(12)])
    vertices = np.vstack([place + r * ring for place, r in zip(root + hanging, radii, strict=True)])
    triangles = []
    for a in range(4):
        for k in range(12):
            here, beside = a * 12 + k, a * 12 + (k + 1) % 12
            triangles += [[here, here + 12, beside], [beside, here + 12, beside + 12]]
    return vertices, np.array(triangles)


def add_eyes(mesh: Mesh, body: RawBody) -> None:
    for group in ("helper-l-eye", "helper-r-eye"):
        ball = triangles_of(body.groups[group])
        used = np.unique(ball)
        centre = body.vertices[used].mean(axis=0)
        from_centre = body.vertices[used] - centre
        iris = used[(np.linalg.norm(from_centre[:, 1:], axis=1) < 0.0065) & (from_centre[:, 0] > 0)]
        colours = np.tile((0.93, 0.92, 0.90), (len(body.vertices), 1))
        colours[iris] = (0.12, 0.08, 0.05)
        mesh.add_some(body.vertices, ball, colours, "eyes")


def add_clothes(mesh: Mesh, body: RawBody, where: Regions, look: Look, rng: np.random.Generator) -> None:
    """Shirt and shorts: the tights of the helper geometry, cut and widened."""
    tights, count = triangles_of(body.groups["helper-tights"]), len(body.vertices)
    normals = vertex_normals(body.vertices, tights)
    width = np.where(where.arm, 0.012, 0.006 + 0.012 * np.clip(1 - where.chest_share, 0, 1))[:, None]
    shirt = tights[where.shirt[tights].all(axis=1)]
    mesh.add_some(body.vertices + normals * width, shirt, _tinted(look.shirt, count, 0.03, rng), "shirt")
    width = 0.005 + where.thigh_share[:, None] * look.shorts_width_m
    colours = _tinted(look.shorts, count, 0.05, rng)
    if look.striped:
        colours[where.side_stripe] = (0.85, 0.85, 0.88)
    shorts = tights[where.shorts[tights].all(axis=1)]
    mesh.add_some(body.vertices + normals * width, shorts, colours, "shorts")


def add_shoes(mesh: Mesh, body: RawBody, where: Regions, look: Look) -> np.ndarray:
    """Flat-soled shoes with a little toe spring; gives the ends (2,) of the right sole along x."""
    tights = triangles_of(body.groups["helper-tights"])
    normals = vertex_normals(body.vertices, tights)
    ankle_x = body.joint("foot.R")[0]
    x, z, down = body.vertices[:, 0], body.vertices[:, 2], normals[:, 2] < -0.3
    vertices = body.vertices + normals * 0.006
    low = z < 0.022
    vertices[low] = body.vertices[low] + normals[low] * (0.006, 0.006, 0)
    vertices[low, 2] = np.where(down[low], -SOLE_M, 0.012)
    toe = where.foot & (x > ankle_x + 0.15) & down
    vertices[toe, 2] += 0.010 * np.clip((x[toe] - ankle_x - 0.17) / 0.07, 0, 1)
    colours = np.tile(look.shoe, (len(vertices), 1)).astype(float)
    colours[vertices[:, 2] < 0.015] = _WHITE
    shoe = tights[where.shoe[tights].all(axis=1)]
    mesh.add_some(vertices, shoe, colours, "shoe")
    used = np.unique(shoe)
    bottom = vertices[used][(body.vertices[used, 1] < 0) & (vertices[used, 2] + SOLE_M < 0.015), 0]
    return np.array([bottom.min(), bottom.max()])
