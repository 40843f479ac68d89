"""Quiet standing: looking ahead, arms down, a little sway. The runner's own reference."""

import numpy as np

from station.gait.results import SIDES
from station.sim.runner.blade_leg import blade_leg_angles
from station.sim.runner.body import Body, Pose, bone
from station.sim.runner.limbs import arm_rotations, fist_rotations, leg_angles, leg_rotations
from station.sim.runner.rotations import about_y
from station.sim.runner.trunk import neck_rotations, spine_rotations

_FOOT_Y_M = 0.10
_BLADE_TIP_X_M = 0.08
_KNEE = np.radians(6)
_ELBOW = np.radians(18)
_ARM_SWING = np.radians(3)
_SWAY_M = 0.006  # of the pelvis, forward and back
_SWAY = np.radians(0.4)  # of the trunk


def standing_pose(body: Body, share: float) -> Pose:
    """The pose at a share (0..1) of the sway's period, which closes on itself."""
    sway = np.sin(2 * np.pi * share)
    trunk = about_y(_SWAY * sway)
    ankle_z = body.joint("foot.R")[2]
    hip_z = ankle_z + np.sqrt(body.thigh_m**2 + body.shank_m**2 + 2 * body.thigh_m * body.shank_m * np.cos(_KNEE))
    rest_hip = body.joint("upperleg01.R")
    root = body.joint("root") + np.array([_SWAY_M * sway - rest_hip[0], 0.0, hip_z - rest_hip[2]])
    absolute = {"root": trunk, "clavicle.L": trunk, "clavicle.R": trunk} | neck_rotations(0.0, 0.0, 0.0)
    fists: dict[str, np.ndarray] = {}
    for side in SIDES:
        foot_y = _FOOT_Y_M if side == "left" else -_FOOT_Y_M
        hip = root + trunk @ (body.joint(bone("upperleg01", side)) - body.joint("root"))
        if side == body.blade:
            thigh, knee = blade_leg_angles(body, hip, np.array([_BLADE_TIP_X_M, foot_y, 0.0]), bent=0.0)
            pitch = thigh - knee
        else:
            thigh, knee = leg_angles(body, hip, np.array([-0.03, foot_y, ankle_z]))
            pitch = 0.0
        absolute |= leg_rotations(body, side, hip, foot_y, thigh, knee, pitch, 0.0)
        absolute |= arm_rotations(body, side, trunk, _ARM_SWING, _ELBOW, np.radians(10))
        fists |= fist_rotations(body, side)
    return body.pose(absolute, fists | spine_rotations(trunk, trunk), root)
