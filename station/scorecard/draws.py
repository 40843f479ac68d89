"""Draws of a measured value without systematic error: each is one value that the true one may have."""

import numpy as np

from station.gait.bootstrap import DRAWS, Centre, block_bootstrap_means
from station.gait.measurement_error import HALF_WIDTH_SD
from station.gait.results import Measure, Series
from station.gait.robust_centre import is_outlier

MOST_OUTLIERS = 0.15
"""Share of a series that may lie far from its neighbours before its values count as less sure (spec, section 7)."""


def robust_draws(series: Series, rng: np.random.Generator, centre: Centre = "trimmed_mean") -> np.ndarray:
    """(DRAWS,) block-bootstrap centres of the finite values of a series, outliers left out; there must be one."""
    values = series.value[np.isfinite(series.value)]
    return block_bootstrap_means(values[~is_outlier(values)], rng, centre=centre)


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
    values = series.value[np.isfinite(series.value)]
    outliers = int(is_outlier(values).sum()) + series.outliers
    return outliers / max(1, len(values) + series.outliers)
