"""How each foot rides back with the belt, as the centre of pressure tells it, and the belt's speed from that.

After mid-stance the foot rests on the belt, and its centre of pressure (CoP) moves back with it while it still creeps
forward under the ball of the foot.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from station.gait.contacts import Contacts
from station.gait.total_force import GroundForce

RIDING = (0.5, 0.8)
"""Share of stance over which the CoP's velocity is read."""
INSTANTS = 24
CREEP, CREEP_SD = 0.08, 0.05
"""Forward creep of the CoP within the foot over the belt's speed: nine runners at 2.5-4.5 m/s on a force-measuring
treadmill (data of Fukuchi, Fukuchi & Duarte 2017, PeerJ 5:e3298)."""
GIVEN_SD = 0.03
"""Relative: belts run at 98-103 % of the speed that was set and slow down in stance (Willwacher et al. 2021, Sci Rep,
s41598-021-81951-9)."""
MIN_SPEED_M_S = 1.0
"""Nobody runs more slowly than this: a CoP that does is not that of a foot on a belt, or the file holds none."""


@dataclass(frozen=True)
class BeltSpeed:
    """Speed of the belt, backwards positive, with its standard deviation."""

    m_s: float
    sd_m_s: float
    source: Literal["given", "centre of pressure"]


def ride_velocities(ground: GroundForce, contacts: Contacts) -> np.ndarray:
    """(n, 2) velocity of each step's CoP along x and y late in stance, in m/s."""
    t_s = riding_instants(contacts)
    force_n = np.maximum(np.interp(t_s, ground.t_s, ground.force_n), 1.0)
    moments_nm = (np.interp(t_s, ground.t_s, moment) for moment in (ground.moment_x_nm, ground.moment_y_nm))
    return np.stack([slopes(t_s, moment / force_n) for moment in moments_nm], axis=1)


def riding_instants(contacts: Contacts) -> np.ndarray:
    """(n, INSTANTS) instants late in each stance."""
    return contacts.contact_s[:, None] + np.linspace(*RIDING, INSTANTS) * contacts.contact_time_s[:, None]


def slopes(t_s: np.ndarray, value: np.ndarray) -> np.ndarray:
    """(n,) least-squares slope of each row of `value` over `t_s`, both (n, m)."""
    since_s = t_s - t_s.mean(axis=1, keepdims=True)
    return (since_s * value).sum(axis=1) / (since_s**2).sum(axis=1)


def belt_speed(velocities_m_s: np.ndarray, given_m_s: float | None) -> BeltSpeed | None:
    """The given speed, else that of the CoP; None where the CoP of most steps does not ride back with a belt."""
    if not len(velocities_m_s):
        return None
    ridden_m_s = -float(np.median(velocities_m_s[:, 0])) / (1 - CREEP)
    if ridden_m_s < MIN_SPEED_M_S:
        return None
    if given_m_s is not None:
        return BeltSpeed(given_m_s, GIVEN_SD * given_m_s, "given")
    return BeltSpeed(ridden_m_s, CREEP_SD * ridden_m_s, "centre of pressure")
