"""A card says "not seen" only where the data could have shown it."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station.gait.results import Measure, Series
from station.scorecard.draws import outlier_share, robust_draws, with_measurement_error
from station.scorecard.registry import judge_all
from station.scorecard.verdict import TOO_UNSURE, Verdict
from tests.scorecard.runs import Run

CUES = ("do", "keep")


def of(severity: np.ndarray, clear: np.ndarray | None) -> Verdict:
    return Verdict.of_draws("t", severity, judged=40, of=40, cues=CUES, clear=clear)


@settings(max_examples=50)
@given(st.floats(0, 1), st.floats(0, 1))
def test_nothing_is_ruled_out_that_would_not_have_been_found(probability, found):
    draws = np.linspace(0, 1, 1000)
    verdict = of(np.where(draws < probability, 80.0, 0.0), np.where(draws < found, 80.0, 0.0))
    if verdict.verdict in ("unlikely", "not_seen"):
        assert found >= 0.655
    if verdict.verdict == "not_measured":
        assert probability < 0.345
        assert verdict.reasons == (TOO_UNSURE,)
        assert verdict.severity is None


def test_differences_in_too_much_noise_are_not_called_even():
    run = Run(seed=5).facts()
    wide = {key: replace(m, low=m.value - 60.0, high=m.value + 60.0) for key, m in run.force.asymmetry.items()}
    verdict = judge_all(replace(run, force=replace(run.force, asymmetry=wide)))["uneven_gait"]
    assert verdict.verdict not in ("unlikely", "not_seen")
    assert judge_all(run)["uneven_gait"].verdict == "not_seen"


def test_the_error_of_a_number_is_in_its_verdict():
    run = Run(seed=6, asymmetry={"step_time_pct": 4.0, "contact_time_pct": 5.5}).facts()
    sure = judge_all(run)["uneven_gait"]
    wide = {key: replace(m, low=m.value - 6.0, high=m.value + 6.0) for key, m in run.force.asymmetry.items()}
    unsure = judge_all(replace(run, force=replace(run.force, asymmetry=wide)))["uneven_gait"]
    assert unsure.high - unsure.low > 1.5 * (sure.high - sure.low)


def test_a_variable_needs_thirty_pairs_of_its_own():
    run = Run(seed=7).facts()
    few = {key: Series(s.t_s[:12], s.value[:12]) for key, s in run.force.pairs.items() if key != "flight_time_pct"}
    pairs = run.force.pairs | few
    verdict = judge_all(replace(run, force=replace(run.force, pairs=pairs)))["uneven_gait"]
    assert verdict.verdict == "not_measured"
    assert "Too few of the left/right differences" in verdict.reasons[0]


@pytest.mark.parametrize("rate", [30.0, 45.0])
def test_a_soft_landing_that_is_only_relative_is_not_ruled_out_on_the_heel(rate):
    heel = {"foot_strike_deg": 16.0, "loading_rate_bw_s": rate, "loading_rate_status": "relative"}
    assert judge_all(Run(**heel).facts())["heavy_rearfoot_strike"].verdict == "not_measured"
    assert judge_all(Run(**heel | {"loading_rate_status": "absolute"}).facts())["heavy_rearfoot_strike"].verdict in (
        "unlikely",
        "not_seen",
    )
    forefoot = judge_all(Run(**heel | {"foot_strike_deg": -8.0}).facts())["heavy_rearfoot_strike"]
    assert forefoot.verdict == "not_seen"


def test_many_strides_unlike_the_others_are_said():
    rng = np.random.default_rng(1)
    series = Series(np.arange(100.0), rng.normal(0, 1, 100), outliers=25)
    assert outlier_share(series) == pytest.approx(0.2, abs=0.02)
    run = Run(seed=8).facts()
    key = "neck_relative_deg"
    strange = run.posture.series | {key: replace(run.posture.series[key], outliers=20)}
    verdict = judge_all(replace(run, posture=replace(run.posture, series=strange)))["head_forward"]
    assert "20 % of the strides were left out" in " ".join(verdict.reasons)


def test_a_stumble_moves_no_verdict():
    run = Run(seed=9).facts()
    stumbled = {key: Series(s.t_s, np.where(np.arange(len(s.value)) % 20 == 7, 90.0, s.value))
                for key, s in run.force.pairs.items()}  # fmt: skip
    verdict = judge_all(replace(run, force=replace(run.force, pairs=stumbled)))["uneven_gait"]
    assert verdict.severity == pytest.approx(judge_all(run)["uneven_gait"].severity, abs=1.0)


def test_every_verdict_says_how_well_it_is_measured_and_what_is_known():
    for verdict in judge_all(Run().facts()).values():
        document = verdict.to_json()["confidence"]
        assert document["measurement"]["grade"] in ("high", "medium", "low")
        assert document["meaning"]["text"].endswith(".")
    assert judge_all(Run().facts())["arm_movement"].confidence.measurement == "low"


@settings(max_examples=30)
@given(st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=60).map(np.array), st.floats(0, 50))
def test_draws_of_any_series_are_finite_and_widen_with_its_error(values, half_width):
    rng = np.random.default_rng(0)
    draws = robust_draws(Series(np.arange(len(values)), values), rng)
    assert np.isfinite(draws).all()
    wider = with_measurement_error(draws, Measure(0.0, -half_width, half_width, len(values)), rng)
    assert wider.std() >= draws.std() - half_width / 10 - 1e-9
