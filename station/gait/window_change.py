"""First part of a run against its last part: the difference of two windows, with its interval.

The first minute is left out, then the first two valid minutes are compared with the last two (biomechanics spec 6).
Blocks of ten strides do not hold all the wandering of a persistent series, so the bootstrap's draws are widened to what
its persistence makes of a mean.
"""

from dataclasses import dataclass

import numpy as np

from station.gait.bootstrap import block_bootstrap_means, interval
from station.gait.persistence import sd_of_mean
from station.gait.results import Measure, Series
from station.gait.robust_centre import is_outlier, trimmed_mean

SKIP_S = 60.0
WINDOW_S = 120.0
LEAST_VALUES = 30
LEAST_APART_S = 300.0
_SLACK_S = 2.0
"""Windows begin and end with a stride, not with a second."""
MDC_SD = 1.96
"""Minimal detectable change: 1.96 standard deviations of the difference of two windows (95 %)."""


@dataclass(frozen=True)
class WindowChange:
    """Centres of the two windows, the change with its 80 % interval, and the least change that is no chance."""

    first: float
    last: float
    change: Measure
    detectable: float


def window_change(series: Series, rng: np.random.Generator) -> WindowChange | None:
    """None where the two windows have too few values, or lie less than five minutes apart (middle to middle)."""
    outlier = is_outlier(series.value)
    t_s, value = series.t_s[~outlier], series.value[~outlier]
    windows = _windows(t_s)
    if windows is None:
        return None
    first, last = (value[window] for window in windows)
    draws = _draws(last, value, rng) - _draws(first, value, rng)
    centres = [float(trimmed_mean(part)) for part in (first, last)]
    low, high = interval(draws)
    change = Measure(centres[1] - centres[0], low, high, len(first) + len(last))
    return WindowChange(*centres, change, MDC_SD * float(draws.std()))


def _windows(t_s: np.ndarray) -> tuple[slice, slice] | None:
    """Two minutes at either end, longer where they hold too few values (a camera does not look all the time)."""
    valid = int(np.searchsorted(t_s, t_s[0] + SKIP_S)) if len(t_s) else 0
    if len(t_s) - valid < 2 * LEAST_VALUES:
        return None
    until = max(int(np.searchsorted(t_s, t_s[valid] + WINDOW_S)), valid + LEAST_VALUES)
    since = min(int(np.searchsorted(t_s, t_s[-1] - WINDOW_S)), len(t_s) - LEAST_VALUES)
    middles = (t_s[valid] + t_s[until - 1]) / 2, (t_s[since] + t_s[-1]) / 2
    if until > since or middles[1] - middles[0] < LEAST_APART_S - _SLACK_S:
        return None
    return slice(valid, until), slice(since, len(t_s))


def _draws(window: np.ndarray, whole: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Bootstrap centres of the window, as wide at least as the persistence of the whole series makes them."""
    draws = block_bootstrap_means(window, rng, centre="trimmed_mean")
    spread, least = float(draws.std()), sd_of_mean(whole, len(window))
    if spread == 0 or spread >= least:
        return draws
    return draws.mean() + (draws - draws.mean()) * least / spread
