import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import trapezoid

from station.sim.runner.stance_curve import running_curve, walking_curve

contact_times = st.floats(0.18, 0.45)
thresholds = st.floats(0.04, 0.10)
sharpnesses = st.floats(0.7, 1.4)


def check(curve, contact_time, impulse, threshold):
    t = np.linspace(curve.start_s, curve.start_s + curve.duration_s, 200_001)
    force = curve(t)
    above = t[force >= threshold]
    assert above[0] == pytest.approx(0.0, abs=1e-5)
    assert above[-1] == pytest.approx(contact_time, abs=1e-5)
    assert trapezoid(force, t) == pytest.approx(impulse, rel=1e-5)
    assert curve(np.array([curve.start_s - 0.01, t[-1] + 0.01])) == pytest.approx(0.0, abs=1e-12)


@settings(deadline=None)
@given(contact_times, thresholds, st.floats(0, 1.6), st.floats(0.02, 0.05), sharpnesses)
def test_running_keeps_contact_time_and_impulse(contact_time, threshold, impact, impact_time, sharpness):
    impulse = contact_time * 1.35
    curve = running_curve(contact_time, impulse, threshold, impact, impact_time, sharpness)
    check(curve, contact_time, impulse, threshold)


@settings(deadline=None)
@given(st.floats(0.5, 0.8), thresholds, st.floats(0.36, 0.48), sharpnesses)
def test_walking_keeps_contact_time_and_impulse(contact_time, threshold, hump_fall, sharpness):
    impulse = contact_time * 0.8
    check(walking_curve(contact_time, impulse, threshold, hump_fall, sharpness), contact_time, impulse, threshold)


def test_sharpness_moves_the_peak_and_not_the_impulse():
    blunt, sharp = (running_curve(0.26, 0.35, 0.07, 0.5, 0.03, s) for s in (0.8, 1.2))
    assert sharp.active_peak_bw > 1.05 * blunt.active_peak_bw


def test_an_impact_larger_than_the_contact_is_refused():
    with pytest.raises(ValueError, match="more impulse than the whole contact"):
        running_curve(0.2, 0.1, 0.07, 3.0, 0.05)
