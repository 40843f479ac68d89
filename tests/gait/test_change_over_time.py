"""Bins, slopes and one changepoint."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.gait.change_point import change_point
from station.gait.results import Series
from station.gait.theil_sen import theil_sen
from station.gait.time_bins import time_bins

MINUTES = np.arange(0.25, 20, 0.5)
VALUES = st.lists(st.floats(-1e3, 1e3), min_size=6, max_size=40).map(np.array)


def test_bins_are_half_a_minute_and_leave_out_what_is_hardly_filled():
    t_s = np.concatenate([np.arange(0, 60, 1.0), [70.0, 71.0], np.arange(90, 120, 1.0)])
    value = t_s // 30
    value[10] = 99.0  # a stumble
    middles_s, means = time_bins(Series(t_s, value))
    assert middles_s.tolist() == [15.0, 45.0, 105.0]
    assert means.tolist() == [0.0, 1.0, 3.0]


def test_a_slope_is_found_among_wild_bins():
    rng = np.random.default_rng(1)
    value = 2.0 * MINUTES + rng.normal(0, 1, len(MINUTES))
    value[[3, 30]] += 500.0
    slope = theil_sen(MINUTES, value)
    assert slope.low <= slope.value <= slope.high
    assert slope.value == pytest.approx(2.0, abs=0.2)
    wide = theil_sen(MINUTES, value, exponent=0.85)
    assert wide.high - wide.low > slope.high - slope.low


def test_a_slope_needs_six_bins():
    assert not theil_sen(MINUTES[:5], MINUTES[:5]).measured


@given(VALUES, st.floats(-10, 10))
def test_a_slope_turns_with_its_values(values, more):
    t = MINUTES[: len(values)]
    plain, turned = theil_sen(t, values), theil_sen(t, values + more * t)
    assert plain.low <= plain.value <= plain.high
    assert turned.value == pytest.approx(plain.value + more, abs=1e-6)


def test_a_step_is_named_at_its_instant():
    rng = np.random.default_rng(2)
    value = np.where(MINUTES > 12, 5.0, 0.0) + rng.normal(0, 0.5, len(MINUTES))
    assert change_point(60 * MINUTES, value) == pytest.approx(720, abs=30)


@pytest.mark.parametrize("trend", [0.0, 1.0])
def test_neither_noise_nor_a_slow_drift_is_a_step(trend):
    rng = np.random.default_rng(3)
    value = trend * MINUTES + rng.normal(0, 0.5, len(MINUTES))
    assert change_point(60 * MINUTES, value) is None


@given(VALUES)
def test_a_step_keeps_a_minute_and_a_half_from_either_end(values):
    t_s = 60 * MINUTES[: len(values)]
    at_s = change_point(t_s, values)
    assert at_s is None or t_s[0] + 60 <= at_s <= t_s[-1] - 60
