from dataclasses import replace

import numpy as np
import pytest

from station.gait.parts import Mark, RunParts
from station.gait.theil_sen import theil_sen
from station.scorecard.fatigue import VARIABLES, fatigue
from station.scorecard.run_length import what_it_answers
from tests.benchmarks.fatigue_runs import drift_of, run
from tests.scorecard.runs import Run
from tests.scorecard.stepped_runs import SteppedRun
from tests.spoken import assert_translated

TEN_MINUTES = 860  # strides


def test_runs_that_only_wander_are_hardly_ever_called_tired():
    """A benchmark says how rarely (`tests.benchmarks.fatigue_runs`)."""
    answers = [fatigue(run(10, seed).facts()) for seed in range(4)]
    assert sum(answer.status == "drift" for answer in answers) <= 1
    changes = [change.windows.change for answer in answers for change in answer.changes]
    assert {len(answer.changes) for answer in answers} == {len(VARIABLES)}
    assert np.mean([change.low <= 0 <= change.high for change in changes]) > 0.6


@pytest.mark.parametrize("key", ["cadence_spm", "contact_time_pct", "neck_relative_deg"])
def test_a_drift_of_twice_the_watch_point_is_said_in_plain_words(key):
    answer = fatigue(run(10, 4, drift_of(key, 2.0)).facts())
    assert answer.status == "drift"
    drifted = {change.key: change for change in answer.changes if change.drifted}
    assert key in drifted
    assert any(said in answer.sentences for said in drifted[key].sentences)
    assert drifted[key].to_json()["change"]["low"] > 0 or drifted[key].to_json()["change"]["high"] < 0


def test_what_one_run_hardly_tells_is_said_for_today():
    answer = fatigue(run(10, 2, {"foot_strike_angle_deg": 12.0}).facts())
    change = next(c for c in answer.changes if c.key == "foot_strike_angle_deg")
    assert change.drifted
    assert "One run tells this only for today." in change.sentences


def test_a_short_run_and_a_changed_speed_give_no_answer_and_say_so():
    facts = SteppedRun(strides=260).facts()
    short = fatigue(facts)
    assert short.status == "not_measured"
    assert "takes 8 minutes" in short.reason
    long = SteppedRun(strides=TEN_MINUTES).facts()
    changed = replace(long.force, parts=RunParts((), (Mark("speed_change", 300.0, 300.0),)))
    assert fatigue(replace(long, force=changed)).status == "not_measured"
    assert fatigue(replace(long, force=None)).status == "not_measured"
    assert fatigue(replace(long, force=replace(long.force, gait="walking"))).status == "not_measured"


def test_without_a_camera_the_force_alone_is_compared():
    facts = replace(run(10, 1).facts(), posture=None)
    keys = {change.key for change in fatigue(facts).changes}
    assert "cadence_spm" in keys
    assert "neck_relative_deg" not in keys


@pytest.mark.parametrize(
    ("strides", "says", "not_says"),
    [
        (20, "20 of the 30", "snapshot"),
        (80, "snapshot", "all verdicts"),
        (200, "two and a half minutes", "all verdicts"),
        (260, "long enough for verdicts", "two and a half"),
        (TEN_MINUTES, "long enough for verdicts", "two and a half"),
    ],
)
def test_a_run_says_what_its_length_can_answer(strides, says, not_says):
    said = " ".join(what_it_answers(Run(strides=strides).facts()))
    assert says in said
    assert not_says not in said


@pytest.mark.parametrize("facts", [
    Run(strides=260).facts(), Run(strides=900).facts(force=False), SteppedRun(strides=TEN_MINUTES).facts(),
])  # fmt: skip
def test_of_fatigue_one_voice_speaks(facts):
    said = " ".join(what_it_answers(facts))
    assert not any(word in said for word in ("tire", "first minutes", "8 minutes"))
    assert fatigue(facts).sentences


def test_a_real_change_too_small_to_matter_is_not_denied():
    """Cadence 2.6 % slower at the end, with 0.5 % to be told apart and 3 % to matter."""
    long = SteppedRun(strides=TEN_MINUTES, noise=0.2, drift={"step_time_ms": 2.7}, seed=3).facts()
    answer = fatigue(long)
    cadence = next(change for change in answer.changes if change.key == "cadence_spm")
    assert abs(cadence.windows.change.value) > cadence.windows.detectable
    assert answer.status == "steady"
    assert answer.sentences == ("From the first minutes to the last, no change large enough to matter was seen.",)


def test_a_trend_that_could_not_be_told_says_why():
    change = fatigue(run(10, 1).facts()).changes[0]
    untold = replace(change, slope_per_min=theil_sen(np.arange(3.0), np.arange(3.0))).to_json()["slope_per_min"]
    assert untold["value"] is None
    assert_translated([untold["reason"]])


def test_nobody_who_walks_is_told_of_verdicts():
    assert what_it_answers(Run(gait="walking").facts()) == ()
    by_camera = what_it_answers(Run(strides=80).facts(force=False))
    assert "56 s" in by_camera[0]
