import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station.gait.results import Measure
from station.scorecard.criterion import Criterion, combine
from station.scorecard.draws import normal_draws
from station.scorecard.verdict import Headline, Verdict, word_for

BREAKPOINTS = st.lists(st.floats(0, 100), min_size=4, max_size=4, unique=True).map(lambda b: tuple(sorted(b)))
SEVERITIES = st.lists(st.floats(0, 100), min_size=1, max_size=50).map(np.array)


@settings(deadline=None)
@given(BREAKPOINTS, st.floats(-50, 150), st.floats(0, 50))
def test_severity_never_falls_as_the_value_grows(breakpoints, value, more):
    criterion = Criterion(breakpoints)
    low, high = criterion.severity(np.array([value, value + more]))
    assert 0 <= low <= high <= 100


def test_severity_at_the_breakpoints():
    assert Criterion((3, 5, 8, 12)).severity(np.array([3, 5, 8, 12, 4])) == pytest.approx([0, 33, 66, 100, 16.5])


@pytest.mark.parametrize(
    ("probability", "word"),
    [
        (1.0, "present"), (0.90, "present"), (0.8999, "likely"), (0.66, "likely"), (0.6599, "borderline"),
        (0.34, "borderline"), (0.3399, "unlikely"), (0.10, "unlikely"), (0.0999, "not_seen"), (0.0, "not_seen"),
    ],
)  # fmt: skip
def test_words_at_their_limits(probability, word):
    assert word_for(probability) == word


@settings(deadline=None)
@given(SEVERITIES)
def test_a_verdict_of_any_severities_is_sound(severity):
    verdict = Verdict.of_draws("t", severity, judged=1, of=2, cues=("do", "keep"))
    assert 0 <= verdict.probability <= 1
    assert verdict.low <= verdict.severity + 1e-9
    assert verdict.severity <= verdict.high + 1e-9
    assert verdict.verdict == word_for(verdict.probability)
    assert json.loads(json.dumps(verdict.to_json()))["verdict"] == verdict.verdict


def test_missing_weight_is_shared_out_or_refused():
    heavy, light = Criterion((0, 1, 2, 3), weight=0.6), Criterion((0, 1, 2, 3), weight=0.4)
    fifty, ninety = np.full(3, 50.0), np.full(3, 90.0)
    assert combine([(heavy, fifty), (light, ninety)]) == pytest.approx(66.0)
    assert combine([(heavy, fifty), (light, None)]) == pytest.approx(50.0)
    assert combine([(heavy, None), (light, ninety)]) is None


def test_systematic_error_has_its_size():
    rng = np.random.default_rng(1)
    moved = Criterion((0, 1, 2, 3), offset_sd=3.0, gain_sd=0.1).with_systematic_error(np.full(20000, 40.0), rng)
    assert moved.mean() == pytest.approx(40.0, abs=0.1)
    assert moved.std() == pytest.approx(5.0, rel=0.03)


def test_draws_of_a_measure_keep_its_interval():
    draws = normal_draws(Measure(10.0, 9.0, 11.0, 30), np.random.default_rng(2))
    assert np.quantile(draws, [0.1, 0.9]) == pytest.approx([9.0, 11.0], abs=0.1)


def test_json_of_a_card_without_verdict_keeps_its_number():
    headline = Headline("loading rate", np.float64(71.2345), 70.0, 72.0, "BW/s")
    document = Verdict.not_measured("t", ["no camera"], of=40, headline=headline).to_json()
    assert document["severity"] is document["probability"] is None
    assert document["reasons"] == ["no camera"]
    assert document["headline"] == {
        "text": "loading rate", "value": 71.23, "low": 70.0, "high": 72.0, "whole_low": 70.0, "whole_high": 72.0,
        "unit": "BW/s",
    }  # fmt: skip


def test_the_shown_range_holds_both_errors():
    shown = Headline("loading rate", 60.0, 57.0, 64.0, "BW/s", systematic_sd=4 / 1.2816).whole_range
    assert shown == pytest.approx((55.0, 60 + 32**0.5))
