"""Draws of a measured value without systematic error: each is one value that the true one may have."""

import numpy as np

from station.gait.bootstrap import DRAWS, Centre, block_bootstrap_means
from station.gait.measurement_error import HALF_WIDTH_SD
from station.gait.results import Measure, Series
from station.gait.robust_centre import is_outlier

MOST_OUTLIERS = 0.15
"""Share of a series that may lie far from its neighbours before its values count as less sure (spec, section 7)."""


def robust(series: Series) -> Series:
    """The finite values of a series without those that lie far from their neighbours; those are counted."""
    finite = np.isfinite(series.value)
    t_s, value = series.t_s[finite], series.value[finite]
    far = is_outlier(value)
    return Series(t_s[~far], value[~far], outliers=series.outliers + int(far.sum()))


def robust_draws(series: Series, rng: np.random.Generator, centre: Centre = "trimmed_mean") -> np.ndarray:
    """(DRAWS,) block-bootstrap centres of the robust values of a series; there must be one."""
    return block_bootstrap_means(robust(series).value, rng, centre=centre)


def normal_draws(measure: Measure, rng: np.random.Generator) -> np.ndarray:
    """(DRAWS,) of a measured mean of which only the 80 % interval is known."""
    return with_measurement_error(np.full(DRAWS, measure.value), measure, rng)


def with_measurement_error(draws: np.ndarray, measure: Measure, rng: np.random.Generator) -> np.ndarray:
    """The draws, moved by the error that the 80 % interval of their mean tells of."""
    return draws + rng.normal(0, measurement_sd(measure), len(draws))


def measurement_sd(measure: Measure) -> float:
    """Standard deviation behind an 80 % interval; 0 where there is none."""
    if measure.low is None or measure.high is None:
        return 0.0
    return (measure.high - measure.low) / (2 * HALF_WIDTH_SD)


def outlier_share(series: Series) -> float:
    """Share of the values that lay far from their neighbours, those left out before counted in."""
    kept = robust(series)
    return kept.outliers / max(1, len(kept.value) + kept.outliers)
