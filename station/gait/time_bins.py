"""A series in bins of half a minute, for slopes and changes over a run."""

import numpy as np

from station.gait.results import Series
from station.gait.robust_centre import is_outlier

BIN_S = 30.0
_LEAST_IN_BIN = 5


def time_bins(series: Series) -> tuple[np.ndarray, np.ndarray]:
    """(m,) middles in seconds and (m,) means, outliers left out; bins with fewer than five values are left out."""
    kept = ~is_outlier(series.value)
    t_s, value = series.t_s[kept], series.value[kept]
    if not len(t_s):
        return np.zeros(0), np.zeros(0)
    number = ((t_s - series.t_s[0]) // BIN_S).astype(int)
    count = np.bincount(number)
    enough = count >= _LEAST_IN_BIN
    means = np.bincount(number, value)[enough] / count[enough]
    return series.t_s[0] + BIN_S * (np.flatnonzero(enough) + 0.5), means
