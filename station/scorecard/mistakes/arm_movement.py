"""Too much arm movement: rotation of the shoulder line, forearm across the body, elbow and arm swing, by the camera.

From a side view rotation and crossing are indicators, not angles, so the severity is capped. Breakpoints, weights and
systematic errors are engineering choices: published ranges are 20-35 degrees of shoulder rotation peak to peak,
rising with speed (Lang 2023; Fisher & Tawa), an elbow of 70-110 degrees, an arm swing of 40-80 degrees.
"""

import numpy as np

from station.gait.bootstrap import block_bootstrap_means
from station.gait.posture_drift import drift_draws, early_and_late
from station.gait.posture_frames import ARM_SWING
from station.gait.results import PostureResult
from station.scorecard.facts import Facts
from station.scorecard.gates import handrail, no_posture, not_running, too_short
from station.scorecard.mistake import Mistake
from station.scorecard.pictures import arm_picture
from station.scorecard.verdict import ANCHORS, Criterion, Headline, Verdict, combine

TITLE = "Too much arm movement"
CUES = (
    "Elbows at about a right angle; drive them straight back and let the hands brush the hips, away from the middle "
    "of the body. Loose fists, heavy shoulders.",
    "Arms and shoulders move as in most runners. Some rotation is normal and needed.",
)
ROTATION = Criterion((30, 40, 50, 65), weight=0.40, gain_sd=0.30)
ROTATION_CHANGE = Criterion((4, 7, 11, 16), weight=0.20, offset_sd=3.0)
FOREARM = Criterion((35, 45, 55, 65), weight=0.25, offset_sd=10.0)
ELBOW = Criterion((20, 30, 45, 60), weight=0.10, offset_sd=7.0)
SWING = Criterion((0, 10, 20, 35), weight=0.05, offset_sd=8.0)
RIGHT_ANGLE_DEG = 90.0
USUAL_SWING_DEG = (35.0, 90.0)
LEAST_SWING_DEG = 12.0
"""A third of the least usual swing: less than that no free arm moves (engineering choice)."""
CAP_SIDE_VIEW = ANCHORS[2]
SIDE_VIEW = "Seen from the side only: an indicator, not an exact angle."
_HEADLINES = {"shoulder_rotation_deg": "shoulder rotation", "forearm_across_deg": "forearm across the body"}


def judge(facts: Facts, rng: np.random.Generator) -> Verdict:
    """Verdict from all that the near arm and the shoulder line show."""
    of = facts.stride_pairs
    if reason := not_running(facts) or no_posture(facts) or handrail(facts):
        return Verdict.not_measured(TITLE, [reason], of=of)
    posture = facts.posture
    if reason := _held(posture):
        return Verdict.not_measured(TITLE, [reason], of=of)
    judged = max((len(posture.series[key].value) for key in _HEADLINES if key in posture.series), default=0)
    shown = {"headline": _headline(posture), "evidence": _evidence(facts), "judged": judged, "of": max(of, judged)}
    severity = combine(_parts(posture, rng))
    if severity is None:
        missing = {posture.measures[key].reason for key in _HEADLINES if not posture.measures[key].measured}
        return Verdict.not_measured(TITLE, sorted(missing), **shown)
    if reason := too_short(judged):
        return Verdict.not_measured(TITLE, [reason], **shown)
    severity = np.minimum(severity, CAP_SIDE_VIEW)
    return Verdict.of_draws(TITLE, severity, cues=CUES, reasons=[SIDE_VIEW], **shown)


def _held(posture: PostureResult) -> str | None:
    """An arm that does not swing is held: it says nothing of how its owner runs."""
    swing = posture.series.get(ARM_SWING)
    if swing is None or not len(swing.value) or np.median(swing.value) >= LEAST_SWING_DEG:
        return None
    return "The near arm hardly swung: with a hand on the rail, or with something in it, arm movement is not judged."


def _parts(posture: PostureResult, rng: np.random.Generator) -> list[tuple[Criterion, np.ndarray | None]]:
    """Severities of every criterion, None where not measured."""
    draws = (
        (ROTATION, _means(posture, "shoulder_rotation_deg", rng), np.asarray),
        (ROTATION_CHANGE, _rotation_change(posture, rng), np.asarray),
        (FOREARM, _means(posture, "forearm_across_deg", rng), np.asarray),
        (ELBOW, _means(posture, "elbow_angle_deg", rng), _off_right_angle),
        (SWING, _means(posture, ARM_SWING, rng), _beyond_usual_swing),
    )
    return [
        (
            criterion,
            None if values is None else criterion.severity(counted(criterion.with_systematic_error(values, rng))),
        )
        for criterion, values, counted in draws
    ]


def _means(posture: PostureResult, key: str, rng: np.random.Generator) -> np.ndarray | None:
    series = posture.series.get(key)
    return None if series is None or not len(series.value) else block_bootstrap_means(series.value, rng)


def _rotation_change(posture: PostureResult, rng: np.random.Generator) -> np.ndarray | None:
    """Growth of the rotation over the run, where the run is long enough."""
    series = posture.series.get("shoulder_rotation_deg")
    windows = early_and_late(series) if series is not None else None
    return None if windows is None else drift_draws(*windows, rng)


def _off_right_angle(elbow_deg: np.ndarray) -> np.ndarray:
    """Degrees away from a right angle, either way."""
    return np.abs(elbow_deg - RIGHT_ANGLE_DEG)


def _beyond_usual_swing(swing_deg: np.ndarray) -> np.ndarray:
    """Degrees outside the usual range, 0 within."""
    least, most = USUAL_SWING_DEG
    return np.maximum(0.0, np.maximum(least - swing_deg, swing_deg - most))


def _headline(posture: PostureResult) -> Headline | None:
    for key, text in _HEADLINES.items():
        measure = posture.measures[key]
        if measure.measured:
            return Headline(text, measure.value, measure.low, measure.high, "°")
    return None


def _evidence(facts: Facts) -> tuple:
    for key in ("forearm_across_deg", "shoulder_rotation_deg", "elbow_angle_deg"):
        if key in facts.posture.series:
            return arm_picture(facts, facts.posture.series[key])
    return ()


MISTAKE = Mistake("arm_movement", 3, TITLE, judge, needs_camera=True)
