"""The severity that a simulated runner truly has, by the breakpoints of the mistakes and without any draw."""

from collections.abc import Callable

import numpy as np

from station.gait.foot_strike import REARFOOT_DEG
from station.gait.posture import FOOT_STRIKE
from station.gait.posture_drift import early_and_late, late
from station.gait.posture_frames import ARM_SWING
from station.gait.results import Series
from station.scorecard.criterion import JUST_BELOW_WATCH, Criterion
from station.scorecard.mistakes import arm_movement as arms
from station.scorecard.mistakes import head_forward as head
from station.scorecard.mistakes import heavy_rearfoot_strike as heavy
from station.scorecard.mistakes.uneven_gait import VARIABLES
from tests.scorecard.stepped_runs import SteppedRun


def _weighted(parts: list[tuple[Criterion, float]]) -> float:
    total = sum(criterion.weight for criterion, _ in parts)
    return sum(criterion.weight * float(criterion.severity(np.array(value))) for criterion, value in parts) / total


def _of_angle(run: SteppedRun, key: str) -> Series:
    return Series(run.posture.series[key].t_s, run.true_angles[key])


def uneven_gait(run: SteppedRun) -> float:
    values = {key: run.true_asymmetry(key) for key in VARIABLES}
    severity = _weighted([(VARIABLES[key].criterion, abs(value)) for key, value in values.items()])
    beyond = [np.sign(v) for key, v in values.items() if abs(v) >= VARIABLES[key].criterion.watch]
    agree = max(beyond.count(1), beyond.count(-1)) >= 2
    return severity if agree else min(severity, JUST_BELOW_WATCH)


def head_forward(run: SteppedRun) -> float:
    neck = _of_angle(run, "neck_relative_deg")
    against_standing = float(late(neck).mean()) - run.standing_neck_deg
    windows = early_and_late(neck)
    if windows is None:
        return _weighted([(head.STANDING, against_standing)])
    early, end = windows
    return _weighted([(head.DRIFT, float(end.mean() - early.mean())), (head.STANDING_BESIDE_DRIFT, against_standing)])


def arm_movement(run: SteppedRun) -> float:
    means = {key: float(values.mean()) for key, values in run.true_angles.items()}
    least, most = arms.USUAL_SWING_DEG
    parts = [
        (arms.ROTATION, means["shoulder_rotation_deg"]),
        (arms.FOREARM, means["forearm_across_deg"]),
        (arms.ELBOW, abs(means["elbow_angle_deg"] - arms.RIGHT_ANGLE_DEG)),
        (arms.SWING, max(0.0, least - means[ARM_SWING], means[ARM_SWING] - most)),
    ]
    windows = early_and_late(_of_angle(run, "shoulder_rotation_deg"))
    if windows is not None:
        parts.append((arms.ROTATION_CHANGE, float(windows[1].mean() - windows[0].mean())))
    return min(_weighted(parts), arms.CAP_SIDE_VIEW)


def heavy_rearfoot_strike(run: SteppedRun) -> float:
    if np.median(run.true_angles[FOOT_STRIKE]) <= REARFOOT_DEG:
        return 0.0
    near = {name: float(steps[:, 1].mean()) for name, steps in run.true_steps.items()}
    share = near["poi_bw"] / near["peak_force_bw"] if run.impact_visible >= heavy.LEAST_IMPACT_VISIBLE else 0.0
    return _weighted([(heavy.LOADING_RATE, near["loading_rate_bw_s"]), (heavy.IMPACT_SHARE, share)])


TRUE_SEVERITY: dict[str, Callable[[SteppedRun], float]] = {
    "uneven_gait": uneven_gait,
    "head_forward": head_forward,
    "arm_movement": arm_movement,
    "heavy_rearfoot_strike": heavy_rearfoot_strike,
}
