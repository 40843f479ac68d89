"""Left against right."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.gait.asymmetry import MIN_STEPS, asymmetries, pair_series, stride_pairs, symmetry_index_pct
from station.gait.contacts import Contacts
from station.gait.measurement_error import SLOW_CHIPS, ErrorSd, mean_measure
from station.gait.results import ASYMMETRIES
from station.gait.sides import LEFT, RIGHT, UNKNOWN, Sides
from station.gait.step_values import StepValues


def steps(feet: list[int], chain: list[int], right_over_left: float = 1.0, flight_ms: float = 100.0):
    feet = np.array(feet)
    contact_s = 0.36 * np.arange(len(feet))
    contacts = Contacts(contact_s, contact_s + 0.25, contact_s, contact_s + 0.25, np.array(chain))
    base = np.where(feet == RIGHT, right_over_left, 1.0)
    values = StepValues(
        250 * base,
        flight_ms * base,
        360 * base,
        2.4 * base,
        0.36 * base,
        1.5 * base,
        base > 0,
        60 * base,
        np.full((len(base), 3), np.nan),
    )
    return contacts, Sides(feet, True, 0.03), values


@given(st.floats(0.1, 100), st.floats(0.1, 100))
def test_index_is_antisymmetric_and_scale_free(left, right):
    assert symmetry_index_pct(left, right) == pytest.approx(-symmetry_index_pct(right, left))
    assert symmetry_index_pct(3 * left, 3 * right) == pytest.approx(symmetry_index_pct(left, right))
    assert (symmetry_index_pct(left, right) > 0) == (right > left)


def test_pairs_are_neighbours_of_different_feet_and_never_share_a_step():
    feet = [LEFT, RIGHT, LEFT, RIGHT, RIGHT, LEFT, UNKNOWN, RIGHT, LEFT]
    contacts, sides, _ = steps(feet, [0, 0, 0, 0, 1, 1, 1, 1, 1])
    assert stride_pairs(contacts, sides).tolist() == [[0, 1], [2, 3], [5, 4], [8, 7]]


@given(st.floats(0.8, 1.25))
def test_known_ratio(ratio):
    contacts, sides, values = steps([LEFT, RIGHT] * 10, [0] * 20, ratio)
    expected = 100 * (ratio - 1) / ((ratio + 1) / 2)
    measures, pairs = asymmetries(values, sides, SLOW_CHIPS), pair_series(values, contacts, sides)
    for key in ASYMMETRIES:
        assert measures[key].value == pytest.approx(expected)
        assert measures[key].low <= measures[key].value <= measures[key].high
        assert pairs[key].value == pytest.approx(expected)
        assert len(pairs[key].t_s) == 10


def test_few_steps_give_no_number():
    _, sides, values = steps([LEFT, RIGHT] * (MIN_STEPS - 1), [0] * (2 * MIN_STEPS - 2))
    for measure in asymmetries(values, sides, SLOW_CHIPS).values():
        assert not measure.measured
        assert "complete steps" in measure.reason


def test_no_flight_asymmetry_without_flight():
    contacts, sides, values = steps([LEFT, RIGHT] * 10, [0] * 20, flight_ms=5.0)
    assert not asymmetries(values, sides, SLOW_CHIPS)["flight_time_pct"].measured
    assert len(pair_series(values, contacts, sides)["flight_time_pct"].value) == 0


@given(st.floats(1, 500), st.integers(1, 400))
def test_interval_narrows_with_steps_to_the_common_error(mean, n):
    error = ErrorSd(0.01, 0.05, relative=True)
    measure = mean_measure(np.full(n, mean), error)
    half = (measure.high - measure.low) / 2
    assert 1.28 * 0.01 * mean <= half <= 1.2817 * mean * np.hypot(0.01, 0.05 / np.sqrt(n)) * 1.001
    assert measure.n == n
