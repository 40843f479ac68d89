"""Bone rotations of a leg and an arm from their joint angles; two-bone inverse kinematics of the leg."""

import numpy as np

from station.gait.results import Side
from station.sim.runner.body import Body, bone
from station.sim.runner.rotations import about_axis, about_x, about_y, turning

RIGHTWARD = np.array([0.0, -1.0, 0.0])
_TOES = range(1, 6)
_FOREARM_PRONATION = np.radians(25)
_FINGER_CURL = {1: 55, 2: 60, 3: 35}  # degrees of a relaxed fist, by joint
_THUMB_CURL = 25


def outward(side: Side) -> int:
    """+1 for the right limb, -1 for the left: the sign of rotations that mirror."""
    return 1 if side == "right" else -1


def leg_angles(body: Body, hip: np.ndarray, ankle: np.ndarray) -> tuple[float, float]:
    """Thigh from vertical (forward positive) and knee flexion, radians, that put the ankle there."""
    return two_bone_angles(body.thigh_m, body.shank_m, hip, ankle)


def two_bone_angles(upper_m: float, lower_m: float, start: np.ndarray, end: np.ndarray) -> tuple[float, float]:
    """Upper segment from vertical (forward positive) and fold between the two, radians, for the ends (3,) of both.

    A place out of reach gives the nearly straight limb towards it.
    """
    forward = end[0] - start[0]
    down = np.hypot(start[2] - end[2], start[1] - end[1])
    reach = min(np.hypot(forward, down), (upper_m + lower_m) * 0.9985)
    fold = np.pi - np.arccos((upper_m**2 + lower_m**2 - reach**2) / (2 * upper_m * lower_m))
    to_middle = np.arccos((upper_m**2 + reach**2 - lower_m**2) / (2 * upper_m * reach))
    return float(np.arctan2(forward, down) + to_middle), float(fold)


def reach_m(upper_m: float, lower_m: float, fold: float) -> float:
    """Distance between the ends of two segments that are folded by this angle (0 = straight)."""
    return float(np.sqrt(upper_m**2 + lower_m**2 + 2 * upper_m * lower_m * np.cos(fold)))


def leg_rotations(
    body: Body,
    side: Side,
    hip: np.ndarray,
    foot_y_m: float,
    thigh: float,
    knee: float,
    foot_pitch: float,
    toe_extension: float,
) -> dict[str, np.ndarray]:
    """World rotations of thigh, shank, foot and toes. The leg tilts sideways from the hip to the foot's line.

    `foot_pitch` is toe-up positive; the toes stand `toe_extension` above the foot. A blade bends in the leg's plane.
    """
    length = body.thigh_m * np.cos(thigh) + body.shank_m * np.cos(thigh - knee)
    tilt = np.arcsin(np.clip((hip[1] - foot_y_m) / max(length, 0.3), -0.3, 0.3))
    sideways = about_x(-tilt)
    hinge = sideways @ RIGHTWARD
    upper, lower, foot = (bone(b, side) for b in ("upperleg01", "lowerleg01", "foot"))
    rest_thigh = body.joint(lower) - body.joint(upper)
    rest_shank = body.joint(foot) - body.joint(lower)
    shank = turning(rest_shank, RIGHTWARD, sideways @ _hanging(thigh - knee), hinge)
    toes = about_y(-(foot_pitch + toe_extension))
    return {
        upper: turning(rest_thigh, RIGHTWARD, sideways @ _hanging(thigh), hinge),
        lower: shank,
        foot: about_axis(hinge, foot_pitch - (thigh - knee)) @ shank if side == body.blade else about_y(-foot_pitch),
        **{bone(f"toe{k}-1", side): toes for k in _TOES},
    }


def arm_rotations(
    body: Body, side: Side, thorax: np.ndarray, swing: float, elbow_flexion: float, inward: float
) -> dict[str, np.ndarray]:
    """World rotations of the arm: upper arm `swing` forward of the thorax, forearm turned `inward` about it."""
    base = thorax @ about_x(-outward(side) * body.arm_abduction)
    upper_direction = base @ _hanging(swing)
    hinge = about_axis(upper_direction, -outward(side) * inward) @ base @ RIGHTWARD
    forearm_direction = about_axis(hinge, elbow_flexion) @ upper_direction
    upper, lower, wrist = (bone(b, side) for b in ("upperarm01", "lowerarm01", "wrist"))
    rest_upper = body.joint(lower) - body.joint(upper)
    rest_forearm = body.joint(wrist) - body.joint(lower)
    rest_hinge = np.cross(rest_upper, rest_forearm)
    forearm = turning(rest_forearm, rest_hinge, forearm_direction, hinge)
    pronation = -outward(side) * _FOREARM_PRONATION
    return {
        upper: turning(rest_upper, rest_hinge, upper_direction, hinge),
        lower: forearm,
        bone("lowerarm02", side): about_axis(forearm_direction, pronation / 2) @ forearm,
        wrist: about_axis(forearm_direction, pronation) @ forearm,
    }


def fist_rotations(body: Body, side: Side) -> dict[str, np.ndarray]:
    """Relative rotations of the fingers of a relaxed fist."""
    knuckles = body.joint(bone("finger2-1", side)) - body.joint(bone("finger5-1", side))
    curl = {f"finger{f}-{j}": degrees for f in range(2, 6) for j, degrees in _FINGER_CURL.items()}
    curl["finger1-2"] = _THUMB_CURL
    return {
        bone(name, side): about_axis(knuckles, outward(side) * np.radians(degrees)) for name, degrees in curl.items()
    }


def _hanging(forward: float) -> np.ndarray:
    """A limb that hangs down, turned forward by the angle."""
    return np.array([np.sin(forward), 0.0, -np.cos(forward)])
