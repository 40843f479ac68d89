"""The low-pass every definition of the force values stands on."""

import numpy as np
from scipy.signal import butter, sosfiltfilt

PLATE_CUTOFF_HZ = 50.0
"""Cut-off (-3 dB after both passes) of the force that contact, peak and loading rate are defined on."""


def zero_phase_lowpass(values: np.ndarray, rate_hz: float, cutoff_hz: float = PLATE_CUTOFF_HZ) -> np.ndarray:
    """2nd-order Butterworth run both ways along the last axis, -3 dB at `cutoff_hz` overall; same shape and unit.

    The cut-off of the single pass is raised by (sqrt 2 - 1)^(-1/4), because two passes of n-th order double the
    attenuation (Winter, Biomechanics and Motor Control of Human Movement, 4th ed., section 3.4.4.2).
    """
    single_hz = _single_pass_hz(cutoff_hz)
    sos = butter(2, single_hz / (rate_hz / 2), output="sos")
    pad = min(values.shape[-1] - 1, int(3 * rate_hz / single_hz))
    return sosfiltfilt(sos, values, padlen=pad)


def plate_gain(frequency_hz: np.ndarray) -> np.ndarray:
    """What the filter leaves of waves, far below half the rate: both passes of the Butterworth's 1 / sqrt(1 + x^4)."""
    return 1 / (1 + (frequency_hz / _single_pass_hz(PLATE_CUTOFF_HZ)) ** 4)


def _single_pass_hz(cutoff_hz: float) -> float:
    return cutoff_hz / (np.sqrt(2.0) - 1.0) ** 0.25
