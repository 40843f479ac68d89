"""Moving-block bootstrap of the mean, trimmed mean or median of a series of steps or strides.

Successive steps are correlated (persistent, by detrended fluctuation analysis), so whole blocks of
neighbours are drawn, not single values: Kuensch 1989, Ann Stat 17:1217; circular form of Politis & Romano 1992.
"""

from collections.abc import Callable
from typing import Literal

import numpy as np

from station.gait.robust_centre import trimmed_mean

DRAWS = 2000
BLOCK = 10
INTERVAL = 0.80
"""Coverage of every `low..high` the station reports."""

Centre = Literal["mean", "trimmed_mean", "median"]

_CENTRES: dict[Centre, Callable[[np.ndarray], np.ndarray]] = {
    "mean": lambda values: values.mean(axis=-1),
    "trimmed_mean": trimmed_mean,
    "median": lambda values: np.median(values, axis=-1),
}
_AT_ONCE = 400_000
"""Values that are drawn at a time: a run of 3,000 strides needs no 100 MB."""


def block_bootstrap_means(
    values: np.ndarray,
    rng: np.random.Generator,
    draws: int = DRAWS,
    block: int = BLOCK,
    centre: Centre = "mean",
) -> np.ndarray:
    """(draws,) resampled centres of `values` (n,), which must be finite and not empty.

    A short series takes shorter blocks (at least three of them). Blocks of length b from n values give a
    spread too small by sqrt(1 - b/n); the draws are widened by that factor about the centre of the series.
    """
    values = np.asarray(values, float)
    n = len(values)
    if n == 1:
        return np.full(draws, values[0])
    block = max(1, min(block, n // 3))
    blocks = np.lib.stride_tricks.sliding_window_view(np.append(values, values[: block - 1]), block)
    starts = rng.integers(0, n, (draws, -(-n // block)))
    centres = [
        _CENTRES[centre](blocks[some].reshape(len(some), -1)[:, :n])
        for some in np.array_split(starts, -(-draws * n // _AT_ONCE))
    ]
    middle = _CENTRES[centre](values)
    return middle + (np.concatenate(centres) - middle) / np.sqrt(1 - block / n)


def interval(draws: np.ndarray, coverage: float = INTERVAL) -> tuple[float, float]:
    """The central interval of the draws that holds `coverage` of them."""
    tail = (1 - coverage) / 2
    low, high = np.quantile(draws, (tail, 1 - tail))
    return float(low), float(high)
