"""Skin tones of a body."""

from dataclasses import replace
from typing import Literal

import numpy as np

from station.sim.bodies.baked import BakedBody

SkinTone = Literal["light", "medium", "dark"]

_TONES = {"medium": (0.510, 0.361, 0.263), "dark": (0.227, 0.192, 0.165)}
"""Shades 7 and 9 of the Monk Skin Tone scale (Monk 2019: #825c43, #3a312a); the baked bodies lie near shade 5."""
_DARK_HAIR = (0.07, 0.05, 0.045)


def toned(body: BakedBody, tone: SkinTone) -> BakedBody:
    """The body in this tone, with dark hair where the skin is darker than baked."""
    if tone == "light":
        return body
    skin, hair = body.of_part("skin", "lips"), body.of_part("hair", "ponytail", "scalp", "brows")
    colours = body.colours.copy()
    colours[skin] *= np.array(_TONES[tone]) / colours[body.of_part("skin")].mean(axis=0)
    colours[hair] *= np.array(_DARK_HAIR) / colours[hair].mean(axis=0)
    return replace(body, colours=colours.clip(0, 1))
