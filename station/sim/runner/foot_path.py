"""Where a foot stands on the moving belt, and where along it the centre of pressure is."""

import numpy as np

from station.gait.results import Side
from station.sim.runner.gait_spec import GaitSpec
from station.sim.runner.stride_timing import Contact

_STRIKE_ANGLES_DEG = (-8.0, 0.0, 8.0, 16.0)
_FIRST_CONTACT_AT = (0.75, 0.50, 0.25, 0.12)  # share of the foot's length from the heel
_ROLL_TIMES = (0.0, 0.2, 0.5, 0.9, 1.0)  # share of stance
"""The centre of pressure starts where the foot strikes and leaves at the toes (Cavanagh and Lafortune 1980)."""
_BLADE_TIP_AT = 0.74  # of the other foot's length from its heel: below the ball of that foot


def foot_y_m(spec: GaitSpec, side: Side) -> float:
    """The line on which this foot lands; left positive."""
    return spec.step_width_m / 2 * (1 if side == "left" else -1)


def heel_x_m(spec: GaitSpec, contact: Contact, t_s: np.ndarray) -> np.ndarray:
    """The flat foot's heel: lands `heel_ahead_m` before the deck centre and moves back with the belt."""
    return spec.heel_ahead_m - spec.speed_m_s * (t_s - contact.contact_s)


def cop_x_m(spec: GaitSpec, contact: Contact, t_s: np.ndarray) -> np.ndarray:
    """Centre of pressure of one foot: the heel's place plus the roll from the strike to the toes.

    That of a blade is its tip.
    """
    if contact.side == spec.blade:
        return blade_tip_x_m(spec, contact, t_s)
    first = float(np.interp(spec.strike_angle_deg, _STRIKE_ANGLES_DEG, _FIRST_CONTACT_AT))
    roll = (first, (first + 0.55) / 2, 0.60, 0.85, 0.88)
    along = np.interp((t_s - contact.contact_s) / contact.contact_time_s, _ROLL_TIMES, roll)
    return heel_x_m(spec, contact, t_s) + spec.foot_length_m * along


def blade_tip_x_m(spec: GaitSpec, contact: Contact, t_s: np.ndarray) -> np.ndarray:
    """Where a blade touches the belt: one place through the whole contact."""
    return heel_x_m(spec, contact, t_s) + _BLADE_TIP_AT * spec.foot_length_m
