"""Left against right: 100 (R - L) / ((R + L) / 2) percent, positive = right larger (Robinson, Herzog & Nigg 1987)."""

from collections.abc import Mapping

import numpy as np

from station.gait.contacts import Contacts
from station.gait.measurement_error import HALF_WIDTH_SD, ErrorSd
from station.gait.results import ASYMMETRIES, Measure, Series
from station.gait.sides import LEFT, RIGHT, UNKNOWN, Sides
from station.gait.step_values import StepValues
from station.words import N_

MIN_STEPS = 4
"""Complete steps a foot from which numbers are given (DESIGN, gates)."""
OWN_SHARE = 0.65
"""Of a foot's measurement error: the rest is common to both feet, whose landings are blurred alike, and cancels
(`tests.benchmarks.force_plate`)."""
MIN_FLIGHT_MS = 20.0
"""Mean flight below which its relative asymmetry is a division by nearly nothing."""

VALUE_OF = dict(
    zip(
        ASYMMETRIES,
        ("step_time_ms", "contact_time_ms", "flight_time_ms", "peak_force_bw", "impulse_bw_s", "loading_rate_bw_s"),
        strict=True,
    )
)


def symmetry_index_pct(left: np.ndarray | float, right: np.ndarray | float) -> np.ndarray | float:
    """100 (R - L) / ((R + L) / 2)."""
    return 100 * (right - left) / ((right + left) / 2)


def stride_pairs(contacts: Contacts, sides: Sides) -> np.ndarray:
    """(m, 2) step numbers (left, right) of neighbours in a chain, each step in one pair at most."""
    follows = contacts.follows
    pairs, k = [], 0
    while k < len(contacts) - 1:
        both = follows[k] and UNKNOWN not in (sides.foot[k], sides.foot[k + 1])
        if both and sides.foot[k] != sides.foot[k + 1]:
            pairs.append((k, k + 1) if sides.foot[k] == LEFT else (k + 1, k))
            k += 2
        else:
            k += 1
    return np.array(pairs, int).reshape(-1, 2)


def pair_series(values: StepValues, contacts: Contacts, sides: Sides) -> dict[str, Series]:
    """Asymmetry of each stride pair, by ASYMMETRIES; pairs without the value are left out."""
    pairs = stride_pairs(contacts, sides)
    out = {}
    for key, name in VALUE_OF.items():
        left, right = getattr(values, name)[pairs].T
        good = np.isfinite(left) & np.isfinite(right)
        if key == "flight_time_pct" and good.any() and (left + right)[good].mean() / 2 < MIN_FLIGHT_MS:
            good[:] = False
        t_s = contacts.contact_s[pairs.min(axis=1, initial=len(contacts))[good]] if len(pairs) else np.zeros(0)
        out[key] = Series(t_s, symmetry_index_pct(left[good], right[good]))
    return out


def asymmetries(values: StepValues, sides: Sides, errors: Mapping[str, ErrorSd]) -> dict[str, Measure]:
    """Asymmetry of the feet's means, by ASYMMETRIES."""
    return {key: _asymmetry(key, getattr(values, name), sides, errors[name]) for key, name in VALUE_OF.items()}


def _asymmetry(key: str, value: np.ndarray, sides: Sides, error: ErrorSd) -> Measure:
    feet = [value[(sides.foot == foot) & np.isfinite(value)] for foot in (LEFT, RIGHT)]
    n = min(len(foot) for foot in feet)
    if n < MIN_STEPS:
        return Measure.missing(N_("fewer than {n} complete steps of each foot").format(n=MIN_STEPS), n)
    left, right = (float(foot.mean()) for foot in feet)
    middle = (left + right) / 2
    if key == "flight_time_pct" and middle < MIN_FLIGHT_MS:
        return Measure.missing(N_("there is hardly any time in the air between the steps"), n)
    index = float(symmetry_index_pct(left, right))
    sd = 100 * OWN_SHARE * np.hypot(error.of_mean(left, len(feet[0])), error.of_mean(right, len(feet[1]))) / middle
    return Measure(index, index - HALF_WIDTH_SD * sd, index + HALF_WIDTH_SD * sd, n)
