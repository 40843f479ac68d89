"""Strike index: where along the foot the mean centre of pressure (CoP) is at 10 % of stance; 0 = heel, 1 = toe.

After Cavanagh & Lafortune 1980 (J Biomech 13:397), who read it at first contact, where load cells tell no CoP yet.
The force tells the CoP at once (`early_cop`), the foot's place comes later from elsewhere.
"""

import numpy as np

from station.gait.asymmetry import MIN_STEPS
from station.gait.belt_ride import BeltSpeed
from station.gait.contacts import Contacts
from station.gait.cop_error import CopErrorSd
from station.gait.cop_path import MIN_FORCE_N, cop_along, standing_alone
from station.gait.measurement_error import HALF_WIDTH_SD
from station.gait.results import EarlyCop, FootPlaces, Measure
from station.gait.total_force import GroundForce
from station.words import N_

AT_STANCE = 0.10
NO_PLACE = N_("where the foot stands on the belt is not known: the camera's place is not measured yet")
NO_COP = N_("the load cells do not tell where on the foot the pressure is at the start of its steps")


def early_cop(ground: GroundForce, contacts: Contacts, belt: BeltSpeed, error: CopErrorSd) -> EarlyCop:
    """The CoP of every step at 10 % of stance; its force is 0 where the other foot is still down."""
    every = np.arange(len(contacts))
    t_s = contacts.contact_s + AT_STANCE * contacts.contact_time_s
    alone = standing_alone(contacts, every, t_s[:, None])[:, 0]
    force_n = np.where(alone, np.interp(t_s, ground.t_s, ground.force_n), 0.0)
    stance_s = float(contacts.contact_time_s.mean()) if len(contacts) else 0.0
    return EarlyCop(
        t_s=t_s,
        force_n=force_n,
        x_m=cop_along(ground.moment_x_nm, ground, t_s),
        y_m=cop_along(ground.moment_y_nm, ground, t_s),
        sd_m=float(error.x_m(AT_STANCE * stance_s, (1 - AT_STANCE) * stance_s)),
        belt_m_s=belt.m_s,
        belt_sd_m_s=belt.sd_m_s,
    )


def strike_index(cop: EarlyCop, places: FootPlaces, steps: np.ndarray) -> Measure:
    """Mean over those of the steps with the numbers `steps` whose place is known, weighted by force.

    `cop` and `places` have an entry for every step of the run. The place is carried with the belt from its own
    instant to that of the CoP.
    """
    steps = steps[np.isfinite(places.heel_x_m[steps] + places.toe_x_m[steps]) & (cop.force_n[steps] > 0)]
    if len(steps) < MIN_STEPS:
        return Measure.missing(NO_PLACE, len(steps))
    force_n = cop.force_n[steps]
    if force_n.mean() < MIN_FORCE_N:
        return Measure.missing(NO_COP, len(steps))
    carried_s = places.t_s[steps] - cop.t_s[steps]
    foot_x = places.toe_x_m[steps] - places.heel_x_m[steps]
    foot_y = places.toe_y_m[steps] - places.heel_y_m[steps]
    length_m = np.hypot(foot_x, foot_y)
    from_heel_x = cop.x_m[steps] - places.heel_x_m[steps] - cop.belt_m_s * carried_s
    from_heel_y = cop.y_m[steps] - places.heel_y_m[steps]
    index = float(np.average((from_heel_x * foot_x + from_heel_y * foot_y) / length_m**2, weights=force_n))
    sd_m = np.sqrt(cop.sd_m**2 + places.sd_m**2 + (cop.belt_sd_m_s * carried_s.mean()) ** 2)
    half_width = HALF_WIDTH_SD * float(sd_m / length_m.mean())
    return Measure(index, index - half_width, index + half_width, len(steps))
