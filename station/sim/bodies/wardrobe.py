"""Who runs: a baked body with its skin tone and what it wears."""

from typing import Literal

from station.gait.results import Side
from station.sim.bodies.baked import BakedBody, load_baked
from station.sim.bodies.blade import fitted
from station.sim.bodies.skin_tone import SkinTone, toned

BodyName = Literal["man", "woman"]


def dressed(name: BodyName, skin: SkinTone = "light", blade: Side | None = None) -> BakedBody:
    """The body of this name, as it is baked unless told otherwise."""
    body = toned(load_baked(name), skin)
    return fitted(body, blade) if blade else body
