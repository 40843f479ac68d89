"""Each verdict opens to real steps of the run, each with its force as the cells saw it."""

import json

import numpy as np
import pytest

from station.scorecard.registry import judge_all
from tests.scorecard.scenario_facts import scenario_facts


@pytest.fixture(scope="module")
def run():
    facts = scenario_facts("heavy_rearfoot")
    return facts, {name: verdict.to_json()["evidence"] for name, verdict in judge_all(facts).items()}


def steps_of(evidence):
    return [step for item in evidence if item["kind"] == "steps" for step in item["steps"]]


@pytest.mark.parametrize("name", ["head_forward", "uneven_gait", "arm_movement", "heavy_rearfoot_strike"])
def test_the_steps_are_of_the_run_and_not_next_to_each_other(run, name):
    facts, evidence = run
    steps = steps_of(evidence[name])
    by_number = {step.n: step for step in facts.force.steps}
    assert 2 <= len(steps) <= 3
    for shown in steps:
        true = by_number[shown["n"]]
        assert shown["side"] == true.side
        assert shown["t_s"] == pytest.approx(true.contact_s, abs=0.001)
        assert shown["kind"] in ("worst", "example")
        curve = shown["curve"]
        assert (curve["label"], curve["bandwidth_hz"]) == ("single_step_blurred", 50.0)  # these cells are unblurred
        assert max(curve["force_bw"][true.side]) == pytest.approx(true.peak_force_bw, rel=0.02)
    numbers = sorted(step["n"] for step in steps)
    assert np.diff(numbers).min() > 1


@pytest.mark.parametrize("name", ["head_forward", "arm_movement", "heavy_rearfoot_strike"])
def test_each_step_that_the_camera_judged_has_its_picture(run, name):
    evidence = run[1][name]
    pictured = {item["step"] for item in evidence if item["kind"] == "picture"}
    assert {step["n"] for step in steps_of(evidence)} == pictured


def test_the_hardest_landings_are_the_ones_with_the_highest_loading_rates(run):
    facts, evidence = run
    steps = steps_of(evidence["heavy_rearfoot_strike"])
    rates = facts.force.step_series["loading_rate_bw_s"]
    near = rates.value[rates.side == facts.posture.camera_side]
    assert [step["kind"] for step in steps] == ["worst"] * len(steps)
    assert all(step["side"] == facts.posture.camera_side for step in steps)
    assert steps[0]["value"] >= np.quantile(near, 0.9)
    for step in steps:
        assert step["value"] == pytest.approx(rates.value[np.argmin(np.abs(rates.t_s - step["t_s"]))], abs=0.01)


def test_an_uneven_stride_shows_both_feet_by_the_step_of_the_larger_side(run):
    facts, evidence = run
    (item,) = (item for item in evidence["uneven_gait"] if item["kind"] == "steps")
    pairs = facts.force.pairs[item["variable"]]
    for step in item["steps"]:
        assert set(step["curve"]["t_ms"]) == {"left", "right"}
        assert step["side"] == ("right" if step["value"] >= 0 else "left")
        assert np.abs(pairs.value - step["value"]).min() < 0.01


def test_without_the_camera_the_force_still_shows_its_steps(run):
    facts, _ = run
    blind = type(facts)(facts.force, None, speed_m_s=3.0)
    evidence = judge_all(blind)["heavy_rearfoot_strike"].to_json()["evidence"]
    assert len(steps_of(evidence)) == 3
    assert not any(item["kind"] == "picture" for item in evidence)
    json.dumps(evidence)
