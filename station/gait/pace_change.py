"""Whether the belt's speed changed lastingly within a run, told from the load cells alone.

Told from how fast the centre of pressure rides back with the belt, where the cells see it; else from contact time,
which follows the speed less steeply (-0.4 % per percent) but shows in the total force. Medians before and after each
instant are compared, so that a stumble or a slow drift by fatigue is no change.
"""

from collections.abc import Callable

import numpy as np

from station.gait.belt_ride import belt_speed
from station.gait.contacts import Contacts

WINDOW_S = 10.0
"""A change must last this long."""
SETTLE_S = 10.0
"""From the first step: the belt may still be speeding up."""
MIN_BEFORE_S = 5.0
MIN_CHANGE = 0.08
"""At a constant speed the medians of neighbouring windows of nine runners differ by up to 5 % in contact time and 3 %
in the ride (data of Fukuchi et al. 2017); half a metre a second more at 3 m/s makes 8 % and 17 %."""
EVERY_S = 0.5


def rides(velocities_m_s: np.ndarray) -> bool:
    """Whether the cells see the feet ride back with the belt; `velocities_m_s` (n, 2) of the steps' CoP."""
    return belt_speed(velocities_m_s, None) is not None


def paces(contacts: Contacts, velocities_m_s: np.ndarray) -> np.ndarray:
    """(n,) what changes with the belt's speed: that of the ride in m/s, else the contact time in seconds.

    Of each step half, with a quarter of the one before and after it: the median of two feet that are unlike would leap
    from one to the other.
    """
    of_step = -velocities_m_s[:, 0] if rides(velocities_m_s) else contacts.contact_time_s
    if len(of_step) < 2:
        return of_step
    around = np.pad(of_step, 1, mode="reflect")
    return (around[:-2] + 2 * around[1:-1] + around[2:]) / 4


def lasting_changes(t_s: np.ndarray, value: np.ndarray) -> tuple[float, ...]:
    """Instants at which the median of `value` (n,), positive, at `t_s` changes by MIN_CHANGE or more."""
    if not len(t_s):
        return ()
    first_s = t_s[0] + SETTLE_S
    at_s = np.arange(first_s + MIN_BEFORE_S, t_s[-1] - WINDOW_S, EVERY_S)
    sides = [_windows(t_s, value, at, max(first_s, at - WINDOW_S)) for at in at_s]
    found = np.flatnonzero([_change(pair, np.median) >= np.log(1 + MIN_CHANGE) for pair in sides])
    groups = np.split(found, np.flatnonzero(np.diff(found) > 1) + 1)
    # the median says whether; the mean, which every step moves, says when
    return tuple(float(at_s[max(g, key=lambda k: _change(sides[k], np.mean))]) for g in groups if len(g))


def _windows(t_s: np.ndarray, value: np.ndarray, at_s: float, from_s: float) -> tuple[np.ndarray, np.ndarray]:
    begin, middle, end = np.searchsorted(t_s, (from_s, at_s, at_s + WINDOW_S))
    return value[begin:middle], value[middle:end]


def _change(sides: tuple[np.ndarray, np.ndarray], centre: Callable[[np.ndarray], float]) -> float:
    """Size of the logarithm of the ratio of what is after to what is before; 0 where either is empty."""
    before, after = (float(centre(side)) if len(side) else 0.0 for side in sides)
    return abs(float(np.log(after / before))) if before > 0 and after > 0 else 0.0
