"""Who runs: a baked body with its skin tone and what it wears."""

from typing import Literal

from station.sim.bodies.baked import BakedBody, load_baked
from station.sim.bodies.skin_tone import SkinTone, toned

BodyName = Literal["man", "woman"]


def dressed(name: BodyName, skin: SkinTone = "light") -> BakedBody:
    """The body of this name, as it is baked unless told otherwise."""
    return toned(load_baked(name), skin)
