"""Things that happen now and then: a Poisson process that anybody may look up any time, and always finds the same."""

from functools import lru_cache

import numpy as np

_SECOND = 1.0


class Occasions:
    """`per_s` a second on average, each with a number drawn evenly from 0 to 1."""

    def __init__(self, seed: list[int], per_s: float) -> None:
        self._seed = seed
        self._per_s = per_s
        self._of_second = lru_cache(maxsize=64)(self._drawn)

    def between(self, from_s: float, to_s: float) -> np.ndarray:
        """(n, 2): when, ascending, and the number that was drawn."""
        seconds = range(int(from_s // _SECOND), int(to_s // _SECOND) + 1)
        found = np.concatenate([self._of_second(second) for second in seconds])
        return found[(found[:, 0] >= from_s) & (found[:, 0] < to_s)]

    def _drawn(self, second: int) -> np.ndarray:
        random = np.random.default_rng([*self._seed, second % 2**32])
        number = random.poisson(self._per_s * _SECOND)
        return np.column_stack([second + np.sort(random.uniform(size=number)), random.uniform(size=number)])
