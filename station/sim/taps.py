"""Blows on the deck with the heel of the hand or a soft hammer: the tap test of its resonance."""

from bisect import bisect
from dataclasses import dataclass

import numpy as np

TAP_LENGTH_S = (0.004, 0.010)
TAP_PEAK_N = (200.0, 800.0)
TAP_EVERY_S = (1.0, 2.0)


@dataclass(frozen=True)
class Tap:
    """A half-sine pulse of force."""

    start_s: float
    length_s: float
    peak_n: float

    def force_n(self, t_s: np.ndarray) -> np.ndarray:
        phase = (t_s - self.start_s) / self.length_s
        return self.peak_n * np.sin(np.pi * np.clip(phase, 0.0, 1.0))


def draw_tap(rng: np.random.Generator, start_s: float) -> Tap:
    """No two blows of a hand are alike."""
    return Tap(start_s, rng.uniform(*TAP_LENGTH_S), rng.uniform(*TAP_PEAK_N))


class Tapping:
    """Taps at random instants from `start_s` on, for ever or until `stop`."""

    def __init__(self, seed: int | list[int], start_s: float) -> None:
        self._random = np.random.default_rng(seed)
        self._taps: list[Tap] = []
        self._next_s = start_s + self._random.uniform(*TAP_EVERY_S)
        self._stop_s = np.inf

    def stop(self, t_s: float) -> None:
        """No tap begins after this."""
        self._stop_s = t_s

    def force_n(self, t_s: np.ndarray) -> np.ndarray:
        """Newtons (n,) at ascending times (n,)."""
        while self._next_s <= t_s[-1]:
            self._taps.append(draw_tap(self._random, self._next_s))
            self._next_s += self._random.uniform(*TAP_EVERY_S)
        out = np.zeros(len(t_s))
        for tap in self._taps[bisect(self._taps, t_s[0] - TAP_LENGTH_S[1], key=lambda tap: tap.start_s) :]:
            if tap.start_s < self._stop_s:
                out += tap.force_n(t_s)
        return out
