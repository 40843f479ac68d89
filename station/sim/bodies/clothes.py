"""Wide clothes over those that are baked: trousers that hide knee and ankle, a long loose shirt."""

from dataclasses import replace
from typing import Literal

import numpy as np

from station.gait.results import SIDES, Side
from station.sim.bodies.baked import BakedBody, Patch
from station.sim.bodies.wrap import Wrap, hanging

Clothes = Literal["sports", "wide_trousers", "long_shirt", "loose"]
"""`sports` are the baked shirt and shorts; `loose` is a long shirt over wide trousers."""

_CLOTH_COLOUR = (0.34, 0.36, 0.42)
_LEG_FROM, _LEG_TO = 0.10, 1.04  # shares of the leg from hip to ankle
_LEG_RINGS = 34
_LEG_WIDTH = 0.135  # radius at the hem, lengths of the leg
_LEG_EASE_M = 0.010
_SHIRT_DOWN_TO = 0.45  # share of the thigh
_SHIRT_RINGS = 34
_SHIRT_EASE_M = (-0.012, 0.010, 0.045)  # from inside the baked shirt to the hem
_SLEEVE_FROM, _SLEEVE_TO = 0.12, 0.98  # shares of the upper arm
_SLEEVE_RINGS = 14
_SLEEVE_EASE_M = (0.012, 0.035)


def in_clothes(body: BakedBody, clothes: Clothes) -> BakedBody:
    """The body in these clothes. What they are worn over stays, and the true points with it."""
    dressed = body
    if clothes in ("wide_trousers", "loose"):
        dressed = _coloured(dressed, "shorts", _CLOTH_COLOUR)
        for side in SIDES:
            dressed = dressed.wearing(_trouser_leg(body, side))
    if clothes in ("long_shirt", "loose"):
        colour = tuple(body.colours[body.of_part("shirt")].mean(axis=0))
        dressed = dressed.wearing(_shirt(body, colour))
        for side in SIDES:
            dressed = dressed.wearing(_sleeve(body, side, colour))
    return dressed


def _coloured(body: BakedBody, part: str, colour: tuple[float, float, float]) -> BakedBody:
    colours = body.colours.copy()
    colours[body.of_part(part)] = colour
    return replace(body, colours=colours)


def _trouser_leg(body: BakedBody, side: Side) -> Patch:
    """From inside the shorts to below the ankle, ever wider."""
    mark = "L" if side == "left" else "R"
    hip, ankle = body.joint(f"upperleg01.{mark}"), body.joint(f"foot.{mark}")
    of_leg = (
        body.weight_of(f"upperleg01.{mark}", f"upperleg02.{mark}", f"lowerleg01.{mark}", f"lowerleg02.{mark}") > 0.5
    )
    wrap = Wrap.around(body, of_leg, hip, ankle, np.linspace(_LEG_FROM, _LEG_TO, _LEG_RINGS))
    share = np.linspace(0, 1, _LEG_RINGS)[:, None]
    width = np.interp(share, (0.0, 0.3, 1.0), (0.0, 0.10, _LEG_WIDTH)) * np.linalg.norm(ankle - hip)
    ease = _LEG_EASE_M * np.interp(share, (0.0, 0.1, 0.2), (-1.0, 0.0, 1.0))  # comes out from under the shorts
    radius = hanging(wrap.fitting(), most_taper_m=0.0015) + ease
    return wrap.patch(np.maximum(radius, width), _CLOTH_COLOUR)


def _shirt(body: BakedBody, colour: tuple[float, float, float]) -> Patch:
    """A tube that hangs from the chest to the middle of the thighs; the baked shirt is its shoulders."""
    hip, knee, shoulder = (body.joint(f"{b}.R") for b in ("upperleg01", "lowerleg01", "upperarm01"))
    arms = body.weight_of("upperarm", "lowerarm", "wrist", "finger", "metacarpal") > 0.35
    top = np.array([body.joint("root")[0], 0.0, shoulder[2] - 0.05])
    bottom = np.array([top[0], 0.0, hip[2] + _SHIRT_DOWN_TO * (knee[2] - hip[2])])
    inside = ~arms & (body.vertices[:, 2] > knee[2])
    wrap = Wrap.around(body, inside, top, bottom, np.linspace(0, 1, _SHIRT_RINGS))
    ease = np.interp(np.linspace(0, 1, _SHIRT_RINGS), (0.0, 0.15, 1.0), _SHIRT_EASE_M)[:, None]
    return wrap.patch(hanging(wrap.fitting(), most_taper_m=0.003) + ease, colour)


def _sleeve(body: BakedBody, side: Side, colour: tuple[float, float, float]) -> Patch:
    """Over the baked sleeve, to the elbow."""
    mark = "L" if side == "left" else "R"
    shoulder, elbow = body.joint(f"upperarm01.{mark}"), body.joint(f"lowerarm01.{mark}")
    of_arm = body.weight_of(f"upperarm01.{mark}", f"upperarm02.{mark}") > 0.5
    wrap = Wrap.around(body, of_arm, shoulder, elbow, np.linspace(_SLEEVE_FROM, _SLEEVE_TO, _SLEEVE_RINGS))
    ease = np.interp(np.linspace(0, 1, _SLEEVE_RINGS), (0.0, 0.3, 1.0), (-0.01, *_SLEEVE_EASE_M))[:, None]
    radius = hanging(wrap.fitting(), most_taper_m=0.001) + ease
    return wrap.patch(radius, colour)
