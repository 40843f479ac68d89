"""The treadmill's deck between the runner's foot and the load cells: how it rings."""

from dataclasses import dataclass

import numpy as np

Transfer = tuple[np.ndarray, np.ndarray]
"""Numerator and denominator of a transfer function in s, highest power first."""


@dataclass(frozen=True)
class Mode:
    """A further way in which the deck rings, with its share of the force."""

    frequency_hz: float
    damping_ratio: float
    share: float


@dataclass(frozen=True)
class Deck:
    """Rigid, or masses on springs and dampers side by side. Each has unit gain at rest:

    H(s) = (2 z w s + w^2) / (s^2 + 2 z w s + w^2), w = 2 pi `frequency_hz`. The first mode carries what `more` leave.
    """

    frequency_hz: float | None = None
    damping_ratio: float = 0.05
    more: tuple[Mode, ...] = ()

    @property
    def rigid(self) -> bool:
        return self.frequency_hz is None

    def transfer(self) -> list[Transfer]:
        """From the forces on the deck to those in the cells; empty where it is rigid."""
        if self.frequency_hz is None:
            return []
        first = Mode(self.frequency_hz, self.damping_ratio, 1 - sum(mode.share for mode in self.more))
        numerator, denominator = np.zeros(1), np.ones(1)
        for mode in (first, *self.more):
            w, z = 2 * np.pi * mode.frequency_hz, mode.damping_ratio
            own_numerator = mode.share * np.array([2 * z * w, w * w])
            own_denominator = np.array([1.0, 2 * z * w, w * w])
            numerator = np.polyadd(np.polymul(numerator, own_denominator), np.polymul(own_numerator, denominator))
            denominator = np.polymul(denominator, own_denominator)
        return [(np.trim_zeros(numerator, "f"), denominator)]
