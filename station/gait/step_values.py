"""The values of every single step, on the plate-filtered force."""

from dataclasses import dataclass, fields

import numpy as np

from station.gait.contacts import Contacts
from station.gait.landing import landing
from station.gait.results import SIDES, Series
from station.gait.sides import UNKNOWN, Sides

STEP_SERIES = ("contact_time_ms", "peak_force_bw", "impulse_bw_s", "loading_rate_bw_s")
"""What is handed on of every single step."""


@dataclass(frozen=True)
class StepValues:
    """One entry a step (n,); NaN where a value does not exist."""

    contact_time_ms: np.ndarray
    flight_time_ms: np.ndarray  # after the step; negative = the feet overlap
    step_time_ms: np.ndarray  # from its contact to the other foot's next contact
    peak_force_bw: np.ndarray
    impulse_bw_s: np.ndarray
    poi_bw: np.ndarray
    impact_visible: np.ndarray  # 1 or 0
    loading_rate_bw_s: np.ndarray
    landing_s: np.ndarray  # (n, 3) instants of 20 % and 80 % of the force at the POI, and of the POI

    def only(self, kept: np.ndarray) -> "StepValues":
        """Those of the steps that `kept` (n,) bool says."""
        return StepValues(**{column.name: getattr(self, column.name)[kept] for column in fields(self)})


def step_values(t_s: np.ndarray, force_bw: np.ndarray, contacts: Contacts) -> StepValues:
    """Values of the steps in the plate-filtered force (n,) in body weights at uniform instants `t_s`."""
    count = len(contacts)
    peak, poi, visible, rate = (np.full(count, np.nan) for _ in range(4))
    landing_s = np.full((count, 3), np.nan)
    impulse_at = np.concatenate([[0.0], np.cumsum((force_bw[1:] + force_bw[:-1]) / 2)]) * (t_s[1] - t_s[0])
    for k in range(count):
        span = slice(*np.searchsorted(t_s, (contacts.loaded_from_s[k], contacts.loaded_to_s[k])))
        peak[k] = force_bw[span].max()
        touch = landing(t_s, force_bw, contacts.contact_s[k], contacts.toe_off_s[k])
        if touch:
            poi[k], visible[k], rate[k] = touch.poi_bw, touch.impact_visible, touch.loading_rate_bw_s
            landing_s[k] = *touch.rise_s, touch.poi_s
    return StepValues(
        contact_time_ms=contacts.contact_time_s * 1e3,
        flight_time_ms=contacts.flight_time_s * 1e3,
        step_time_ms=contacts.step_time_s * 1e3,
        peak_force_bw=peak,
        impulse_bw_s=np.interp(contacts.loaded_to_s, t_s, impulse_at)
        - np.interp(contacts.loaded_from_s, t_s, impulse_at),
        poi_bw=poi,
        impact_visible=visible,
        loading_rate_bw_s=rate,
        landing_s=landing_s,
    )


def step_series(values: StepValues, contacts: Contacts, sides: Sides) -> dict[str, Series]:
    """Each value by the contacts of the steps that have it; its side is the foot's, "left" = first where not known."""
    foot = np.array(SIDES)[np.maximum(sides.foot, 0)] if len(contacts) else np.zeros(0, str)
    named = sides.foot != UNKNOWN
    out = {}
    for name in STEP_SERIES:
        value = getattr(values, name)
        good = np.isfinite(value) & named
        out[name] = Series(contacts.contact_s[good], value[good], foot[good])
    return out
