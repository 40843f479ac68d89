"""A baked body: skeleton, skinned mesh and named points, in the station's axes."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Unpack

import numpy as np

from station.gait.results import Side
from station.sim.bodies.blade import BLADE_TIP
from station.sim.bodies.wardrobe import BodyName, Outfit, dressed
from station.sim.runner.scenario import Scenario

_HEEL_INSET_M = 0.012  # the sole's rear edge is rounded: it pivots this far before its end
_NAMES = {"left_big_toe": "left_foot_index", "right_big_toe": "right_foot_index"}  # BlazePose's name
_JOINT_POINTS = {
    "shoulder": "upperarm01",
    "elbow": "lowerarm01",
    "wrist": "wrist",
    "hip": "upperleg01",
    "knee": "lowerleg01",
    "ankle": "foot",
}


def bone(name: str, side: Side) -> str:
    """The rig's name of a limb's bone."""
    return f"{name}.{'L' if side == 'left' else 'R'}"


@dataclass(frozen=True)
class Pose:
    """World rotation (bones, 3, 3) and joint place (bones, 3) in metres of every bone."""

    rotation: np.ndarray
    position: np.ndarray


class Body:
    """`name` is that of a baked body, `outfit` what `dressed` takes. In metres; at rest the soles are on z = 0."""

    def __init__(self, name: BodyName, **outfit: Unpack[Outfit]) -> None:
        self.blade: Side | None = outfit.get("blade")
        self._baked = baked = dressed(name, **outfit)
        self._joints = baked.joints
        self._index = {name: i for i, name in enumerate(baked.bone_names)}
        self.triangles = baked.triangles.astype(np.int32)
        self.colours = baked.colours.astype(np.float32)

    @classmethod
    def of(cls, scenario: Scenario) -> "Body":
        """The scenario's runner."""
        return cls(
            scenario.body,
            skin=scenario.skin,
            clothes=scenario.clothes,
            headwear=scenario.headwear,
            blade=scenario.blade,
        )

    def joint(self, name: str) -> np.ndarray:
        """Place (3,) of a bone's joint at rest."""
        return self._baked.joint(name)

    @property
    def arm_abduction(self) -> float:
        """Radians by which the arms swing away from the trunk."""
        return float(np.radians(self._baked.arm_abduction_deg))

    @cached_property
    def thigh_m(self) -> float:
        return float(np.linalg.norm(self.joint("upperleg01.R") - self.joint("lowerleg01.R")))

    @cached_property
    def shank_m(self) -> float:
        return float(np.linalg.norm(self.joint("lowerleg01.R") - self.joint("foot.R")))

    @cached_property
    def heel_from_ankle(self) -> np.ndarray:
        """(x, z) of the heel's pivot on the flat foot."""
        return np.array([self._baked.sole_m[0] + _HEEL_INSET_M, -self.joint("foot.R")[2]])

    @cached_property
    def ball_from_ankle(self) -> np.ndarray:
        """(x, z) of the toes' joint on the flat foot."""
        return (self.joint("toe1-1.R") - self.joint("foot.R"))[[0, 2]]

    @cached_property
    def heel_and_toe_from_ball(self) -> np.ndarray:
        """(x, z) of the heel's point and of the big toe's on the flat foot, as rows: from a foot that is no blade."""
        side, mark = ("left", "L") if self.blade == "right" else ("right", "R")
        places = np.array([self._baked.points[f"{side}_{name}"][0] for name in ("heel", "big_toe")])
        return (places - self.joint(f"toe1-1.{mark}"))[:, [0, 2]]

    def blade_tip_from_knee(self, bend: float) -> np.ndarray:
        """(forward, down) metres of a blade's tip in the plane of the leg, its lower end bent up by this angle."""
        forward, below = np.array(BLADE_TIP) - (0.0, 1.0)
        c, s = np.cos(bend), np.sin(bend)
        return self.shank_m * np.array([c * forward + s * below, 1.0 + c * below - s * forward])

    def pose(self, absolute: Mapping[str, np.ndarray], relative: Mapping[str, np.ndarray], root: np.ndarray) -> Pose:
        """Forward kinematics from the root's place.

        `absolute`: world rotations by bone; `relative`: rotations on top of the parent's; all others follow the parent.
        """
        rotation, position = np.zeros((len(self._index), 3, 3)), np.zeros((len(self._index), 3))
        for name, i in self._index.items():
            parent = self._baked.bone_parents[i]
            if parent < 0:
                rotation[i], position[i] = absolute[name], root
                continue
            position[i] = position[parent] + rotation[parent] @ (self._joints[i] - self._joints[parent])
            if name in absolute:
                rotation[i] = absolute[name]
            elif name in relative:
                rotation[i] = rotation[parent] @ relative[name]
            else:
                rotation[i] = rotation[parent]
        return Pose(rotation, position)

    def points(self, pose: Pose) -> dict[str, np.ndarray]:
        """The named points (3,): face, toes and heels on the skin, the limbs' joints at the centres of the rig's.

        A leg that ends in a blade has no ankle, heel and toes.
        """
        places = {
            _NAMES.get(name, name): pose.position[i] + pose.rotation[i] @ (rest - self._joints[i])
            for name, (rest, i) in self._baked.points.items()
        }
        for side in ("left", "right"):
            for point, joint in _JOINT_POINTS.items():
                if (side, point) != (self.blade, "ankle"):
                    places[f"{side}_{point}"] = pose.position[self._index[bone(joint, side)]]
        return places

    def soles(self, pose: Pose) -> dict[str, np.ndarray]:
        """Both ends (3,) of each sole: `right_sole_heel` under the heel, `right_sole_toe` under the toes."""
        places = {}
        for side in ("left", "right"):
            if side == self.blade:
                continue
            ankle = self.joint(bone("foot", side))
            for end, forward, carrier in zip(("heel", "toe"), self._baked.sole_m, ("foot", "toe1-1"), strict=True):
                i = self._index[bone(carrier, side)]
                rest = np.array([ankle[0] + forward, ankle[1], 0.0])
                places[f"{side}_sole_{end}"] = pose.position[i] + pose.rotation[i] @ (rest - self._joints[i])
        return places

    def skin(self, pose: Pose) -> tuple[np.ndarray, np.ndarray]:
        """Vertices and normals (n, 3), float32, by linear blend skinning."""
        baked = self._baked
        offset = pose.position - np.einsum("bij,bj->bi", pose.rotation, self._joints)
        rotation = np.einsum("vk,vkij->vij", baked.weights, pose.rotation[baked.weight_bones])
        shift = np.einsum("vk,vki->vi", baked.weights, offset[baked.weight_bones])
        vertices = np.einsum("vij,vj->vi", rotation, baked.vertices) + shift
        normals = np.einsum("vij,vj->vi", rotation, baked.normals)
        return vertices.astype(np.float32), normals.astype(np.float32)
