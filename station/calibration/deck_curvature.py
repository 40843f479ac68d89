"""How well a resonance is known: from the curvature of the misfit at its minimum."""

from collections.abc import Callable

import numpy as np

from station.gait.results import DeckResonance

STEPS = (1e-3, 0.03)
"""First tried in the logarithms of frequency and damping."""
RISE = (1.0, 30.0)
"""A step must raise the misfit by this much: less is rounding, more is no parabola."""
TRIALS = 12
UNKNOWN = 1.0
"""Standard deviation of a logarithm that the misfit does not depend on."""


def standard_deviations(misfit: Callable[[DeckResonance], float], best: DeckResonance) -> tuple[float, float]:
    """Of frequency (Hz) and damping ratio; `misfit` is a sum of squares in units of the samples' own sd."""
    floor = misfit(best)

    def rise(log_f: float, log_z: float) -> float:
        return misfit(DeckResonance(best.frequency_hz * np.exp(log_f), best.damping_ratio * np.exp(log_z))) - floor

    step_f = _step(lambda h: (rise(h, 0.0) + rise(-h, 0.0)) / 2, STEPS[0])
    step_z = _step(lambda h: (rise(0.0, h) + rise(0.0, -h)) / 2, STEPS[1])
    ff = (rise(step_f, 0.0) + rise(-step_f, 0.0)) / 2 / step_f**2
    zz = (rise(0.0, step_z) + rise(0.0, -step_z)) / 2 / step_z**2
    fz = (rise(step_f, step_z) - rise(step_f, -step_z) - rise(-step_f, step_z) + rise(-step_f, -step_z)) / (
        8 * step_f * step_z
    )
    known = ff * zz - fz**2
    if ff <= 0 or zz <= 0 or known <= 0:
        return UNKNOWN * best.frequency_hz, UNKNOWN * best.damping_ratio
    return best.frequency_hz * float(np.sqrt(zz / known)), best.damping_ratio * float(np.sqrt(ff / known))


def _step(rise: Callable[[float], float], step: float) -> float:
    for _ in range(TRIALS):
        by = rise(step)
        if by < RISE[0] and step < UNKNOWN / 2:
            step *= 2
        elif by > RISE[1]:
            step /= 3
        else:
            break
    return step
