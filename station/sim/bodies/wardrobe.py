"""Who runs: a baked body with its skin tone and what it wears."""

from typing import Literal, TypedDict

from station.gait.results import Side
from station.sim.bodies.baked import BakedBody, load_baked
from station.sim.bodies.blade import fitted
from station.sim.bodies.clothes import Clothes, in_clothes
from station.sim.bodies.headwear import Headwear, with_headwear
from station.sim.bodies.heavy import padded
from station.sim.bodies.skin_tone import SkinTone, toned

BodyName = Literal["man", "woman", "child", "heavy"]


class Outfit(TypedDict, total=False):
    """What `dressed` takes besides the body's name."""

    skin: SkinTone
    clothes: Clothes
    headwear: Headwear
    blade: Side | None


def dressed(
    name: BodyName,
    skin: SkinTone = "light",
    clothes: Clothes = "sports",
    headwear: Headwear = "none",
    blade: Side | None = None,
) -> BakedBody:
    """The body of this name, as it is baked unless told otherwise."""
    body = toned(padded(load_baked("man")) if name == "heavy" else load_baked(name), skin)
    if blade:
        body = fitted(body, blade)
    return with_headwear(in_clothes(body, clothes), headwear)
