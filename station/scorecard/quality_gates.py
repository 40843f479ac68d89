"""What must hold of a run for its numbers to be as sure as usual, gate by gate, each with its reason for the card.

Limits: biomechanics spec, section 7. Where the station does better than the spec asks for (a roll that is measured
and taken out, a dead cell told by what it does not do) the limit is the analysis' own (docs/decisions/0025).
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, Literal

from station.gait.posture_gates import (
    LEAST_BODY_PX,
    LEAST_FPS,
    LEAST_FPS_FOOT,
    LEAST_IN_FRAME,
    MOST_FRAMES_WITH_OTHERS,
    MOST_ROLL_DEG,
)
from station.gait.results import ForceResult
from station.gravity import GRAVITY_M_S2
from station.scorecard.facts import Facts
from station.scorecard.gates import HANDRAIL_SHARE, handrail, not_running, old_grid, too_short
from station.words import N_

Sensor = Literal["force", "camera", "belt", "run"]
Status = Literal["held", "failed", "not_known"]

MOST_AERIAL_NOISE_BW = 0.02
MOST_MISSED_STEPS = 0.03
MOST_DRIFT_BW_PER_MIN = 0.10
USUAL_WEIGHTS_N = (30 * GRAVITY_M_S2, 180 * GRAVITY_M_S2)
MOST_DROPPED_FRAMES = 0.05
STEADY_FORCE = ("noise", "drift", "missed_steps", "saturation", "weight", "standing_weight")
"""Gates whose failing makes whatever the load cells say less sure."""
STEADY_PICTURE = ("dropped_frames",)
"""... whatever the camera says; where one of its other gates fails, nothing is measured."""
POSTURE_ANGLES = ("neck_relative_deg", "shoulder_rotation_deg", "elbow_angle_deg")


@dataclass(frozen=True)
class Gate:
    """One gate: what it asks for, whether it held, and the reason for the runner where it did not."""

    id: str
    sensor: Sensor
    asks: str
    status: Status
    reason: str | None = None

    def to_json(self) -> dict[str, Any]:
        return {"id": self.id, "sensor": self.sensor, "asks": self.asks, "status": self.status, "reason": self.reason}


@dataclass(frozen=True)
class _Check:
    """`known`: whether the run can tell; `fails`: the reason where the gate does not hold."""

    id: str
    sensor: Sensor
    asks: str
    known: Callable[[Facts], bool]
    fails: Callable[[Facts], str | None]


def quality_gates(facts: Facts) -> tuple[Gate, ...]:
    """Every gate, in the order of the card."""
    return tuple(_gate(check, facts) for check in _CHECKS)


def failed(facts: Facts, ids: Collection[str]) -> tuple[str, ...]:
    """Reasons of those of these gates that did not hold."""
    return tuple(gate.reason for gate in quality_gates(facts) if gate.id in ids and gate.reason)


def _gate(check: _Check, facts: Facts) -> Gate:
    if not check.known(facts):
        return Gate(check.id, check.sensor, check.asks, "not_known")
    reason = check.fails(facts)
    return Gate(check.id, check.sensor, check.asks, "failed" if reason else "held", reason)


def _of_force(facts: Facts, key: str) -> float | None:
    return facts.force.quality.get(key) if facts.force is not None else None


def _of_picture(facts: Facts, key: str) -> float | None:
    return facts.posture.quality.get(key) if facts.posture is not None else None


def _drift_bw(facts: Facts) -> float | None:
    """Drift of the deck's zero in body weights a minute."""
    drift_n = _of_force(facts, "drift_n_per_min")
    if drift_n is None or not facts.force.body_weight_n.measured:
        return None
    return abs(drift_n) / facts.force.body_weight_n.value


def _usual_weight(facts: Facts) -> bool:
    least, most = USUAL_WEIGHTS_N
    return least <= facts.force.body_weight_n.value <= most


def _speed_changed(force: ForceResult) -> bool:
    """Whether the belt's speed changed within what is judged; a change between judged blocks is left out."""
    if force.parts is not None:
        judged = [(block.start_s, block.end_s) for block in force.parts.judged]
    else:
        judged = [(steps[0].contact_s, steps[-1].toe_off_s)] if (steps := force.judged_steps) else []
    return any(start_s < at_s < end_s for start_s, end_s in judged for at_s in force.speed_changes_s)


def _unseen(facts: Facts) -> str | None:
    """Why one of the angles was seen too rarely, where the picture as a whole was good."""
    measures = [facts.posture.measures[key] for key in POSTURE_ANGLES if key in facts.posture.measures]
    return next((measure.reason for measure in measures if not measure.measured), None)


def _above(value: float | None, limit: float, reason: str) -> str | None:
    return reason if value is not None and value > limit else None


def _below(value: float | None, limit: float, reason: str) -> str | None:
    return reason if value is not None and value < limit else None


