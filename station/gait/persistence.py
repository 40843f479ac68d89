"""How persistent the fluctuations of a series are: strides after a long one tend to be long for minutes.

Detrended fluctuation analysis of first order (Peng et al. 1994, Phys Rev E 49:1685); healthy running gives exponents
of 0.75-0.9, independent values 0.5. The mean of n values with exponent a wanders with sd n^(a - 1) of theirs, not
n^(-1/2) (fractional Gaussian noise: Beran 1994, Statistics for Long-Memory Processes).
"""

import numpy as np
from scipy.linalg import toeplitz

_LEAST_VALUES = 100
_SHORTEST = 10
_LONGEST_SHARE = 1 / 8
_SCALES = 12
INDEPENDENT, MOST = 0.5, 0.95


def dfa_exponent(values: np.ndarray) -> float:
    """Exponent of (n,) values, 0.5 to 0.95; 0.5 where there are too few to tell."""
    n = len(values)
    if n < _LEAST_VALUES or np.ptp(values) == 0:
        return INDEPENDENT
    profile = np.cumsum(values - values.mean())
    scales = np.unique(np.geomspace(_SHORTEST, n * _LONGEST_SHARE, _SCALES).astype(int))
    fluctuations = [_fluctuation(profile, scale) for scale in scales]
    slope = np.polyfit(np.log(scales), np.log(fluctuations), 1)[0]
    return float(np.clip(slope, INDEPENDENT, MOST))


def sd_of_mean(values: np.ndarray, n: int) -> float:
    """Standard deviation of the mean of `n` successive values of a series like `values`, (2 or more), no trend."""
    at = np.arange(len(values))
    level = values - np.polyval(np.polyfit(at, values, 1), at)
    return float(level.std() * n ** (dfa_exponent(level) - 1))


def slope_inflation(n: int, exponent: float) -> float:
    """By how much less sure the slope of a line through `n` (3 or more) means of successive stretches is.

    Against independent means with the same scatter about the line. Means of stretches are as persistent as the series
    itself; what wanders slowly looks like a slope, and what a line explains is missing in the scatter.
    """
    lag = np.arange(n)
    power = 2 * exponent
    correlation = (np.abs(lag + 1.0) ** power - 2 * lag.astype(float) ** power + np.abs(lag - 1.0) ** power) / 2
    covariance = toeplitz(correlation)
    weights = lag - lag.mean()
    of_slope = float(weights @ covariance @ weights / (weights @ weights))
    of_scatter = (n - float(covariance.mean()) * n - of_slope) / (n - 2)
    return float(np.sqrt(of_slope / of_scatter))


def _fluctuation(profile: np.ndarray, scale: int) -> float:
    """Root mean square of the profile about a line of its own in each window of `scale` values."""
    windows = profile[: len(profile) // scale * scale].reshape(-1, scale)
    at = np.arange(scale) - (scale - 1) / 2
    flat = windows - windows.mean(axis=1, keepdims=True)
    slopes = flat @ at / (at @ at)
    return float(np.sqrt(np.mean((flat - np.outer(slopes, at)) ** 2)))
