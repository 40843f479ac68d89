"""The mean landing of one foot, drawn so that its slope is the foot's loading rate.

A mean of curves that are laid over each other at contact alone is flatter than they are: a plotted mean then reads 1 to
5 % less than the mean of the steps' loading rates. So the steps are laid over each other by their landmarks (Ramsay &
Silverman, Functional Data Analysis, 2nd ed., section 7.3): 20 % and 80 % of the force at the point of interest, that
point, and toe-off, each at its mean instant. What is left, because the mean of a slope is not the slope of a mean, is
taken out by the time between the first two (under 4 % of it).
"""

from collections.abc import Sequence

import numpy as np

from station.gait.landing import landing
from station.gait.lowpass import PLATE_CUTOFF_HZ
from station.gait.measurement_error import FAST_SPS
from station.gait.results import CellSignal, MeanCurve

FAST_CHIPS_HZ, SLOW_CHIPS_HZ = 49.0, 44.0
"""What restoring and the plate's 50 Hz filter together pass at -3 dB, from chips of 320 and of 80 conversions a second
(`tests.benchmarks.curve_bandwidth`); the filter alone passes 50 Hz."""
FROM_MS, BEYOND_MS, STEP_MS = -20, 30, 1
_OUTSIDE_S = 0.1
_AGREES = 5e-4
_ROUNDS = 20
_LEAST_STEPS = 2


def mean_curve(
    curve_of: tuple[np.ndarray, np.ndarray],
    contact_s: np.ndarray,
    landmarks_s: np.ndarray,
    loading_rate_bw_s: float | None,
    contact_bw: float,
    bandwidth_hz: float,
) -> MeanCurve:
    """Mean and standard deviation of the steps' curves.

    `curve_of` = (t_s, force in BW), uniform; `landmarks_s` (n, 4): instants of 20 %, 80 %, point of interest and
    toe-off of each step; `contact_bw`: the force that defines contact. Without a `loading_rate_bw_s`, and where too few
    steps have their landmarks, contact and toe-off are all that the steps are laid over each other by.
    """
    seen = np.isfinite(landmarks_s).all(axis=1)
    rated = loading_rate_bw_s is not None and seen.sum() >= _LEAST_STEPS
    steps = np.flatnonzero(seen) if rated else np.arange(len(contact_s))
    since_s = landmarks_s[steps] - contact_s[steps, None]
    if not rated:
        since_s = np.column_stack([np.zeros(len(steps)), since_s[:, -1]])
    common_ms = 1e3 * since_s.mean(axis=0)
    t_ms = np.arange(FROM_MS, np.ceil(common_ms[-1]) + BEYOND_MS, STEP_MS, dtype=float)
    laid = np.array([
        np.interp(contact + _mapped(t_ms / 1e3, common_ms / 1e3, own_s), *curve_of)
        for contact, own_s in zip(contact_s[steps], since_s, strict=True)
    ])  # fmt: skip
    mean_bw, sd_bw = laid.mean(axis=0), laid.std(axis=0)
    if not rated:
        return MeanCurve(t_ms, mean_bw, sd_bw, "mean_estimated", bandwidth_hz, len(steps))
    at_ms, rise_ms = _agreeing(t_ms, mean_bw, common_ms, loading_rate_bw_s, contact_bw)
    mean_bw, sd_bw = (np.interp(t_ms, at_ms, values) for values in (mean_bw, sd_bw))
    return MeanCurve(t_ms, mean_bw, sd_bw, "mean_estimated", bandwidth_hz, len(steps), rise_ms)


def mean_bandwidth_hz(cells: Sequence[CellSignal]) -> float:
    """Of the mean curves that these cells give."""
    if any(cell.kernel is None for cell in cells):
        return PLATE_CUTOFF_HZ
    return FAST_CHIPS_HZ if min(1 / cell.kernel.period_s for cell in cells) >= FAST_SPS else SLOW_CHIPS_HZ


def _mapped(t: np.ndarray, from_marks: np.ndarray, to_marks: np.ndarray) -> np.ndarray:
    """Times, piecewise straight from landmarks to landmarks; beyond the outer ones only shifted."""
    outside = np.array([-_OUTSIDE_S, _OUTSIDE_S])
    before, after = (np.array([marks[0], marks[-1]]) + outside for marks in (from_marks, to_marks))
    return np.interp(t, np.insert(before, 1, from_marks), np.insert(after, 1, to_marks))


def _agreeing(
    t_ms: np.ndarray, mean_bw: np.ndarray, common_ms: np.ndarray, rate_bw_s: float, contact_bw: float
) -> tuple[np.ndarray, tuple[float, float] | None]:
    """(m,) when to draw the points of the mean so that its loading rate reads `rate_bw_s`, and where to read it."""
    start_ms, end_ms, poi_ms, toe_off_ms = common_ms
    stretch, at_ms, rise_ms = 1.0, t_ms, None
    for _ in range(_ROUNDS):
        stretched_ms = np.array([start_ms, start_ms + stretch * (end_ms - start_ms), poi_ms, toe_off_ms])
        at_ms = 1e3 * _mapped(t_ms / 1e3, common_ms / 1e3, stretched_ms / 1e3)
        at_ms -= _contact_ms(at_ms, mean_bw, contact_bw)
        read = landing(t_ms / 1e3, np.interp(t_ms, at_ms, mean_bw), 0.0, toe_off_ms / 1e3)
        if read is None:
            return t_ms, None
        rise_ms = (1e3 * read.rise_s[0], 1e3 * read.rise_s[1])
        if abs(read.loading_rate_bw_s / rate_bw_s - 1) < _AGREES:
            break
        stretch = min(stretch * read.loading_rate_bw_s / rate_bw_s, 0.99 * (poi_ms - start_ms) / (end_ms - start_ms))
    return at_ms, rise_ms


def _contact_ms(t_ms: np.ndarray, force_bw: np.ndarray, contact_bw: float) -> float:
    """Where the mean reaches the force of contact; 0 where it begins above it: the feet overlap."""
    at = int(np.argmax(force_bw >= contact_bw))
    return float(np.interp(contact_bw, force_bw[at - 1 : at + 1], t_ms[at - 1 : at + 1])) if at else 0.0
