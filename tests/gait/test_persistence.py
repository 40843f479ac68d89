import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station.gait.persistence import INDEPENDENT, MOST, dfa_exponent, sd_of_mean, slope_inflation
from tests.scorecard.persistent_noise import persistent_noise


@pytest.mark.parametrize("exponent", [0.5, 0.75, 0.9])
def test_the_exponent_is_found(exponent):
    rng = np.random.default_rng(1)
    found = [dfa_exponent(persistent_noise(1500, exponent, rng)) for _ in range(8)]
    assert np.mean(found) == pytest.approx(exponent, abs=0.04)


@pytest.mark.parametrize("exponent", [0.6, 0.85])
def test_a_mean_wanders_as_its_persistence_says(exponent):
    rng = np.random.default_rng(2)
    series = [persistent_noise(900, exponent, rng) for _ in range(200)]
    said = np.mean([sd_of_mean(values, 150) for values in series[:20]])
    assert said == pytest.approx(np.std([values[:150].mean() for values in series]), rel=0.2)


def test_independent_values_make_a_slope_no_less_sure_and_persistent_ones_do():
    assert slope_inflation(20, INDEPENDENT) == pytest.approx(1.0, abs=0.01)
    assert 1.5 < slope_inflation(20, 0.75) < slope_inflation(20, 0.9)


@settings(max_examples=50)
@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=300).map(np.array))
def test_any_series_has_an_exponent_between_its_limits(values):
    assert INDEPENDENT <= dfa_exponent(values) <= MOST
    assert 0 <= sd_of_mean(values, 10) < np.inf
