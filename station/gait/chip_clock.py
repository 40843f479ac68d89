"""The clock of one free-running load-cell chip, from late-only ready brackets.

A conversion ended between the last time its DOUT was seen high and the first time it was seen low. The chip's
oscillator is steady over seconds, so the instants t_i = clock(i) lie on a piecewise straight line that passes
through every bracket: thousands of brackets of half a millisecond pin the line down to microseconds.
"""

from dataclasses import dataclass

import numpy as np
from scipy.interpolate import make_lsq_spline

KNOT_S = 5.0
"""Spacing of the clock's knots: an RC oscillator wanders with temperature, over tens of seconds."""
PROJECTIONS = 25
LATE_SHARE = 0.35
"""A stamp may be this share of a period late, never early: splits n and n + 1 conversions since the last one."""
PAUSE_SHARE = 0.6
"""A bracket wider than this (in periods) shows a pause of the host."""
GUARD_SHARE = 0.15
"""Residual (in periods) above which the count of conversions itself is in doubt."""
MIN_CONVERSIONS = 8


@dataclass(frozen=True)
class ChipClock:
    """Instants of one chip. `steady` False: the count slipped somewhere, dynamic numbers are not to be trusted."""

    t_s: np.ndarray  # (n,) end of each conversion, seconds since `epoch_ns`
    index: np.ndarray  # (n,) number of the conversion, gaps counted
    period_s: float
    lost: int  # conversions missing between the first and the last
    residual_s: float  # largest distance of the clock from a bracket
    worst: int  # number of that bracket
    steady: bool


def fit_chip_clock(t_high_ns: np.ndarray, t_low_ns: np.ndarray, epoch_ns: int = 0) -> ChipClock:
    """Conversion instants of one chip from its brackets (n,), in order of reading.

    Raises ValueError for fewer than 8 conversions: no period can be told from them.
    """
    if len(t_low_ns) < MIN_CONVERSIONS:
        raise ValueError(f"{len(t_low_ns)} conversions are too few for a clock; at least {MIN_CONVERSIONS} are needed")
    late_s = (np.asarray(t_low_ns) - epoch_ns) * 1e-9
    early_s = np.minimum((np.asarray(t_high_ns) - epoch_ns) * 1e-9, late_s)
    index, period_s = _count(early_s, late_s)
    t_s = _through_brackets(index, early_s, late_s, period_s)
    residuals_s = np.maximum(t_s - late_s, early_s - t_s).clip(min=0.0)
    worst = int(np.argmax(residuals_s))
    residual_s = float(residuals_s[worst])
    period_s = float((t_s[-1] - t_s[0]) / (index[-1] - index[0]))
    lost = int(index[-1] - index[0] + 1 - len(index))
    return ChipClock(t_s, index, period_s, lost, residual_s, worst, residual_s < GUARD_SHARE * period_s)


def _count(early_s: np.ndarray, late_s: np.ndarray) -> tuple[np.ndarray, float]:
    """Number of each conversion with the gaps counted, by a predicted next instant (a phase-locked loop).

    After a pause of the host the newest conversion is read, late by any share of a period: the loop learns nothing
    from it, and counts on from the last one that came in time.
    """
    period_s = float(np.median(np.diff(late_s)))
    paused = late_s - early_s > PAUSE_SHARE * period_s
    if 2 * paused.sum() > len(paused):
        paused[:] = False
    index = np.zeros(len(late_s), np.int64)
    for _ in range(2):  # the second pass has a period a hundred times better
        at_s, count = late_s[0], 0
        for k in range(1, len(late_s)):
            ahead_s = late_s[k] - at_s
            n = max(1, int(ahead_s / period_s + (0.0 if paused[k] else LATE_SHARE)))
            index[k] = count + n
            if not paused[k]:
                at_s += n * period_s + 0.05 * (ahead_s - n * period_s)
                count += n
        period_s = float(np.polyfit(index[~paused], late_s[~paused], 1)[0])
    row = np.arange(len(index))
    return np.minimum.accumulate((index - row)[::-1])[::-1] + row, period_s  # no two of one number


def _through_brackets(index: np.ndarray, early_s: np.ndarray, late_s: np.ndarray, period_s: float) -> np.ndarray:
    """Piecewise straight clock nearest to all brackets, by alternating projections (line <-> box)."""
    span = float(index[-1] - index[0])
    pieces = max(1, int(span * period_s / KNOT_S))
    inner = np.linspace(index[0], index[-1], pieces + 1)[1:-1]
    inner = inner[np.histogram(index, np.r_[index[0], inner, index[-1]])[0][:-1] > 0] if len(inner) else inner
    knots = np.r_[[float(index[0])] * 2, inner, [float(index[-1])] * 2]
    x = index.astype(float)
    target = np.maximum(early_s, late_s - 0.5 * period_s)
    target = 0.5 * (target + late_s)
    for _ in range(PROJECTIONS):
        line = make_lsq_spline(x, target, knots, k=1)(x)
        target = np.clip(line, early_s, late_s)
    return line
