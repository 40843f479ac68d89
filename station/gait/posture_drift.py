"""Drift over a run: the last stretch against the runner's own second minute."""

import numpy as np

from station.gait.bootstrap import Centre, block_bootstrap_means, interval
from station.gait.results import Measure, Series
from station.words import N_

_EARLY_S = (60.0, 120.0)
LEAST_RUN_S = 150.0
_LEAST_STRIDES = 15
LEAST_LATE_STRIDES = 30


def late(series: Series) -> np.ndarray:
    """(m,) values of the last stretch: the last third of the strides, at least 30 of them."""
    return series.value[-max(LEAST_LATE_STRIDES, len(series.value) // 3) :]


def early_and_late(series: Series) -> tuple[np.ndarray, np.ndarray] | None:
    """Values of the second minute and of the last stretch after it; None for a run under two and a half minutes."""
    if not len(series.t_s):
        return None
    since_s = series.t_s - series.t_s[0]
    if since_s[-1] < LEAST_RUN_S:
        return None
    early = series.value[(since_s >= _EARLY_S[0]) & (since_s < _EARLY_S[1])]
    end = (since_s >= _EARLY_S[1]) & (since_s >= since_s[-1] * 2 / 3)
    if len(early) < _LEAST_STRIDES or end.sum() < _LEAST_STRIDES:
        return None
    return early, series.value[end]


def drift(series: Series, rng: np.random.Generator) -> Measure:
    """Mean of the last stretch minus median of the second minute."""
    windows = early_and_late(series)
    if windows is None:
        return Measure.missing(N_("A change over the run needs a run of at least two and a half minutes."))
    early, end = windows
    low, high = interval(drift_draws(early, end, rng))
    return Measure(float(end.mean() - np.median(early)), low, high, len(end))


def drift_draws(early: np.ndarray, end: np.ndarray, rng: np.random.Generator, centre: Centre = "mean") -> np.ndarray:
    """Bootstrap draws of the difference; `centre`: of the end."""
    return block_bootstrap_means(end, rng, centre=centre) - block_bootstrap_means(early, rng, centre="median")
