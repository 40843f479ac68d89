"""What a chip says of a short blow on a deck that rings: kernel x pulse x resonance, in a table over the age.

The deck is H(s) = (2 z w s + w^2) / (s^2 + 2 z w s + w^2) (station.gait.results.DeckResonance).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.signal import cont2discrete, lfilter

from station.gait.kernel import step_response
from station.gait.results import DeckResonance, Kernel

STEP_S = 2e-4
"""Between the entries of a table."""
REACH_S = 1.6
"""Beyond it a ring is over: 18 Hz at 3 % of damping has lost 99.6 %."""


@dataclass(frozen=True)
class Pulse:
    """Shape of a blow on 0 .. 1: share of it that is over, and the mean; `stretch` gives it a half sine's spread."""

    over: Callable[[np.ndarray], np.ndarray]
    mean: float
    stretch: float


HALF_SINE = Pulse(lambda u: (1 - np.cos(np.pi * u)) / 2, 0.5, 1.0)
STEEP = Pulse(lambda u: 1 - (1 - u) ** 5 * (1 + 5 * u), 2 / 7, 1.363)
"""Rises fast and falls slowly (the beta distribution of 2 and 5), as hard things on a padded deck do."""
PULSE_S = (0.001, 0.013)
"""Shortest and longest pulse, as half sines. The heel of a hand and a rubber hammer are in contact for 4-10 ms."""
DEGREE = 3
"""Of the polynomial in the square of the length that stands for all lengths between (worse than 1 % beyond 120 Hz)."""


def pulse_s(place: float) -> float:
    """Length of the pulse at a place between the shortest, 0, and the longest, 1: places are even in its square."""
    shortest, longest = PULSE_S
    return float(np.sqrt(shortest**2 + place * (longest**2 - shortest**2)))


class BlowResponse:
    """Responses of chips to blows of 1 N s; at time 0 the longest pulse would begin."""

    def __init__(self, kernels: Sequence[Kernel], shape: Pulse = HALF_SINE) -> None:
        nodes = (1 - np.cos(np.pi * (np.arange(DEGREE + 1) + 0.5) / (DEGREE + 1))) / 2  # Chebyshev's
        coefficients = np.linalg.inv(np.vander(nodes, increasing=True))
        at_nodes = np.array([[_blurred_pulse(kernel, pulse_s(place), shape) for place in nodes] for kernel in kernels])
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


def _blurred_pulse(kernel: Kernel, length_s: float, shape: Pulse) -> np.ndarray:
    """(ages,) mean weight of the kernel around each age, averaged over a pulse whose mean is that of the longest one.

    So a longer pulse is no later one, and the response is smooth in the square of the length.
    """
    age_s = STEP_S * np.arange(round(REACH_S / STEP_S))
    weight = np.diff(step_response(kernel, np.append(age_s - STEP_S / 2, age_s[-1] + STEP_S / 2))) / STEP_S
    whole_s = shape.stretch * length_s
    latest_s = PULSE_S[1] * (0.5 + shape.stretch * (1 - shape.mean))
    edges_s = STEP_S * np.arange(np.ceil(latest_s / STEP_S) + 1)
    over = shape.over(np.clip((edges_s - PULSE_S[1] / 2) / whole_s + shape.mean, 0.0, 1.0))
    return np.convolve(weight, np.diff(over))[: len(age_s)]
