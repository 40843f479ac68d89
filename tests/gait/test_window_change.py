import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station.gait.results import Series
from station.gait.window_change import window_change
from tests.scorecard.persistent_noise import persistent_noise

STRIDE_S = 0.7


def series(values: np.ndarray) -> Series:
    return Series(np.arange(len(values)) * STRIDE_S, values)


def change(values: np.ndarray):
    return window_change(series(values), np.random.default_rng(0))


def test_the_first_minute_is_left_out_and_two_minutes_at_either_end_are_compared():
    values = np.full(860, 10.0)
    values[: round(60 / STRIDE_S)] = 50.0  # somebody who gets into his stride
    values[-round(120 / STRIDE_S) - 1 :] = 13.0
    found = change(values)
    assert (found.first, found.last) == (10.0, 13.0)
    assert found.change.value == pytest.approx(3.0)


def test_windows_less_than_five_minutes_apart_are_not_compared():
    assert change(np.zeros(round(470 / STRIDE_S))) is None
    assert change(np.zeros(round(482 / STRIDE_S))) is not None


def test_a_camera_that_looks_now_and_then_is_compared_over_longer_windows():
    t_s = np.concatenate([start + np.arange(12) * STRIDE_S for start in np.arange(0, 2400, 150.0)])
    found = window_change(Series(t_s, np.where(t_s > 1200, 9.0, 4.0)), np.random.default_rng(0))
    assert (found.first, found.last) == (4.0, 9.0)
    assert found.change.n == 60


def test_intervals_of_a_change_hold_nothing_at_their_rate_although_strides_remember():
    rng = np.random.default_rng(3)
    found = [change(persistent_noise(860, 0.8, rng)) for _ in range(30)]
    held = np.mean([f.change.low <= 0 <= f.change.high for f in found])
    beyond = np.mean([abs(f.change.value) > f.detectable for f in found])
    assert held >= 0.6
    assert beyond <= 0.2


@settings(max_examples=25)
@given(st.lists(st.floats(-1e3, 1e3), min_size=0, max_size=80).map(np.array), st.integers(1, 20))
def test_any_series_is_compared_or_is_not(values, times):
    found = change(np.repeat(values, times))
    if found is not None:
        assert found.change.low <= found.change.high
        assert found.detectable >= 0
        assert found.change.value == pytest.approx(found.last - found.first)
