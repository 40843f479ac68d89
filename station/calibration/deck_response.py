"""What a chip says of a short blow on a deck that rings: kernel x pulse x resonance, in a table over the age.

The deck is H(s) = (2 z w s + w^2) / (s^2 + 2 z w s + w^2) (station.gait.results.DeckResonance).
"""

from collections.abc import Sequence

import numpy as np
from scipy.signal import cont2discrete, lfilter

from station.gait.kernel import step_response
from station.gait.results import DeckResonance, Kernel

STEP_S = 2e-4
"""Between the entries of a table."""
REACH_S = 1.6
"""Beyond it a ring is over: 18 Hz at 3 % of damping has lost 99.6 %."""
PULSE_S = (0.001, 0.013)
"""Shortest and longest pulse, half sines. The heel of a hand and a rubber hammer are in contact for 4-10 ms."""
DEGREE = 3
"""Of the polynomial in the square of the length that stands for all lengths between (worse than 1 % beyond 120 Hz)."""


def pulse_s(place: float) -> float:
    """Length of the pulse at a place between the shortest, 0, and the longest, 1: places are even in its square."""
    shortest, longest = PULSE_S
    return float(np.sqrt(shortest**2 + place * (longest**2 - shortest**2)))


class BlowResponse:
    """Responses of chips to blows of 1 N s; at time 0 the longest pulse would begin."""

    def __init__(self, kernels: Sequence[Kernel]) -> None:
        nodes = (1 - np.cos(np.pi * (np.arange(DEGREE + 1) + 0.5) / (DEGREE + 1))) / 2  # Chebyshev's
        coefficients = np.linalg.inv(np.vander(nodes, increasing=True))
        at_nodes = np.array([[_blurred_pulse(kernel, pulse_s(place)) for place in nodes] for kernel in kernels])
        self._stiff = np.einsum("dn,cna->cda", coefficients, at_nodes)

    def table(self, deck: DeckResonance | None) -> np.ndarray:
        """(chips, DEGREE + 1, ages): coefficients of the powers of the pulse's place, ages STEP_S apart from 0 on.

        None: a stiff deck.
        """
        if deck is None:
            return self._stiff
        w, z = 2 * np.pi * deck.frequency_hz, deck.damping_ratio
        b, a, _ = cont2discrete(([2 * z * w, w * w], [1.0, 2 * z * w, w * w]), STEP_S, method="foh")
        return lfilter(b.ravel(), a, self._stiff, axis=-1)


def _blurred_pulse(kernel: Kernel, length_s: float) -> np.ndarray:
    """(ages,) mean weight of the kernel around each age, averaged over a pulse in the middle of the longest one.

    So a longer pulse is no later one, and the response is smooth in the square of the length.
    """
    age_s = STEP_S * np.arange(round(REACH_S / STEP_S))
    weight = np.diff(step_response(kernel, np.append(age_s - STEP_S / 2, age_s[-1] + STEP_S / 2))) / STEP_S
    edges_s = STEP_S * np.arange(np.ceil(PULSE_S[1] / STEP_S) + 1) - (PULSE_S[1] - length_s) / 2
    pulse = np.diff(-np.cos(np.pi * np.clip(edges_s / length_s, 0.0, 1.0))) / 2  # share of the half sine in each step
    return np.convolve(weight, pulse)[: len(age_s)]
