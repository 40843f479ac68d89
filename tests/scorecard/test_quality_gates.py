from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station.gait.parts import Mark, RunParts, SteadyBlock
from station.gait.results import Measure
from station.scorecard.facts import Facts
from station.scorecard.gates import too_short
from station.scorecard.quality_gates import Gate, failed, quality_gates
from station.scorecard.registry import judge_all
from tests.scorecard.runs import Run

GOOD_FORCE = {"aerial_noise_bw": 0.005, "drift_n_per_min": 2.0, "missed_steps_share": 0.0}
GOOD_PICTURE = {"frame_rate_hz": 60.0, "body_height_px": 400.0, "in_frame_share": 1.0, "others_share": 0.0}


def facts(force: dict | None = None, picture: dict | None = None, **known: float) -> Facts:
    """A run of which every gate can tell; `force`, `picture`: what is other than good in the qualities."""
    run = Run(seed=3).facts()
    known = {"dropped_share": 0.0, "saturations": 0, "grid_age_days": 10.0, "standing_weight_n": 701.0} | known
    return replace(
        run,
        force=replace(run.force, quality=GOOD_FORCE | (force or {})),
        posture=replace(run.posture, quality=run.posture.quality | GOOD_PICTURE | (picture or {})),
        **known,
    )


def gate(of: Facts, name: str) -> Gate:
    return next(g for g in quality_gates(of) if g.id == name)


def test_a_good_run_holds_every_gate():
    assert {g.status for g in quality_gates(facts())} == {"held"}


@pytest.mark.parametrize(
    ("name", "bad"),
    [
        ("noise", {"force": {"aerial_noise_bw": 0.021}}),
        ("drift", {"force": {"drift_n_per_min": -71.0}}),
        ("missed_steps", {"force": {"missed_steps_share": 0.031}}),
        ("saturation", {"saturations": 1}),
        ("standing_weight", {"standing_weight_n": 720.0}),
        ("standing_weight", {"standing_weight_n": 680.0}),
        ("calibration_age", {"grid_age_days": 91.0}),
        ("frame_rate", {"picture": {"frame_rate_hz": 24.0}}),
        ("frame_rate", {"picture": {"frame_rate_hz": 30.0}}),
        ("dropped_frames", {"dropped_share": 0.06}),
        ("in_frame", {"picture": {"in_frame_share": 0.8}}),
        ("one_person", {"picture": {"others_share": 0.2}}),
        ("body_height", {"picture": {"body_height_px": 100.0}}),
        ("roll", {"picture": {"roll_deg": -6.0}}),
    ],
)
def test_a_gate_that_fails_says_why_and_the_others_hold(name, bad):
    broken = facts(**bad)
    assert gate(broken, name).status == "failed"
    assert gate(broken, name).reason.endswith((".", "?"))
    assert [g.id for g in quality_gates(broken) if g.status != "held"] == [name]
    assert failed(broken, [name]) == (gate(broken, name).reason,)


def test_gates_of_the_run_itself():
    assert gate(Run(strides=20).facts(), "strides").status == "failed"
    assert gate(Run(gait="walking").facts(), "running").status == "failed"
    run = facts()
    assert gate(replace(run, force=replace(run.force, usable=False, reason="dead")), "cells").reason == "dead"
    heavy = replace(run.force, body_weight_n=Measure(2000.0, 1990.0, 2010.0, 80))
    weight = gate(replace(run, force=heavy, standing_weight_n=2000.0), "weight")
    assert weight.status == "failed"
    assert not any(said.isdigit() for said in weight.reason + weight.asks)  # a card on a screen tells no weight
    changed = replace(run.force, speed_changes_s=(20.0,))
    assert gate(replace(run, force=changed), "steady_speed").status == "failed"
    blocks = (SteadyBlock(0.0, 18.0, 3.0, False), SteadyBlock(22.0, 56.0, 3.5, True))
    parted = replace(changed, parts=RunParts((), (Mark("speed_change", 20.0, 20.0),), blocks))
    assert gate(replace(run, force=parted), "steady_speed").status == "held"
    hidden = run.posture.measures | {"neck_relative_deg": Measure.missing("The ear is hidden.")}
    assert gate(replace(run, posture=replace(run.posture, measures=hidden)), "keypoints").reason == "The ear is hidden."


def test_without_sensors_nothing_is_known_and_nothing_breaks():
    assert {g.status for g in quality_gates(Facts(None, None))} == {"not_known"}


def test_failing_gates_are_reasons_on_the_cards_they_touch():
    verdicts = judge_all(facts(force={"drift_n_per_min": 90.0}, dropped_share=0.2))
    for name in ("uneven_gait", "heavy_rearfoot_strike"):
        assert any("zero wandered" in reason for reason in verdicts[name].reasons)
    for name in ("head_forward", "arm_movement", "heavy_rearfoot_strike"):
        assert any("lost pictures" in reason for reason in verdicts[name].reasons)


def test_an_old_calibration_leaves_the_times():
    uneven = {"impulse_pct": 30.0, "peak_force_pct": 40.0, "loading_rate_pct": 90.0}
    run = Run(asymmetry=uneven).facts()
    assert judge_all(run)["uneven_gait"].verdict == "present"
    old = judge_all(replace(run, grid_age_days=200.0))["uneven_gait"]
    assert old.verdict == "not_seen"
    assert "Left and right were compared by their times alone." in old.reasons
    assert old.confidence.measurement == "high"
    timed = Run(asymmetry={"step_time_pct": 9.0, "contact_time_pct": 11.0}).facts()
    assert judge_all(replace(timed, grid_age_days=200.0))["uneven_gait"].verdict == "present"


@settings(max_examples=30)
@given(
    st.fixed_dictionaries({}, optional={key: st.floats(-1e3, 1e3) for key in GOOD_FORCE}),
    st.fixed_dictionaries({}, optional={key: st.floats(0, 1e3) for key in GOOD_PICTURE}),
    st.floats(0, 1) | st.none(),
    st.floats(1, 3000) | st.none(),
)
def test_a_gate_fails_with_a_reason_or_not_at_all(force, picture, dropped_share, standing_weight_n):
    run = facts(force, picture, dropped_share=dropped_share, standing_weight_n=standing_weight_n)
    gates = quality_gates(run)
    assert all((g.status == "failed") == (g.reason is not None) for g in gates)
    assert len({g.id for g in gates}) == len(gates)
    assert np.isin([g.status for g in gates], ["held", "failed", "not_known"]).all()


def test_a_long_run_of_which_little_was_seen_is_not_called_short():
    assert too_short(22) == "Only 22 of the 30 stride pairs a verdict needs: run a little longer."
    assert too_short(22, 84) == "Only 22 of 84 stride pairs could be judged; a verdict needs 30."
    assert too_short(30, 84) is None
