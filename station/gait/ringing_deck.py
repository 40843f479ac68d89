"""What the cells under a ringing deck feel of a force that wanders between them.

Each cell's load goes through the deck by itself: cell_i = H (s_i F) with the shares s_i. While the centre of pressure
stays, that is s_i H F; as it wanders, the ring still tells of where it was before. The difference is what is here.
"""

import numpy as np
from scipy.signal import lfilter

from station.gait.results import DeckResonance
from station.gait.total_force import GRID_RATE_HZ


class RingingDeck:
    """A deck at rest before the grid begins, acting along the last axis of what is given to it."""

    def __init__(self, deck: DeckResonance) -> None:
        self._numerator, self._denominator = _digital(deck)

    def felt(self, force: np.ndarray) -> np.ndarray:
        """(..., n) H of a force (..., n) on the grid."""
        return lfilter(self._numerator, self._denominator, force)

    def felt_transposed(self, weights: np.ndarray) -> np.ndarray:
        """(..., n): the transpose of `felt`."""
        return self.felt(weights[..., ::-1])[..., ::-1]

    def wandering(self, shares: np.ndarray, force: np.ndarray) -> np.ndarray:
        """(cells, n) H (s F) - s H F of shares (cells, n) and a force (n,)."""
        return self.felt(shares * force) - shares * self.felt(force)

    def wandering_transposed(self, shares: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """(n,): the transpose of `wandering` in the force, of weights (cells, n)."""
        late = (shares * self.felt_transposed(weights)).sum(axis=0)
        return late - self.felt_transposed((shares * weights).sum(axis=0))


def _digital(deck: DeckResonance) -> tuple[np.ndarray, np.ndarray]:
    """Numerator and denominator in z of a filter with the deck's impulse response at the grid's instants.

    Impulse invariance (Oppenheim & Schafer, Discrete-Time Signal Processing, section 7.2.1). What is folded back from
    above half the grid's rate is nearly the same at all frequencies below 100 Hz: unit gain at rest takes it off.
    """
    step_s = 1 / GRID_RATE_HZ
    w, z = 2 * np.pi * deck.frequency_hz, deck.damping_ratio
    damped = w * np.sqrt(1 - z * z)
    t_s = np.arange(3) * step_s
    cosine, sine = np.cos(damped * t_s), np.sin(damped * t_s)
    response = step_s * np.exp(-z * w * t_s) * (2 * z * w * cosine + (w * w - 2 * (z * w) ** 2) / damped * sine)
    decay = np.exp(-z * w * step_s)
    denominator = np.array([1.0, -2 * decay * np.cos(damped * step_s), decay**2])
    numerator = np.convolve(denominator, response)[:3]
    return numerator + (1 - numerator.sum() / denominator.sum()) * denominator, denominator
