import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.gait.kernel import average, density, step_response
from station.gait.results import Kernel

kernels = st.builds(Kernel, st.integers(1, 8), st.floats(0.003, 0.02), st.floats(0.0, 0.01))


@given(kernels)
def test_density_is_the_slope_of_the_step_response(kernel):
    age_s = np.linspace(-0.5, kernel.order + 0.5, 4001) * kernel.period_s + kernel.delay_s
    step_s = age_s[1] - age_s[0]
    middle_s = (age_s[1:] + age_s[:-1]) / 2
    smooth = kernel.order > 1  # a box has jumps
    assert np.all(density(kernel, age_s) >= -1e-6 / kernel.period_s)
    slope = np.diff(step_response(kernel, age_s)) / step_s
    if smooth:
        assert np.abs(slope - density(kernel, middle_s)).max() * kernel.period_s < 1e-3


@given(kernels)
def test_all_weight_lies_within_the_order_and_its_centre_is_the_lag(kernel):
    start_s, end_s = kernel.delay_s, kernel.delay_s + kernel.order * kernel.period_s
    outside_s = np.array([start_s - 1e-6, end_s + 1e-6, end_s + 1.0])
    assert density(kernel, outside_s).tolist() == [0, 0, 0]
    assert step_response(kernel, outside_s).tolist() == [0, 1, 1]
    assert step_response(kernel, np.array([kernel.lag_s])) == pytest.approx(0.5)


@given(kernels, st.floats(0.5, 60.0))
def test_a_sine_is_damped_by_the_sinc_of_the_order_and_delayed_by_the_lag(kernel, frequency_hz):
    end_s = np.linspace(0, 1, 40)
    out = average(kernel, lambda t_s: np.sin(2 * np.pi * frequency_hz * t_s), end_s)
    damped = np.sinc(frequency_hz * kernel.period_s) ** kernel.order
    assert out == pytest.approx(damped * np.sin(2 * np.pi * frequency_hz * (end_s - kernel.lag_s)), abs=1e-9)


@given(kernels)
def test_a_constant_stays_what_it_is(kernel):
    assert average(kernel, lambda t_s: np.full(np.shape(t_s), 7.0), np.arange(3.0)) == pytest.approx([7.0] * 3)
