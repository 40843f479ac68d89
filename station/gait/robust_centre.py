"""Centres of a series that a stumble or a slipped keypoint does not move: the trimmed mean, and Hampel's outliers.

Trimmed mean: Tukey 1962, Ann Math Stat 33:1. Outliers: Hampel 1974, J Am Stat Assoc 69:383, against the neighbours
and not the whole run, because somebody who changes halfway is no outlier in either half.
"""

import numpy as np

TRIM = 0.10
"""Share of the values that is left out at either end."""
MAD_TO_SD = 1.4826
"""Median absolute deviation to standard deviation, of a normal distribution."""
_HALF_WIDTH = 7
"""Values on either side that an outlier is told by."""
OUTLIER_LIMIT = 4.0


def trimmed_mean(values: np.ndarray) -> np.ndarray:
    """Mean along the last axis of (..., n), without the lowest and the highest tenth."""
    n = values.shape[-1]
    cut = int(TRIM * n)
    if cut == 0:
        return values.mean(axis=-1)
    return np.partition(values, (cut, n - cut - 1), axis=-1)[..., cut : n - cut].mean(axis=-1)


def is_outlier(values: np.ndarray, least_limit: float = 0.0) -> np.ndarray:
    """(n,) bool: further than 4 scaled median absolute deviations (and `least_limit`) from the neighbours' median."""
    if not len(values):
        return np.zeros(0, bool)
    deviation = np.abs(values - np.median(neighbours(values, _HALF_WIDTH), axis=1))
    return deviation > max(OUTLIER_LIMIT * MAD_TO_SD * float(np.median(deviation)), least_limit)


def neighbours(values: np.ndarray, half_width: int) -> np.ndarray:
    """(n, 2 * half_width + 1) the values around each of (n,); beyond the ends they are mirrored."""
    padded = np.pad(values, half_width, mode="symmetric")
    return np.lib.stride_tricks.sliding_window_view(padded, 2 * half_width + 1)
