import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station.sim.runner.gait_spec import GaitSpec
from station.sim.runner.stride_timing import contacts_between, loop_length_s, stride_loop

specs = st.builds(
    GaitSpec,
    mass_kg=st.just(70.0),
    speed_m_s=st.just(3.0),
    cadence_spm=st.floats(140, 200),
    duty_factor=st.floats(0.3, 0.55),
    step_time_asymmetry_pct=st.floats(-20, 20),
    contact_time_asymmetry_pct=st.floats(-20, 20),
)


def asymmetry(right: float, left: float) -> float:
    return 200 * (right - left) / (right + left)


@settings(deadline=None)
@given(specs, st.integers(2, 15), st.integers(0, 1000))
def test_a_loop_has_the_asymmetries_of_its_spec_and_closes(spec, strides, seed):
    length = loop_length_s(spec, strides, 60.0)
    loop = stride_loop(spec, strides, length, seed)
    assert [c.side for c in loop.contacts] == ["right", "left"] * strides
    assert abs(length * 60 - round(length * 60)) < 1e-9
    landing = np.array([c.contact_s for c in loop.contacts])
    assert landing[0] >= 0
    assert landing[-1] < length
    steps = np.diff(np.append(landing, landing[0] + length))
    assert asymmetry(steps[::2].mean(), steps[1::2].mean()) == pytest.approx(spec.step_time_asymmetry_pct, abs=1e-6)
    contact = {side: np.mean([c.contact_time_s for c in loop.of(side)]) for side in ("right", "left")}
    assert asymmetry(contact["right"], contact["left"]) == pytest.approx(spec.contact_time_asymmetry_pct, abs=1e-6)
    assert np.mean(list(contact.values())) == pytest.approx(spec.duty_factor * length / strides)


def test_strides_vary_as_in_healthy_runners():
    spec = GaitSpec(mass_kg=70, speed_m_s=3.0, cadence_spm=170, duty_factor=0.36)
    loop = stride_loop(spec, 400, 400 * spec.stride_time_s, seed=3)
    right = loop.of("right")
    stride_cv = np.std(np.diff([c.contact_s for c in right])) / spec.stride_time_s
    contact = np.array([c.contact_time_s for c in right])
    assert 0.010 < stride_cv < 0.014
    assert 0.012 < contact.std() / contact.mean() < 0.018


def test_an_unbroken_run_covers_the_recording_with_a_stride_to_spare():
    spec = GaitSpec(mass_kg=70, speed_m_s=3.0, cadence_spm=160, duty_factor=0.4)
    for seed in range(20):
        contacts = contacts_between(spec, 0.0, 10.0, seed)
        assert contacts[0].contact_s < -spec.stride_time_s
        assert contacts[-1].contact_s > 10.0 + spec.stride_time_s / 2
        assert np.all(np.diff([c.contact_s for c in contacts]) > 0)
