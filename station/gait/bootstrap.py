"""Moving-block bootstrap of the mean or median of a series of steps or strides.

Successive steps are correlated (persistent, by detrended fluctuation analysis), so whole blocks of
neighbours are drawn, not single values: Kuensch 1989, Ann Stat 17:1217; circular form of Politis & Romano 1992.
"""

from collections.abc import Callable
from typing import Literal

import numpy as np

DRAWS = 2000
BLOCK = 10
INTERVAL = 0.80
"""Coverage of every `low..high` the station reports."""

_CENTRES: dict[str, Callable[..., np.ndarray]] = {"mean": np.mean, "median": np.median}


def block_bootstrap_means(
    values: np.ndarray,
    rng: np.random.Generator,
    draws: int = DRAWS,
    block: int = BLOCK,
    centre: Literal["mean", "median"] = "mean",
) -> np.ndarray:
    """(draws,) resampled means (or medians) of `values` (n,), which must be finite and not empty.

    A short series takes shorter blocks (at least three of them). Blocks of length b from n values give a
    spread too small by sqrt(1 - b/n); the draws are widened by that factor about the centre of the series.
    """
    values = np.asarray(values, float)
    n = len(values)
    if n == 1:
        return np.full(draws, values[0])
    block = max(1, min(block, n // 3))
    starts = rng.integers(0, n, (draws, -(-n // block)))
    index = (starts[:, :, None] + np.arange(block)).reshape(draws, -1)[:, :n] % n
    resampled = _CENTRES[centre](values[index], axis=1)
    middle = _CENTRES[centre](values)
    return middle + (resampled - middle) / np.sqrt(1 - block / n)


def interval(draws: np.ndarray, coverage: float = INTERVAL) -> tuple[float, float]:
    """The central interval of the draws that holds `coverage` of them."""
    tail = (1 - coverage) / 2
    low, high = np.quantile(draws, (tail, 1 - tail))
    return float(low), float(high)
