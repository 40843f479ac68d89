import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station.force.pace import Pace

NOMINAL_SPS = 80.0
LOOK_NS = 500_000


def learnt(rate_sps: float, conversions: int = 400) -> tuple[Pace, list[int]]:
    """A pace that has followed a chip seen on time, and the true instants (ns) of its conversions."""
    rng = random.Random(1)
    pace = Pace(NOMINAL_SPS)
    true_ns = [round(k * 1e9 / rate_sps) for k in range(conversions)]
    for t_ns in true_ns:
        pace.follow(t_ns - rng.randint(0, LOOK_NS), t_ns + rng.randint(0, LOOK_NS))
    return pace, true_ns


@given(st.floats(66, 98))
@settings(max_examples=20)
def test_learns_the_period_of_any_chip(rate_sps):
    pace, true_ns = learnt(rate_sps)
    assert 1e9 / pace.period_ns == pytest.approx(rate_sps, rel=1e-3)
    assert pace.shortest_ns < 1e9 / rate_sps
    assert pace.next_ns < true_ns[-1] + 1e9 / rate_sps < pace.overdue_ns
    assert pace.predicts(true_ns[-1])


@given(st.floats(66, 98))
def test_knows_the_end_of_the_next_conversion_of_any_chip_from_the_first_on(rate_sps):
    pace = Pace(NOMINAL_SPS)
    pace.follow(0, 500_000)
    assert pace.next_ns < 1e9 / rate_sps
    assert pace.overdue_ns > 1e9 / rate_sps


@given(st.floats(290, 350), st.integers(0, 1000), st.floats(0.05, 0.9))
@settings(max_examples=60)
def test_no_lateness_of_the_host_makes_a_prediction_wrong(rate_sps, seed, late_share):
    """A host that is late by up to several periods: each prediction holds the next true end."""
    rng = random.Random(seed)
    pace, period_ns = Pace(320.0), 1e9 / rate_sps
    seen_ns = 0
    for _ in range(2000):
        looks_ns = seen_ns + rng.uniform(0.2, 1.0) * period_ns  # DOUT is looked at
        if rng.random() < late_share:
            looks_ns += rng.uniform(0.0, 3.0) * period_ns
        if int(looks_ns / period_ns) == int(seen_ns / period_ns):  # nothing has ended: it is high
            high_ns = looks_ns
            next_end_ns = (int(looks_ns / period_ns) + 1) * period_ns
            looks_ns = next_end_ns + rng.uniform(0.0, 0.3) * period_ns
        else:
            high_ns = seen_ns
        if pace.predicts(round(looks_ns)):
            next_end_ns = (int(looks_ns / period_ns) + 1) * period_ns
            assert pace.may_end_within(round(next_end_ns) - 20_000, round(next_end_ns) + 20_000)
        pace.follow(round(high_ns), round(looks_ns))
        assert pace.shortest_ns < period_ns
        assert pace.next_ns < (int(looks_ns / period_ns) + 1) * period_ns < pace.overdue_ns + 1
        seen_ns = looks_ns


def test_a_chip_that_jumps_is_learnt_anew():
    pace, true_ns = learnt(80.0)
    t_ns = true_ns[-1]
    for _ in range(300):
        t_ns += round(1e9 / 84)
        pace.follow(t_ns - 100_000, t_ns + 100_000)
    assert 1e9 / pace.period_ns == pytest.approx(84, rel=2e-3)
    assert pace.predicts(t_ns)


def test_a_chip_that_wanders_is_followed():
    pace, true_ns = learnt(80.0)
    t_ns, period_ns = float(true_ns[-1]), 1e9 / 80
    for _ in range(20_000):  # four minutes, 1 % in all
        period_ns *= 1 + 5e-7
        t_ns += period_ns
        assert pace.next_ns < t_ns < pace.overdue_ns
        pace.follow(round(t_ns) - LOOK_NS, round(t_ns) + 100)
    assert pace.predicts(round(t_ns))


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


def test_a_wide_bracket_keeps_the_phase():
    pace, true_ns = learnt(80.0)
    late_ns = true_ns[-1] + 12_500_000
    pace.follow(late_ns - 12_000_000, late_ns + 5_000_000)
    assert not pace.may_end_within(late_ns + 5_000_000, late_ns + 6_000_000)
    assert pace.may_end_within(late_ns + 12_400_000, late_ns + 12_600_000)


def test_does_not_predict_before_it_has_learnt_nor_after_a_power_cycle():
    pace = Pace(NOMINAL_SPS)
    for k in range(4):
        assert not pace.predicts(k * 12_500_000)
        pace.follow(k * 12_500_000 - LOOK_NS, k * 12_500_000 + LOOK_NS)
    for k in range(4, 200):
        pace.follow(k * 12_500_000 - LOOK_NS, k * 12_500_000 + LOOK_NS)
    assert pace.predicts(200 * 12_500_000)
    pace.lose_phase()
    assert not pace.predicts(200 * 12_500_000)
    pace.follow(210 * 12_500_000 - LOOK_NS, 210 * 12_500_000 + LOOK_NS)
    assert pace.predicts(210 * 12_500_000), "the period is still known"
