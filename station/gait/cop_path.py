"""The mean path of the centre of pressure (CoP) under one foot, carried along with the belt.

The belt takes the foot back, so its motion is added: what is left is the way of the pressure along the sole. The
origin is the mean CoP of mid-stance, which is told best; where heel and toe were, the force alone does not know.
"""

import numpy as np

from station.gait.asymmetry import MIN_STEPS
from station.gait.belt_ride import BeltSpeed
from station.gait.contacts import Contacts
from station.gait.cop_error import ACROSS, CopErrorSd
from station.gait.measurement_error import HALF_WIDTH_SD
from station.gait.results import CopPath
from station.gait.total_force import GroundForce

STANCE_PCT = np.arange(2.0, 100.0, 2.0)
_MID_STANCE = (STANCE_PCT >= 40) & (STANCE_PCT <= 70)
MIN_FORCE_N = 150.0
"""The load cells of a treadmill tell the CoP only above 150-200 N."""
HAND_OVER_S = 0.008
"""About as well as the instants are known at which overlapping feet take over from each other."""
MIN_TOLD_SHARE = 0.5
"""Of the steps: an instant of stance that fewer of them tell has no mean."""


def cop_path(
    ground: GroundForce, contacts: Contacts, steps: np.ndarray, belt: BeltSpeed, error: CopErrorSd
) -> CopPath | None:
    """Mean path of the steps with the numbers `steps`; None where fewer than MIN_STEPS tell their mid-stance."""
    t_s = contacts.contact_s[steps, None] + STANCE_PCT / 100 * contacts.contact_time_s[steps, None]
    weight = _weight_n(ground, contacts, steps, t_s)
    whole = (weight[:, _MID_STANCE] > 0).all(axis=1)
    if whole.sum() < MIN_STEPS:
        return None
    t_s, weight = t_s[whole], weight[whole]
    since_middle_s = t_s - t_s[:, _MID_STANCE].mean(axis=1, keepdims=True)
    x_m, x_sd_m = _mean(cop_along(ground.moment_x_nm, ground, t_s) + belt.m_s * since_middle_s, weight)
    y_m, y_sd_m = _mean(cop_along(ground.moment_y_nm, ground, t_s), weight)
    stance_s = float(contacts.contact_time_s[steps].mean())
    sd_m = error.x_m(STANCE_PCT / 100 * stance_s, (1 - STANCE_PCT / 100) * stance_s)
    return CopPath(
        stance_pct=STANCE_PCT,
        x_m=x_m,
        y_m=y_m,
        x_sd_m=x_sd_m,
        y_sd_m=y_sd_m,
        x_half_width_m=HALF_WIDTH_SD * np.hypot(sd_m, belt.sd_m_s * since_middle_s.mean(axis=0)),
        y_half_width_m=HALF_WIDTH_SD * ACROSS * sd_m,
        n=len(t_s),
        belt_speed_m_s=belt.m_s,
        belt_speed_source=belt.source,
    )


def cop_along(moment_nm: np.ndarray, ground: GroundForce, t_s: np.ndarray) -> np.ndarray:
    """The CoP along the axis of this moment of `ground`, at instants of any shape; of no use where nobody stands."""
    force_n = np.interp(t_s, ground.t_s, ground.force_n)
    return np.interp(t_s, ground.t_s, moment_nm) / np.maximum(force_n, 1.0)


def standing_alone(contacts: Contacts, steps: np.ndarray, t_s: np.ndarray) -> np.ndarray:
    """(k, m) True where the other foot is not down as well: there the CoP lies between the two feet."""
    before_s = np.append(-np.inf, np.where(contacts.follows, contacts.toe_off_s[:-1], -np.inf))
    after_s = np.append(np.where(contacts.follows, contacts.contact_s[1:], np.inf), np.inf)
    return (t_s > before_s[steps, None] + HAND_OVER_S) & (t_s < after_s[steps, None] - HAND_OVER_S)


def _weight_n(ground: GroundForce, contacts: Contacts, steps: np.ndarray, t_s: np.ndarray) -> np.ndarray:
    """(k, m) the force where it tells the CoP of that one foot, else 0."""
    force_n = np.interp(t_s, ground.t_s, ground.force_n)
    return np.where((force_n >= MIN_FORCE_N) & standing_alone(contacts, steps, t_s), force_n, 0.0)


def _mean(place_m: np.ndarray, weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean and standard deviation over the steps (k, m), each about its own mid-stance, weighted by force."""
    middle_m = np.average(place_m[:, _MID_STANCE], weights=weight[:, _MID_STANCE], axis=1)
    own_m = place_m - middle_m[:, None]
    enough = (weight > 0).mean(axis=0) >= MIN_TOLD_SHARE
    total = np.where(enough, weight.sum(axis=0), np.nan)
    mean_m = (weight * own_m).sum(axis=0) / total
    return mean_m, np.sqrt((weight * (own_m - mean_m) ** 2).sum(axis=0) / total)
