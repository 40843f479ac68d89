"""The 50 Hz filter of the definitions."""

import numpy as np
import pytest

from station.gait.lowpass import zero_phase_lowpass


@pytest.mark.parametrize(("hz", "gain"), [(5.0, 1.0), (50.0, 2**-0.5), (200.0, 0.0)])
def test_gain(hz, gain):
    t_s = np.arange(0, 4, 1e-3)
    out = zero_phase_lowpass(np.sin(2 * np.pi * hz * t_s), 1000.0)[1000:3000]
    assert np.sqrt(2 * np.mean(out**2)) == pytest.approx(gain, abs=0.01)


def test_no_delay():
    t_s = np.arange(0, 1, 1e-3)
    bump = np.exp(-(((t_s - 0.5) / 0.02) ** 2))
    assert t_s[np.argmax(zero_phase_lowpass(bump, 1000.0))] == pytest.approx(0.5)
