"""What a study's clips are made of: who is there, how they move, how they are filmed, and the way it is drawn."""

import ast
import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec
import numpy as np
from msgspec import Struct

from station.sim.runner import (
    bystander,
    camera_view,
    clip_writer,
    exposure,
    film,
    gym_scene,
    renderer,
    sensor,
    shaders,
)
from station.sim.runner.scenario import Scenario
from station.sim.runner.shot import Shot

_DRAWING = bystander, camera_view, clip_writer, exposure, film, gym_scene, renderer, sensor, shaders
"""What makes a picture of a shot, and a file of the pictures."""
_INSTANTS = (0.0, 0.13, 0.37, 0.71)  # shares of a clip at which the body is looked at
_EVERY_VERTEX = 61
_UNSEEN = ("title", "mistakes")
_LEAST_CHANGE_M = 0.002  # half a pixel: what a solver's last digits move is not another picture


class Fingerprint(Struct, frozen=True):
    """`told`: a hash of all that is said; `places_m`: where some of the body's vertices and its points then are."""

    told: str
    places_m: list[tuple[float, float, float]]

    @classmethod
    def of(cls, shots: Iterable[Shot]) -> "Fingerprint":
        digest = hashlib.sha256("".join(map(_code, _DRAWING)).encode())
        places = [np.empty((0, 3))]
        for shot in shots:
            told = (shot.name, shot.frames, shot.speed_m_s, shot.neck_deg, shot.filming, shot.contacts)
            digest.update(msgspec.json.encode((*told, _set_fields(shot.scenario) if shot.contacts else {})))
            digest.update(shot.body.colours.tobytes() + shot.body.triangles.tobytes())
            for share in _INSTANTS if shot.pose else ():
                pose = shot.pose(share * shot.length_s)
                places += [
                    shot.body.skin(pose)[0][::_EVERY_VERTEX],
                    *(p[None] for p in shot.body.points(pose).values()),
                ]
        return cls(digest.hexdigest(), np.concatenate(places).round(4).tolist())

    def same(self, other: "Fingerprint") -> bool:
        """Whether both give the same clips."""
        mine, others = np.array(self.places_m), np.array(other.places_m)
        return self.told == other.told and mine.shape == others.shape and np.allclose(mine, others, 0, _LEAST_CHANGE_M)


@cache
def _code(module: ModuleType) -> str:
    """The module's source without comments and layout, which draw nothing."""
    return ast.unparse(ast.parse(Path(module.__file__).read_bytes()))


def _set_fields(scenario: Scenario) -> dict[str, Any]:
    """Without those at their defaults: a field that is new to all scenarios changes none of their clips."""
    fields = [f for f in msgspec.structs.fields(scenario) if f.name not in _UNSEEN]
    return {f.name: value for f in fields if (value := getattr(scenario, f.name)) != f.default}
