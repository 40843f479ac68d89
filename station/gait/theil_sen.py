"""Slope of a series over a run that no single stretch decides: the median of all pairs' slopes.

Theil 1950, Proc KNAW 53:386; interval by Kendall's variance (Sen 1968, J Am Stat Assoc 63:1379), which holds for
independent values: it is widened by what the persistence of the series does to a slope.
"""

import numpy as np

from station.gait.measurement_error import HALF_WIDTH_SD
from station.gait.persistence import INDEPENDENT, slope_inflation
from station.gait.results import Measure
from station.words import N_

LEAST_BINS = 6
_TOO_FEW = N_("A trend over the run takes {least} stretches with enough strides; there were {n}.")


def theil_sen(t: np.ndarray, value: np.ndarray, exponent: float = INDEPENDENT) -> Measure:
    """Slope of (n,) values per unit of rising (n,) `t`, with its 80 % interval.

    `value`: means of stretches of a series whose persistence has this exponent (`dfa_exponent`).
    """
    n = len(t)
    if n < LEAST_BINS:
        return Measure.missing(_TOO_FEW.format(n=n, least=LEAST_BINS), n)
    earlier, later = np.triu_indices(n, k=1)
    slopes = np.sort((value[later] - value[earlier]) / (t[later] - t[earlier]))
    slope = float(np.median(slopes))
    kendall_sd = np.sqrt(n * (n - 1) * (2 * n + 5) / 18)
    half = HALF_WIDTH_SD * kendall_sd / 2 / len(slopes)
    low, high = np.quantile(slopes, np.clip((0.5 - half, 0.5 + half), 0, 1))
    wider = slope_inflation(n, exponent)
    return Measure(slope, slope - wider * (slope - float(low)), slope + wider * (float(high) - slope), n)
