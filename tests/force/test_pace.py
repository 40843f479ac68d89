import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station.force.pace import LEARNT, Pace

NOMINAL_SPS = 80.0


def learnt(rate_sps: float, conversions: int = 400) -> tuple[Pace, list[int]]:
    """A pace that has followed a chip seen on time, and the true instants (ns) of its conversions."""
    rng = random.Random(1)
    pace = Pace(NOMINAL_SPS)
    true_ns = [round(k * 1e9 / rate_sps) for k in range(conversions)]
    for t_ns in true_ns:
        pace.follow(t_ns - rng.randint(0, 500_000), t_ns + rng.randint(0, 500_000))
    return pace, true_ns


@given(st.floats(70, 96))
@settings(max_examples=20)
def test_learns_the_period_of_any_chip(rate_sps):
    pace, true_ns = learnt(rate_sps)
    assert 1e9 / pace.period_ns == pytest.approx(rate_sps, rel=3e-3)
    assert pace.shortest_ns < 1e9 / rate_sps
    assert pace.next_ns < true_ns[-1] + 1e9 / rate_sps < pace.overdue_ns


def test_counts_the_conversions_that_were_missed():
    pace, true_ns = learnt(88.0)
    later_ns = true_ns[-1] + round(4 * 1e9 / 88.0)
    assert pace.follow(later_ns - 400_000, later_ns + 100_000) == 3
    assert pace.follow(later_ns + 11_000_000, later_ns + 11_500_000) == 0


def test_predicts_when_a_conversion_may_end():
    pace, true_ns = learnt(80.0)
    next_ns = true_ns[-1] + 12_500_000
    assert pace.predicts(next_ns)
    assert pace.may_end_within(next_ns - 100_000, next_ns + 100_000)
    assert not pace.may_end_within(next_ns - 6_000_000, next_ns - 5_000_000)
    assert not pace.may_end_within(next_ns + 5_000_000, next_ns + 6_000_000)
    assert not pace.predicts(next_ns + 200_000_000), "too far ahead"


@given(st.floats(66, 98))
def test_knows_the_end_of_the_next_conversion_of_any_chip_from_the_first_on(rate_sps):
    pace = Pace(NOMINAL_SPS)
    pace.follow(0, 500_000)
    assert pace.next_ns < 1e9 / rate_sps
    assert pace.overdue_ns > 1e9 / rate_sps


def test_a_wide_bracket_keeps_the_phase():
    pace, true_ns = learnt(80.0)
    late_ns = true_ns[-1] + 12_500_000
    pace.follow(late_ns - 12_000_000, late_ns + 5_000_000)
    assert not pace.may_end_within(late_ns + 5_000_000, late_ns + 6_000_000)
    assert pace.may_end_within(late_ns + 12_400_000, late_ns + 12_600_000)


def test_does_not_predict_before_it_has_learnt_nor_after_a_power_cycle():
    pace = Pace(NOMINAL_SPS)
    for k in range(LEARNT - 1):
        assert not pace.predicts(k * 12_500_000)
        pace.follow(k * 12_500_000, k * 12_500_000 + 1)
    pace.follow(LEARNT * 12_500_000, LEARNT * 12_500_000 + 1)
    assert pace.predicts(LEARNT * 12_500_000 + 1)
    pace.lose_phase()
    assert not pace.predicts(LEARNT * 12_500_000 + 1)
