"""A heavy body: the girths of a man of 1.80 m and 150 kg, padded on a slimmer one of the same height."""

from dataclasses import replace

import numpy as np

from station.sim.bodies.baked import BakedBody
from station.sim.bodies.mesh import vertex_normals

_PADDING_M = {
    "root": 0.075,
    "pelvis": 0.065,
    "spine05": 0.085,
    "spine04": 0.095,
    "spine03": 0.085,
    "spine02": 0.065,
    "spine01": 0.055,
    "clavicle": 0.040,
    "shoulder01": 0.040,
    "upperarm": 0.026,
    "lowerarm": 0.014,
    "upperleg01": 0.052,
    "upperleg02": 0.045,
    "lowerleg": 0.018,
    "neck": 0.016,
}
"""By the bone (or the bones whose names begin so) that moves a place of the skin; nothing on face, hands and feet."""
_BELLY_M, _BELLY_HEIGHT_M = 0.075, 0.14  # more in front, and over how much of the height
_ARM_ABDUCTION_DEG = 27.0  # the arms swing beside a wider trunk


def padded(body: BakedBody) -> BakedBody:
    """The body with padding under skin and clothes. Joints and the points of face and feet stay where they are."""
    bones = np.array([_of_bone(name) for name in body.bone_names])
    thickness = (body.weights * bones[body.weight_bones]).sum(axis=1)
    thickness[body.of_part("shoe", "sock")] = 0.0
    navel_z = body.joint("spine05")[2] + 0.02
    height = np.exp(-(((body.vertices[:, 2] - navel_z) / _BELLY_HEIGHT_M) ** 2))
    trunk = body.weight_of("spine", "root", "pelvis")
    belly = _BELLY_M * height * trunk * np.clip(body.normals[:, 0], 0, 1)
    vertices = body.vertices + thickness[:, None] * body.normals + belly[:, None] * (1.0, 0.0, 0.0)
    normals = vertex_normals(vertices, body.triangles)
    return replace(body, vertices=vertices, normals=normals, arm_abduction_deg=_ARM_ABDUCTION_DEG)


def _of_bone(name: str) -> float:
    return next((metres for prefix, metres in _PADDING_M.items() if name.startswith(prefix)), 0.0)
