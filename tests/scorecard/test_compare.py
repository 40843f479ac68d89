"""Two visits: what changed, what could be chance, and what cannot be compared."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.gait.measurement_error import HALF_WIDTH_SD
from station.gait.results import Measure
from station.scorecard.compare import compare, mdc_sd
from station.scorecard.run_summary import VARIABLES, Conditions, RunSummary

CONDITIONS = Conditions(3.0, 0.0, "Bolt 7", "absolute", True, b"here", b"cells", b"eye")
STEP_TIME, LOADING, CADENCE, NECK, PEAK, CONTACT = (
    "asymmetry.step_time_pct", "feet.left.loading_rate_bw_s", "summary.cadence_spm", "posture.neck_relative_deg",
    "asymmetry.peak_force_pct", "feet.left.contact_time_ms",
)  # fmt: skip


def measure(value: float, half_width: float = 0.5) -> Measure:
    return Measure(value, value - half_width, value + half_width, 70)


def run(conditions: Conditions = CONDITIONS, **values: float | None) -> RunSummary:
    found = {v.id: measure(50.0) for v in VARIABLES}
    for name, value in values.items():
        found[name] = Measure.missing("nobody ran") if value is None else measure(value)
    return RunSummary(date(2026, 11, 22), found, {}, conditions)


def outcomes(then: Conditions, now: Conditions) -> dict[str, str]:
    return {c.variable.id: c.outcome for c in compare(run(then), run(now)).changes}


def change(name: str, then: float | None, now: float | None, **conditions):
    later = replace(CONDITIONS, **conditions)
    changes = compare(run(**{name: then}), run(later, **{name: now})).changes
    return next(c for c in changes if c.variable.id == name)


def test_a_large_difference_is_a_change():
    found = change(STEP_TIME, 12.3, 3.1)
    assert found.outcome == "changed"
    assert found.difference == pytest.approx(-9.2)
    assert found.low < found.difference < found.high < 0


def test_a_difference_of_two_usual_days_is_none():
    found = change(STEP_TIME, 12.3, 8.1)
    # 2.935 * sqrt(2 * 2^2 + 2 * (0.5 / 1.28)^2)
    assert found.detectable == pytest.approx(8.46, abs=0.01)
    assert found.outcome == "not_distinguishable"


def test_another_calibration_adds_its_systematic_error():
    same = change(PEAK, 5.0, 8.0)
    other = change(PEAK, 5.0, 8.0, force_calibration=b"others")
    assert other.detectable**2 == pytest.approx(same.detectable**2 + mdc_sd(len(VARIABLES)) ** 2 * 2 * 2.0**2)
    unknown = compare(run(replace(CONDITIONS, force_calibration=b"")), run(replace(CONDITIONS, force_calibration=b"")))
    assert next(c.detectable for c in unknown.changes if c.variable.id == PEAK) == pytest.approx(other.detectable)


def test_relative_spreads_follow_the_value():
    soft, hard = change(LOADING, 40.0, 41.0), change(LOADING, 80.0, 81.0)
    assert hard.detectable / soft.detectable == pytest.approx(2.0, rel=0.03)


def test_unlike_speeds_leave_what_does_not_follow_the_speed():
    found = outcomes(CONDITIONS, replace(CONDITIONS, speed_m_s=3.2))
    refused = {name for name, outcome in found.items() if outcome == "not_comparable"}
    assert {LOADING, CADENCE, CONTACT} <= refused
    assert not {STEP_TIME, NECK, PEAK} & refused
    assert outcomes(CONDITIONS, replace(CONDITIONS, speed_m_s=3.14))[LOADING] != "not_comparable"


def test_an_unknown_speed_is_said_and_the_rest_compared():
    comparison = compare(run(), run(replace(CONDITIONS, speed_m_s=None)))
    found = {c.variable.id: c for c in comparison.changes}
    assert "speed is not known" in found[CADENCE].reason
    assert found[STEP_TIME].outcome == "not_distinguishable"
    assert any("speed is not known" in note for note in comparison.notes)


def test_other_shoes_spoil_what_the_shoe_makes():
    found = outcomes(CONDITIONS, replace(CONDITIONS, shoes="Racer"))
    assert found[LOADING] == found[CONTACT] == "not_comparable"
    assert found[STEP_TIME] == found[NECK] == "not_distinguishable"
    assert outcomes(CONDITIONS, replace(CONDITIONS, shoes=" bolt  7"))[LOADING] == "not_distinguishable"
    untold = compare(run(), run(replace(CONDITIONS, shoes=None)))
    assert any("shoes are not known" in note for note in untold.notes)
    assert all(c.outcome == "not_distinguishable" for c in untold.changes)


def test_another_incline_spoils_all():
    comparison = compare(run(), run(replace(CONDITIONS, incline_pct=3.0)))
    assert {c.outcome for c in comparison.changes} == {"not_comparable"}
    assert comparison.changes[0].reason == "The incline was another: 0.0 % last time, 3.0 % today."


def reason_of(name: str, then: Conditions, now: Conditions) -> str:
    return next(c.reason for c in compare(run(then), run(now)).changes if c.variable.id == name)


def test_an_incline_that_nobody_told_is_not_said_to_have_been_level():
    unknown, steep, level = (replace(CONDITIONS, incline_pct=incline) for incline in (None, 6.0, 0.3))
    assert reason_of(NECK, unknown, steep) == "The incline of last time is not known; today it was 6.0 %."
    assert reason_of(NECK, steep, unknown) == "The incline of today is not known; last time it was 6.0 %."
    assert compare(run(unknown), run(steep)).notes == ()
    taken_as_level = compare(run(unknown), run(level))
    assert {c.outcome for c in taken_as_level.changes} == {"not_distinguishable"}
    assert any("taken to be level" in note for note in taken_as_level.notes)


def test_why_a_relative_loading_rate_is_no_trend_is_true_of_both_runs():
    relative = replace(CONDITIONS, loading_rate="relative")
    for other in (b"other", b""):
        reason = reason_of(LOADING, relative, replace(relative, force_calibration=other))
        assert reason.startswith("The loading rate is a relative number in both runs:")
    assert reason_of(LOADING, CONDITIONS, relative).endswith("in one of the two runs.")


@pytest.mark.parametrize(
    "other",
    [
        {"station": b"else"},
        {"speed_m_s": 3.8},
        {"speed_m_s": None},
        {"incline_pct": 6.0},
    ],
)
def test_verdicts_are_no_trend_of_unlike_runs(other):
    unlike = replace(CONDITIONS, **other)
    for then, now in ((CONDITIONS, unlike), (unlike, CONDITIONS), (replace(unlike, station=b"third"), unlike)):
        assert compare(run(then), run(now)).verdicts_unlike.startswith("Verdicts are compared only")


def test_verdicts_of_like_runs_are_set_side_by_side():
    for alike in ({}, {"speed_m_s": 3.1}, {"incline_pct": None}, {"force_calibration": b"new"}):
        assert compare(run(), run(replace(CONDITIONS, **alike))).verdicts_unlike is None


def test_a_relative_loading_rate_is_a_trend_of_one_calibration():
    relative = replace(CONDITIONS, loading_rate="relative")
    assert outcomes(CONDITIONS, relative)[LOADING] == "not_comparable"
    assert outcomes(relative, relative)[LOADING] == "not_distinguishable"
    assert outcomes(relative, replace(relative, force_calibration=b"other"))[LOADING] == "not_comparable"


def test_another_station_leaves_times():
    found = outcomes(CONDITIONS, replace(CONDITIONS, station=b"else"))
    assert found[STEP_TIME] == found[CONTACT] == found[CADENCE] == "not_distinguishable"
    assert found[PEAK] == found[LOADING] == found[NECK] == "not_comparable"


def test_nameless_feet_are_not_compared():
    found = outcomes(CONDITIONS, replace(CONDITIONS, sides_known=False))
    assert found[STEP_TIME] == found[LOADING] == "not_comparable"
    assert found[CADENCE] == found[NECK] == "not_distinguishable"


def test_what_was_not_measured_is_said():
    assert change(NECK, None, 3.0).reason == "It was not measured last time."
    assert change(NECK, 3.0, None).reason == "It was not measured today."
    assert change(NECK, None, None).reason == "Measured in neither of the two runs."
    assert compare(RunSummary(date(2026, 1, 1), {}), run()).changes[0].outcome == "not_comparable"


@given(st.sampled_from(VARIABLES), st.floats(1, 200), st.floats(1, 200), st.floats(0, 20))
def test_the_order_of_the_visits_does_not_matter(variable, a, b, half_width):
    then, now = (RunSummary(date(2026, 1, 1), {variable.id: measure(x, half_width)}, {}, CONDITIONS) for x in (a, b))
    forth, back = (
        next(c for c in compare(*pair).changes if c.variable is variable) for pair in ((then, now), (now, then))
    )
    assert forth.outcome == back.outcome
    assert forth.difference == -back.difference
    assert forth.detectable == pytest.approx(back.detectable)


OWN_SD = 0.6
USUAL = {v.id: 150.0 if v.relative else 4.0 for v in VARIABLES}


def shown_changes(rng: np.random.Generator, pairs: int, names: Sequence[str], shared: float) -> float:
    """Share of the pairs of runs of an unchanged runner that show any change. `shared`: of the day's wandering."""
    variables = [v for v in VARIABLES if v.id in names]
    sd = np.array([np.hypot(v.day_sd * (USUAL[v.id] if v.relative else 1.0), OWN_SD) for v in variables])
    found = 0
    for _ in range(pairs):
        wander = np.sqrt(shared) * rng.normal(size=(2, 1)) + np.sqrt(1 - shared) * rng.normal(size=(2, len(sd)))
        runs = [
            {v.id: measure(USUAL[v.id] + x, OWN_SD * HALF_WIDTH_SD) for v, x in zip(variables, day, strict=True)}
            for day in sd * wander
        ]
        changes = compare(*(RunSummary(date(2026, 1, 1), values, {}, CONDITIONS) for values in runs)).changes
        found += any(change.outcome == "changed" for change in changes)
    return found / pairs


@pytest.mark.parametrize("shared", [0.0, 0.5])
def test_an_unchanged_runner_is_seldom_shown_any_change(shared):
    """Two days of one runner by the table's own spreads, and the more numbers wander together the fewer changes."""
    share = shown_changes(np.random.default_rng(1), 1500, list(USUAL), shared)
    assert 0.01 < share < 0.05 + 0.012


def test_one_comparable_number_alone_needs_no_more_than_its_own_95_percent():
    share = shown_changes(np.random.default_rng(1), 2000, [STEP_TIME], 0.0)
    assert share == pytest.approx(0.05, abs=0.015)
    assert mdc_sd(1) == pytest.approx(1.96, abs=0.001)
    assert mdc_sd(15) == pytest.approx(2.935, abs=0.001)
