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
PULSE_LENGTHS_S = (0.001, 0.004, 0.007, 0.010, 0.013)
"""Of half sines. The heel of a hand and a rubber hammer are in contact for 4-10 ms; between these the response is
interpolated."""


class BlowResponse:
    """Responses of chips to blows of 1 N s at time 0."""

    def __init__(self, kernels: Sequence[Kernel]) -> None:
        self._stiff = np.array([[_blurred_pulse(k, length_s) for length_s in PULSE_LENGTHS_S] for k in kernels])

    def table(self, deck: DeckResonance | None) -> np.ndarray:
        """(chips, pulse lengths, ages) newtons, STEP_S apart from age 0; None: a stiff deck."""
        if deck is None:
            return self._stiff
        w, z = 2 * np.pi * deck.frequency_hz, deck.damping_ratio
        b, a, _ = cont2discrete(([2 * z * w, w * w], [1.0, 2 * z * w, w * w]), STEP_S, method="foh")
        return lfilter(b.ravel(), a, self._stiff, axis=-1)


def _blurred_pulse(kernel: Kernel, length_s: float) -> np.ndarray:
    """(ages,) mean weight of the kernel around each age, averaged over the pulse."""
    age_s = STEP_S * np.arange(round(REACH_S / STEP_S))
    weight = np.diff(step_response(kernel, np.append(age_s - STEP_S / 2, age_s[-1] + STEP_S / 2))) / STEP_S
    edges = np.linspace(0.0, 1.0, max(round(length_s / STEP_S), 1) + 1)
    pulse = np.diff(1 - np.cos(np.pi * edges)) / 2  # share of the half sine in each step
    return np.convolve(weight, pulse)[: len(age_s)]
