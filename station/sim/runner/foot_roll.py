"""The foot in stance: it rolls over heel, sole and ball on the moving belt without slipping."""

import numpy as np

from station.sim.runner.body import Body
from station.sim.runner.foot_path import heel_x_m
from station.sim.runner.gait_spec import GaitSpec
from station.sim.runner.stride_timing import Contact

HEEL_OFF_AT = 0.46  # share of stance
TOE_OFF_PITCH = np.radians(-54)


def flat_at(strike_angle_deg: float) -> float:
    """Share of stance at which the whole sole is down: later for a steeper strike."""
    return 0.06 + 0.010 * abs(strike_angle_deg)


def landing_pitch(body: Body, strike_angle_deg: float) -> float:
    """Pitch of the rear foot at contact, radians, at which the line from heel to toe has the strike angle.

    A foot that lands on its heel or flat turns as a whole. One that lands on the ball has its toes flat on the belt
    and turns about the ball, so its heel must rise further for the same angle.
    """
    if strike_angle_deg >= 0:
        return np.radians(strike_angle_deg)
    heel, toe = body.heel_and_toe_from_ball
    line = np.arctan2(*(toe - heel)[::-1]) + np.radians(strike_angle_deg)
    beside = (toe[0] * np.sin(line) - toe[1] * np.cos(line)) / np.hypot(*heel)
    pitch = line - np.arctan2(*heel[::-1]) + np.pi + np.arcsin(beside)
    return float((pitch + np.pi) % (2 * np.pi) - np.pi)


def sole_pitch(landing: float, strike_angle_deg: float, share: float) -> float:
    """Pitch of the rear foot, radians, toe-up positive, at a share (0..1) of stance. The toes stay flat on the belt."""
    flat = flat_at(strike_angle_deg)
    if share < flat:
        return landing * (1 + np.cos(np.pi * share / flat)) / 2
    push = max(share - HEEL_OFF_AT, 0.0) / (1 - HEEL_OFF_AT)
    return TOE_OFF_PITCH * (0.30 * push**2 + 0.70 * push**2.6)


def ankle_xz(body: Body, spec: GaitSpec, contact: Contact, t_s: float) -> tuple[np.ndarray, float]:
    """Ankle (x, z) in metres on the deck and pitch of the foot, at a time within the contact.

    The pivot (heel first for a strike on the heel, else the ball) moves exactly with the belt.
    """
    share = (t_s - contact.contact_s) / contact.contact_time_s
    pitch = sole_pitch(landing_pitch(body, spec.strike_angle_deg), spec.strike_angle_deg, share)
    heel_x = float(heel_x_m(spec, contact, t_s))
    if spec.strike_angle_deg >= 0 and share < flat_at(spec.strike_angle_deg):
        pivot, place = body.heel_from_ankle, np.array([heel_x, 0.0])
    else:
        pivot = body.ball_from_ankle
        height = body.ball_from_ankle[1] - body.heel_from_ankle[1]
        place = np.array([heel_x + body.ball_from_ankle[0] - body.heel_from_ankle[0], height])
    c, s = np.cos(pitch), np.sin(pitch)
    return place - np.array([[c, -s], [s, c]]) @ pivot, pitch
