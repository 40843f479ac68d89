"""Free ringing after blows: decaying sines of common frequency and damping, free in strength and phase each time.

What averages (a chip's kernel, a phone's filter) changes strength and phase alone, so nothing needs to be known of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from station.gait.results import DeckResonance

DAMPINGS = (0.02, 0.06, 0.15)
DAMPING_LIMITS = (0.003, 0.6)
LOWEST_HZ = 6.0
GRID = 1.04
"""Ratio of neighbouring frequencies."""
EVALUATIONS = 120


@dataclass(frozen=True)
class RingDown:
    """Samples (n,) after blows; `segment` (n,) numbers blow and signal together, `sd` (segments,) is a sample's."""

    age_s: np.ndarray
    value: np.ndarray
    segment: np.ndarray
    sd: np.ndarray

    def misfit(self, modes: Sequence[DeckResonance]) -> float:
        """Sum of squared residuals in units of their sd, with these modes ringing; none: only a constant."""
        columns = [np.ones_like(self.age_s)]
        for mode in modes:
            w = 2 * np.pi * mode.frequency_hz
            swing = np.exp((-mode.damping_ratio + 1j * np.sqrt(1 - mode.damping_ratio**2)) * w * self.age_s)
            columns += [swing.real, swing.imag]
        normal = np.array([[self._sum(a * b) for b in columns] for a in columns]).transpose(2, 0, 1)
        right = np.array([self._sum(a * self.value) for a in columns]).T
        ridge = 1e-9 * np.trace(normal, axis1=1, axis2=2)[:, None, None] * np.eye(len(columns))
        solved = np.linalg.solve(normal + ridge + 1e-12 * np.eye(len(columns)), right[..., None])[..., 0]
        left = self._sum(self.value**2) - np.einsum("si,si->s", solved, right)
        return float(np.sum(np.maximum(left, 0.0) / self.sd**2))

    def add_mode(self, modes: Sequence[DeckResonance], highest_hz: float) -> list[DeckResonance]:
        """`modes` and the one that explains most beside them, all refined together."""
        steps = int(np.log(highest_hz / LOWEST_HZ) / np.log(GRID)) + 1
        grid = [DeckResonance(float(f), z) for f in np.geomspace(LOWEST_HZ, highest_hz, steps) for z in DAMPINGS]
        return self.refined([*modes, min(grid, key=lambda mode: self.misfit([*modes, mode]))], highest_hz)

    def refined(self, modes: Sequence[DeckResonance], highest_hz: float) -> list[DeckResonance]:
        """The minimum near these modes."""
        start = np.log([[mode.frequency_hz, mode.damping_ratio] for mode in modes]).ravel()
        simplex = np.vstack([start, start + np.diag(np.tile([0.02, 0.3], len(modes)))])
        limits = np.log([[LOWEST_HZ, highest_hz], DAMPING_LIMITS] * len(modes))
        found = minimize(
            lambda logs: self.misfit(_modes(logs)),
            start,
            method="Nelder-Mead",
            bounds=limits,
            options={"initial_simplex": np.clip(simplex, *limits.T), "maxfev": EVALUATIONS * len(modes), "xatol": 1e-5},
        )
        return _modes(found.x)

    def _sum(self, values: np.ndarray) -> np.ndarray:
        return np.bincount(self.segment, values, minlength=len(self.sd))


def _modes(logs: np.ndarray) -> list[DeckResonance]:
    return [DeckResonance(float(f), float(z)) for f, z in np.exp(logs).reshape(-1, 2)]
