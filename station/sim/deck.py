"""The treadmill's deck between the runner's foot and the load cells."""

from dataclasses import dataclass

import numpy as np
from scipy.interpolate import CubicSpline
from scipy.signal import cont2discrete, lfilter

RATE_HZ = 4000.0
RING_OUT_S = 2.0


@dataclass(frozen=True)
class Deck:
    """Rigid, or a mass on a spring and a damper: H(s) = (2 z w s + w^2) / (s^2 + 2 z w s + w^2), unit gain at rest."""

    frequency_hz: float | None = None
    damping_ratio: float = 0.05

    @property
    def rigid(self) -> bool:
        return self.frequency_hz is None

    def transmitted(self, t_s: np.ndarray, force_n: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """What the cells feel of forces (cells, n) at times (n,): times (m,) and forces (cells, m), ring-out included.

        The deck is at rest before the first sample; between samples the force is a cubic spline, after the last 0.
        """
        if self.frequency_hz is None:
            return t_s, force_n
        fine_s = np.arange(t_s[0], t_s[-1] + RING_OUT_S, 1 / RATE_HZ)
        fine_n = np.where(fine_s <= t_s[-1], CubicSpline(t_s, force_n, axis=1)(fine_s), 0.0)
        w, z = 2 * np.pi * self.frequency_hz, self.damping_ratio
        b, a, _ = cont2discrete(([2 * z * w, w * w], [1.0, 2 * z * w, w * w]), 1 / RATE_HZ, method="foh")
        return fine_s, lfilter(b.ravel(), a, fine_n, axis=1)
