"""The chooser: spread over the run, never neighbours, the worst first; and what a step may be called."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.gait.results import Series
from station.scorecard.shown_steps import chosen_of
from station.scorecard.worst_steps import LEAST_APART, MOST_STEPS, RANKS, WORST_FROM, telling, word_of

badness = st.lists(st.floats(-1e3, 1e3) | st.just(float("nan")), max_size=200).map(np.array)


def rising(n: int) -> np.ndarray:
    return np.cumsum(np.full(n, 0.7))


@given(badness, st.integers(1, 6))
def test_chosen_steps_are_finite_far_apart_and_the_worst_comes_first(values, most):
    t_s = rising(len(values))
    chosen = telling(t_s, values, most)
    assert len(chosen) <= most
    assert np.isfinite(values[chosen]).all() if chosen else not np.isfinite(values).any()
    assert list(values[chosen]) == sorted(values[chosen], reverse=True)
    if chosen:
        assert values[chosen[0]] == np.nanmax(values)
    for k, one in enumerate(chosen):
        for other in chosen[k + 1 :]:
            assert abs(one - other) >= LEAST_APART
            assert abs(t_s[one] - t_s[other]) >= np.ptp(t_s) / (2 * most)


@given(st.lists(st.floats(0, 1), min_size=20, max_size=300))
def test_a_run_of_twenty_values_always_shows_as_many_as_may_be(values):
    assert len(telling(rising(len(values)), np.array(values))) == MOST_STEPS


def test_a_bad_stretch_does_not_take_all_places():
    values = np.zeros(90)
    values[40:50] = 5.0
    values[80] = 1.0
    chosen = telling(rising(90), values)
    assert 40 <= chosen[0] < 50
    assert 80 in chosen
    assert sum(40 <= k < 50 for k in chosen) == 1


def test_worst_is_said_only_of_what_ranks_single_steps():
    assert all(word_of(name) == ("worst" if rank >= WORST_FROM else "example") for name, rank in RANKS.items())
    assert word_of("loading_rate_bw_s") == "worst"
    assert word_of("something_new") == "example"


@pytest.mark.parametrize(("variable", "sure", "word"), [
    ("loading_rate_bw_s", True, "worst"), ("loading_rate_bw_s", False, "example"), ("never_measured", True, "example"),
])  # fmt: skip
def test_an_example_is_not_the_very_highest_value_which_may_be_a_slip(variable, sure, word):
    values = np.linspace(1, 2, 100)
    values[50] = 99.0
    chosen, said = chosen_of(variable, Series(rising(100), values), values, sure=sure)
    assert said == word
    assert (50 in chosen) == (word == "worst")


def test_nothing_to_choose_from_is_nothing_chosen():
    empty = Series(np.zeros(0), np.zeros(0))
    assert chosen_of("loading_rate_bw_s", empty, empty.value) == ([], "worst")
    assert chosen_of("new", Series(rising(5), np.full(5, np.nan)), np.full(5, np.nan))[0] == []