_NOISE = N_("The deck shook between the steps: the numbers are less sure than usual.")
_MISSED = N_("Some steps were missed by the load cells: the numbers are less sure than usual.")
_DRIFT = N_("The load cells' zero wandered during the run: the forces are less sure than usual.")
_SATURATED = N_("A load cell left its range during the run: the forces are less sure than usual.")
_WEIGHT = N_("The load was outside what the load cells were tested with: the numbers are less sure than usual.")
_HEAVIER = N_("The deck carried more than while you stood still: have the load cells calibrated.")
_DROPPED = N_("The camera lost pictures during the run: the angles are less sure than usual.")
_FEW_PICTURES = N_("The camera takes too few pictures a second.")
_FEW_FOR_FOOT = N_("The camera takes too few pictures a second for the landing foot.")
_OUT_OF_FRAME = N_("The runner is not fully in the picture.")
_OTHERS = N_("Another person is in the picture.")
_SMALL = N_("The runner is too small in the picture: move the camera closer.")
_ROLL = N_("The camera is tilted: have it levelled and calibrated again.")
_SPEED = N_("The belt's speed changed within what is judged: one speed throughout tells more.")

_CHECKS = (
    _Check(
        "cells", "force", N_("all four load cells alive"),
        lambda facts: facts.force is not None,
        lambda facts: None if facts.force.usable else facts.force.reason,
    ),
    _Check(
        "noise", "force", N_("a quiet deck"),
        lambda facts: _of_force(facts, "aerial_noise_bw") is not None,
        lambda facts: _above(_of_force(facts, "aerial_noise_bw"), MOST_AERIAL_NOISE_BW, _NOISE),
    ),
    _Check(
        "drift", "force", N_("a steady zero"),
        lambda facts: _drift_bw(facts) is not None,
        lambda facts: _above(_drift_bw(facts), MOST_DRIFT_BW_PER_MIN, _DRIFT),
    ),
    _Check(
        "missed_steps", "force", N_("no step missed"),
        lambda facts: _of_force(facts, "missed_steps_share") is not None,
        lambda facts: _above(_of_force(facts, "missed_steps_share"), MOST_MISSED_STEPS, _MISSED),
    ),
    _Check(
        "saturation", "force", N_("loads within range"),
        lambda facts: facts.saturations is not None,
        lambda facts: _above(facts.saturations, 0, _SATURATED),
    ),
    _Check(
        "weight", "force", N_("a load that was tested"),
        lambda facts: facts.force is not None and facts.force.body_weight_n.measured,
        lambda facts: None if _usual_weight(facts) else _WEIGHT,
    ),
    _Check(
        "standing_weight", "force", N_("the same weight running as standing"),
        lambda facts: facts.weight_against_standing is not None,
        lambda facts: handrail(facts) or _above(facts.weight_against_standing, HANDRAIL_SHARE, _HEAVIER),
    ),
    _Check(
        "calibration_age", "force", N_("calibrated in the last 90 days"),
        lambda facts: facts.grid_age_days is not None,
        old_grid,
    ),
    _Check(
        "frame_rate", "camera", N_("enough pictures a second"),
        lambda facts: _of_picture(facts, "frame_rate_hz") is not None,
        lambda facts: (
            _below(_of_picture(facts, "frame_rate_hz"), LEAST_FPS, _FEW_PICTURES)
            or _below(_of_picture(facts, "frame_rate_hz"), LEAST_FPS_FOOT, _FEW_FOR_FOOT)
        ),
    ),
    _Check(
        "dropped_frames", "camera", N_("no pictures lost"),
        lambda facts: facts.dropped_share is not None,
        lambda facts: _above(facts.dropped_share, MOST_DROPPED_FRAMES, _DROPPED),
    ),
    _Check(
        "in_frame", "camera", N_("the whole runner in the picture"),
        lambda facts: _of_picture(facts, "in_frame_share") is not None,
        lambda facts: _below(_of_picture(facts, "in_frame_share"), LEAST_IN_FRAME, _OUT_OF_FRAME),
    ),
    _Check(
        "one_person", "camera", N_("nobody else in the picture"),
        lambda facts: _of_picture(facts, "others_share") is not None,
        lambda facts: _above(_of_picture(facts, "others_share"), MOST_FRAMES_WITH_OTHERS, _OTHERS),
    ),
    _Check(
        "body_height", "camera", N_("a runner large enough in the picture"),
        lambda facts: _of_picture(facts, "body_height_px") is not None,
        lambda facts: _below(_of_picture(facts, "body_height_px"), LEAST_BODY_PX, _SMALL),
    ),
    _Check(
        "roll", "camera", N_("an upright camera"),
        lambda facts: _of_picture(facts, "roll_deg") is not None,
        lambda facts: _above(abs(_of_picture(facts, "roll_deg")), MOST_ROLL_DEG, _ROLL),
    ),
    _Check(
        "keypoints", "camera", N_("head, shoulders and arms clearly seen"),
        lambda facts: facts.posture is not None and facts.posture.reason is None,
        _unseen,
    ),
    _Check("running", "run", N_("running"), lambda facts: facts.gait is not None, not_running),
    _Check(
        "strides", "run", N_("30 pairs of strides"),
        lambda facts: facts.gait == "running",
        lambda facts: too_short(facts.judged_pairs),
    ),
    _Check(
        "steady_speed", "belt", N_("one speed in all that is judged"),
        lambda facts: facts.usable_force is not None,
        lambda facts: _SPEED if _speed_changed(facts.usable_force) else None,
    ),
)  # fmt: skip
