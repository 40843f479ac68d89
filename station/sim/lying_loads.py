"""Loads that lie on the deck: put down and taken away by hand."""

import numpy as np

from station.messages import CHANNELS


class LyingLoads:
    """Each change takes `rise_s`, smoothly: the deck is not to ring from it."""

    def __init__(self, rise_s: float) -> None:
        self._rise_s = rise_s
        self._now_n = np.zeros(len(CHANNELS))
        self._changes: list[tuple[float, np.ndarray]] = []  # from when (s), by how much (4,)

    def put(self, t_s: float, cell_forces_n: np.ndarray) -> None:
        """From `t_s` on the cells come to carry these newtons (4,), whatever lay there before."""
        cell_forces_n = np.asarray(cell_forces_n, float)
        self._changes.append((t_s, cell_forces_n - self._now_n))
        self._now_n = cell_forces_n

    def cell_force_n(self, t_s: np.ndarray) -> np.ndarray:
        """Newtons (4, n) on the cells at times (n,)."""
        out = np.zeros((len(CHANNELS), len(t_s)))
        for from_s, change_n in self._changes:
            share = (1 - np.cos(np.pi * np.clip((t_s - from_s) / self._rise_s, 0, 1))) / 2
            out += np.outer(change_n, share)
        return out
