import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.gait.robust_centre import is_outlier, trimmed_mean

SERIES = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=80).map(np.array)


@given(SERIES)
def test_a_trimmed_mean_lies_within_its_series(values):
    centre = trimmed_mean(values)
    assert values.min() - 1e-6 <= centre <= values.max() + 1e-6


@given(SERIES, st.floats(-1e5, 1e5))
def test_a_trimmed_mean_moves_with_its_series(values, more):
    assert trimmed_mean(values + more) == pytest.approx(trimmed_mean(values) + more, abs=1e-3)


@pytest.mark.parametrize("wild", [50.0, 1e9])
def test_a_tenth_of_wild_values_at_one_end_does_not_matter(wild):
    usual = np.linspace(0, 1, 90)
    assert trimmed_mean(np.append(usual, np.full(10, wild))) < 1.0
    assert trimmed_mean(np.tile(usual, (3, 1))).shape == (3,)


def test_a_stumble_is_an_outlier_and_a_change_halfway_is_none():
    values = np.random.default_rng(1).normal(0, 1, 200)
    values[100:] += 8.0
    stumbled = values.copy()
    stumbled[[20, 150]] += 30.0
    assert not is_outlier(values).any()
    assert np.flatnonzero(is_outlier(stumbled)).tolist() == [20, 150]


@given(SERIES)
def test_half_of_a_series_is_never_outliers(values):
    assert is_outlier(values).sum() <= len(values) / 2
    assert not is_outlier(values, least_limit=1e9).any()
