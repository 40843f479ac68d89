"""What a simulated chip averages over: weights on a fine grid, made by convolving boxes, so that no formula of the
analysis is used twice.

A sinc of order p is p box averages of one conversion period. What is not in that family: one more box of another
length, and a sag (dielectric absorption of the input filter, a slow reference): a share of the response comes late.
"""

import numpy as np

STEPS_PER_CONVERSION = 100
"""The force is sampled this often per conversion, 0.125 ms apart at 80 samples/s."""
_TAIL_TAUS = 8
"""A slow tail is followed for this many time constants: what is cut off is 0.03 % of it."""


def filter_weights(
    order: int, period_s: float, extra_box_periods: float = 0.0, sag: float = 0.0, sag_tau_s: float = 0.06
) -> np.ndarray:
    """Weights (n,) of the force samples before the end of a conversion, oldest first; their sum is 1.

    `extra_box_periods`: length of one more box (to a hundredth); `sag`: share that comes through a first-order lag of
    time constant `sag_tau_s`.
    """
    weights = np.ones(1)
    for _ in range(order):
        weights = np.convolve(weights, _box(STEPS_PER_CONVERSION))
    extra_steps = round(extra_box_periods * STEPS_PER_CONVERSION)
    if extra_steps:
        weights = np.convolve(weights, _box(extra_steps))
    if sag:
        late = np.convolve(_tail(sag_tau_s * STEPS_PER_CONVERSION / period_s), weights)
        late *= sag
        late[-len(weights) :] += (1 - sag) * weights
        weights = late
    return weights


def _box(steps: int) -> np.ndarray:
    """An average over `steps` intervals (trapezium rule)."""
    box = np.full(steps + 1, 1.0 / steps)
    box[[0, -1]] /= 2
    return box


def _tail(tau_steps: float) -> np.ndarray:
    """A first-order lag, oldest first; its sum is 1."""
    tail = np.exp(-np.arange(round(_TAIL_TAUS * tau_steps) + 1)[::-1] / tau_steps)
    return tail / tail.sum()
