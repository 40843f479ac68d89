"""A leg that ends in a running blade: thigh, and a shank that the blade lengthens and bends under load."""

import numpy as np

from station.sim.runner.body import Body
from station.sim.runner.foot_path import blade_tip_x_m
from station.sim.runner.gait_spec import GaitSpec
from station.sim.runner.limbs import reach_m, two_bone_angles
from station.sim.runner.stride_timing import Contact

_MOST_BEND = np.radians(26)  # of the spring, at half of stance


def bend(contact: Contact, t_s: float) -> float:
    """How far the spring is bent, radians: as a spring under a load that rises and falls."""
    share = (t_s - contact.contact_s) / contact.contact_time_s
    return _MOST_BEND * np.sin(np.pi * np.clip(share, 0, 1)) ** 2


def tip_xz(spec: GaitSpec, contact: Contact, t_s: float) -> np.ndarray:
    """Place (x, z) of the blade's tip, which stays where it landed on the belt."""
    return np.array([float(blade_tip_x_m(spec, contact, np.asarray(t_s))), 0.0])


def blade_leg_angles(body: Body, hip: np.ndarray, tip: np.ndarray, bent: float) -> tuple[float, float]:
    """Thigh from vertical (forward positive) and knee flexion, radians, that put the tip there."""
    forward, down = body.blade_tip_from_knee(bent)
    thigh, fold = two_bone_angles(body.thigh_m, float(np.hypot(forward, down)), hip, tip)
    return thigh, fold + float(np.arctan2(forward, down))


def blade_reach_m(body: Body, bent: float, least_knee: float) -> float:
    """Distance from hip to tip with the straightest knee that is allowed."""
    forward, down = body.blade_tip_from_knee(bent)
    fold = max(least_knee - np.arctan2(forward, down), 0.0)
    return reach_m(body.thigh_m, float(np.hypot(forward, down)), fold)
