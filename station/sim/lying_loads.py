"""Loads that lie on the deck: put down and taken away by hand."""

from bisect import bisect

import numpy as np

from station.messages import CHANNELS


class LyingLoads:
    """Each change takes `rise_s`, smoothly: the deck is not to ring from it."""

    def __init__(self, rise_s: float) -> None:
        self._rise_s = rise_s
        self._from_s: list[float] = []  # of each change
        self._levels_n = [np.zeros(len(CHANNELS))]  # (4,) before the first change, and after each

    def put(self, t_s: float, cell_forces_n: np.ndarray) -> None:
        """From `t_s` on, later than all before, the cells come to carry these newtons (4,), whatever lay there."""
        self._from_s.append(t_s)
        self._levels_n.append(np.asarray(cell_forces_n, float))

    def cell_force_n(self, t_s: np.ndarray) -> np.ndarray:
        """Newtons (4, n) on the cells at ascending times (n,)."""
        done = bisect(self._from_s, t_s[0] - self._rise_s)
        out = np.tile(self._levels_n[done], (len(t_s), 1)).T
        for k in range(done, bisect(self._from_s, t_s[-1])):
            share = (1 - np.cos(np.pi * np.clip((t_s - self._from_s[k]) / self._rise_s, 0, 1))) / 2
            out += np.outer(self._levels_n[k + 1] - self._levels_n[k], share)
        return out
