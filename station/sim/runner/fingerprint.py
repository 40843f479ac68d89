"""What a clip is made of, as a hash: who is there, how they move, how they are filmed, and the way it is drawn."""

import hashlib
from collections.abc import Iterable
from typing import Any

import msgspec
import numpy as np

from station.sim.runner.scenario import Scenario
from station.sim.runner.shot import Shot

_DRAWING = 1  # raise it when the same shot is drawn differently: renderer, shaders, room, sensor, bystander, encoder
_INSTANTS = (0.0, 0.13, 0.37, 0.71)  # shares of a clip at which the body's skin is looked at
_RESOLUTION_M = 1e-4


def fingerprint(shots: Iterable[Shot]) -> str:
    """Equal for shots that give the same clips."""
    digest = hashlib.sha256(str(_DRAWING).encode())
    for shot in shots:
        told = (shot.name, shot.frames, shot.speed_m_s, shot.neck_deg, shot.filming, shot.contacts)
        digest.update(msgspec.json.encode((*told, _set_fields(shot.scenario))))
        digest.update(shot.body.colours.tobytes() + shot.body.triangles.tobytes())
        for share in _INSTANTS if shot.pose else ():
            pose = shot.pose(share * shot.length_s)
            for places in (shot.body.skin(pose)[0], *shot.body.points(pose).values()):
                digest.update(np.rint(np.asarray(places) / _RESOLUTION_M).astype(np.int32).tobytes())
    return digest.hexdigest()


def _set_fields(scenario: Scenario | None) -> dict[str, Any]:
    """Without those at their defaults: a field that is new to all scenarios changes none of their clips."""
    fields = msgspec.structs.fields(scenario) if scenario else ()
    return {f.name: value for f in fields if (value := getattr(scenario, f.name)) != f.default}
