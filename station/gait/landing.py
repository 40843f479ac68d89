"""How hard a step lands: impact peak and loading rate of one step.

Point of interest (POI): the impact peak, else 13 % of stance (Blackmore, Willy & Creaby 2016, J Biomech 49:1892, for
feet without a visible peak). Loading rate: slope between 20 % and 80 % of the force at the POI (Milner et al. 2006,
Med Sci Sports Exerc 38:323). Methods are not interchangeable: this is the only one the station uses.
"""

from dataclasses import dataclass

import numpy as np

IMPACT_WINDOW_S = (0.008, 0.060)
"""After contact: where the first local maximum counts as the impact peak."""
NO_PEAK_STANCE_SHARE = 0.13
RISE_FROM, RISE_TO = 0.2, 0.8
ACTIVE_AFTER_S, ACTIVE_SHARE = 0.03, 0.8
"""A highest point that a maximum of 80 % of it follows, 30 ms or more later, is the impact of a hard landing; the
later one is the active peak."""
BEFORE_CONTACT_S = 0.02
"""20 % of a soft landing's POI may be less than the 50 N of contact."""


@dataclass(frozen=True)
class Landing:
    """`rise_s`: the instants of 20 % and of 80 % of the force at the POI."""

    impact_visible: bool
    poi_s: float
    poi_bw: float  # force at the POI
    rise_s: tuple[float, float]

    @property
    def loading_rate_bw_s(self) -> float:
        from_s, to_s = self.rise_s
        return (RISE_TO - RISE_FROM) * self.poi_bw / (to_s - from_s)


def landing(t_s: np.ndarray, force_bw: np.ndarray, contact_s: float, toe_off_s: float) -> Landing | None:
    """Landing of the step in the plate-filtered force (n,) at uniform `t_s`; None where the rise is not in it."""
    first, last = np.searchsorted(t_s, (contact_s - BEFORE_CONTACT_S, toe_off_s))
    t_s, force_bw = t_s[first:last], force_bw[first:last]
    if len(t_s) < 3:
        return None
    peak_s = _impact_peak_s(t_s, force_bw, contact_s)
    poi_s = contact_s + NO_PEAK_STANCE_SHARE * (toe_off_s - contact_s) if peak_s is None else peak_s
    poi_bw = float(np.interp(poi_s, t_s, force_bw))
    rise = force_bw[: int(np.searchsorted(t_s, poi_s, side="right")) + 1]
    t20, t80 = (_first_at(t_s, rise, level * poi_bw) for level in (RISE_FROM, RISE_TO))
    if t20 is None or t80 is None or t80 <= t20:
        return None
    return Landing(peak_s is not None, poi_s, poi_bw, (t20, t80))


def _impact_peak_s(t_s: np.ndarray, force_bw: np.ndarray, contact_s: float) -> float | None:
    """Instant of the first local maximum in the window that is not the active peak."""
    inner = force_bw[1:-1]
    maxima = 1 + np.flatnonzero((inner >= force_bw[:-2]) & (inner > force_bw[2:]))
    maxima = maxima[maxima != _active_peak(t_s, force_bw, maxima)]
    after_s = t_s[maxima] - contact_s
    inside = maxima[(after_s >= IMPACT_WINDOW_S[0]) & (after_s <= IMPACT_WINDOW_S[1])]
    return float(t_s[inside[0]]) if len(inside) else None


def _active_peak(t_s: np.ndarray, force_bw: np.ndarray, maxima: np.ndarray) -> int:
    """Index of the active peak: the highest point, unless that is the impact."""
    highest = int(np.argmax(force_bw))
    later = maxima[t_s[maxima] >= t_s[highest] + ACTIVE_AFTER_S]
    if len(later) and force_bw[later].max() >= ACTIVE_SHARE * force_bw[highest]:
        return int(later[np.argmax(force_bw[later])])
    return highest


def _first_at(t_s: np.ndarray, rise_bw: np.ndarray, level_bw: float) -> float | None:
    """First instant at which the rise reaches the level; None where it starts above it or never does."""
    at = int(np.argmax(rise_bw >= level_bw))
    if at == 0:
        return None
    share = (level_bw - rise_bw[at - 1]) / (rise_bw[at] - rise_bw[at - 1])
    return float(t_s[at - 1] + share * (t_s[at] - t_s[at - 1]))
