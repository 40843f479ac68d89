"""Each shipped scenario, by its own truth: the injected mistake is found, no other is."""

import pytest

from station.scorecard.registry import judge_all
from station.sim.runner.scenario import load_scenario, scenario_names
from tests.scorecard.scenario_facts import scenario_facts


@pytest.mark.parametrize("name", scenario_names())
def test_the_injected_mistake_is_found_and_no_other(name):
    facts, expected = scenario_facts(name), load_scenario(name).mistakes
    verdicts = {mistake: verdict.verdict for mistake, verdict in judge_all(facts).items()}
    assert all(verdicts[mistake] in ("present", "likely") for mistake in expected), verdicts
    others = {word for mistake, word in verdicts.items() if mistake not in expected}
    assert others <= {"not_seen", "unlikely"}, verdicts


@pytest.mark.parametrize("name", scenario_names())
def test_angles_agree_with_the_scenario(name):
    facts, scenario = scenario_facts(name), load_scenario(name)
    values = {key: measure.value for key, measure in facts.posture.measures.items()}
    neck = facts.posture.series["neck_relative_deg"].value - facts.posture.standing["neck_relative_deg"]
    assert facts.posture.camera_side == "right"
    assert neck[:10].mean() == pytest.approx(scenario.stage_neck_deg(0), abs=3.0)
    assert neck[-10:].mean() == pytest.approx(scenario.stage_neck_deg(scenario.stages - 1), abs=3.0)
    assert values["elbow_angle_deg"] == pytest.approx(scenario.elbow_deg, abs=6.0)
    assert values["shoulder_rotation_deg"] == pytest.approx(scenario.shoulder_rotation_deg, abs=2.0, rel=0.12)
    assert values["forearm_across_deg"] == pytest.approx(scenario.forearm_across_deg, abs=10.0)
    angle = facts.posture.foot_strike_angle_deg["right"]
    assert angle.value == pytest.approx(scenario.strike_angle_deg, abs=2.5)
