"""Too much arm movement: rotation of the shoulder line, forearm across the body, elbow and arm swing, by the camera.

From a side view rotation and crossing are indicators, not angles, so the severity is capped. Breakpoints, weights and
systematic errors are engineering choices: published ranges are 20-35 degrees of shoulder rotation peak to peak,
rising with speed (Lang 2023; Fisher & Tawa), an elbow of 70-110 degrees, an arm swing of 40-80 degrees.
"""

from collections.abc import Mapping

import numpy as np

from station.gait.posture_drift import drift_draws, early_and_late
from station.gait.posture_frames import ARM_SWING
from station.gait.results import PostureResult
from station.scorecard.confidence import Confidence
from station.scorecard.criterion import ANCHORS, Criterion, combine
from station.scorecard.draws import robust_draws
from station.scorecard.evidence import Evidence
from station.scorecard.facts import Facts
from station.scorecard.gates import handrail, many_outliers, no_posture, not_running, too_short
from station.scorecard.mistake import Mistake
from station.scorecard.quality_gates import STEADY_PICTURE, failed
from station.scorecard.step_evidence import arm_evidence
from station.scorecard.verdict import Headline, Verdict
from station.words import N_

TITLE = N_("Too much arm movement")
CUES = (
    N_(
        "Elbows at about a right angle; drive them straight back and let the hands brush the hips, away from the "
        "middle of the body. Loose fists, heavy shoulders."
    ),
    N_("Arms and shoulders move as in most runners. Some rotation is normal and needed."),
)
CONFIDENCE = Confidence(
    "low",
    N_("An indicator (side view): rotation and crossing hands are told from foreshortening."),
    "low",
    N_("Runners with and without back pain differ in how pelvis and trunk turn together, not in how far."),
)
ROTATION = Criterion((30, 40, 50, 65), weight=0.40, gain_sd=0.30)
ROTATION_CHANGE = Criterion((4, 7, 11, 16), weight=0.20, offset_sd=3.0)
FOREARM = Criterion((35, 45, 55, 65), weight=0.25, offset_sd=10.0)
ELBOW = Criterion((20, 30, 45, 60), weight=0.10, offset_sd=7.0)
SWING = Criterion((0, 10, 20, 35), weight=0.05, offset_sd=8.0)
RIGHT_ANGLE_DEG = 90.0
USUAL_SWING_DEG = (35.0, 90.0)
HALF_USUAL_SWING_DEG = (USUAL_SWING_DEG[1] - USUAL_SWING_DEG[0]) / 2
LEAST_SWING_DEG = 12.0
"""A third of the least usual swing: less than that no free arm moves (engineering choice)."""
CAP_SIDE_VIEW = ANCHORS[2]
SIDE_VIEW = N_("Seen from the side only: an indicator, not an exact angle.")
_HEADLINES = {
    "shoulder_rotation_deg": N_("shoulder rotation"),
    "forearm_across_deg": N_("forearm across the body"),
}
_JUDGED_BY = {"shoulder_rotation_deg": ROTATION, "forearm_across_deg": FOREARM}


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
    draws = _draws(posture, rng)
    severity = _severity(draws, rng)
    if severity is None:
        missing = {posture.measures[key].reason for key in _HEADLINES if not posture.measures[key].measured}
        return Verdict.not_measured(TITLE, sorted(missing), **shown)
    if reason := too_short(judged, of):
        return Verdict.not_measured(TITLE, [reason], **shown)
    outliers = many_outliers([posture.series[key] for key in _HEADLINES if key in posture.series])
    return Verdict.of_draws(
        TITLE,
        severity,
        cues=CUES,
        reasons=[SIDE_VIEW, *filter(None, [outliers]), *failed(facts, STEADY_PICTURE)],
        confidence=CONFIDENCE,
        clear=_severity(_clear(draws), rng),
        **shown,
    )


def _held(posture: PostureResult) -> str | None:
    """An arm that does not swing is held: it says nothing of how its owner runs."""
    swing = posture.series.get(ARM_SWING)
    if swing is None or not len(swing.value) or np.median(swing.value) >= LEAST_SWING_DEG:
        return None
    return N_(
        "The near arm hardly swung: with a hand on the rail, or with something in it, arm movement is not judged."
    )


def _draws(posture: PostureResult, rng: np.random.Generator) -> dict[Criterion, np.ndarray | None]:
    """Draws of what each criterion counts, without systematic error; None where it was not measured."""
    elbow_deg, swing_deg = (_centres(posture, key, rng) for key in ("elbow_angle_deg", ARM_SWING))
    return {
        ROTATION: _centres(posture, "shoulder_rotation_deg", rng),
        ROTATION_CHANGE: _rotation_change(posture, rng),
        FOREARM: _centres(posture, "forearm_across_deg", rng),
        ELBOW: None if elbow_deg is None else elbow_deg - RIGHT_ANGLE_DEG,
        SWING: None if swing_deg is None else swing_deg - np.mean(USUAL_SWING_DEG),
    }


def _clear(draws: Mapping[Criterion, np.ndarray | None]) -> dict[Criterion, np.ndarray | None]:
    """The same random errors about twice the watch point in every variable."""
    at = {criterion: 2 * criterion.watch for criterion in draws} | {SWING: 2 * SWING.watch + HALF_USUAL_SWING_DEG}
    return {
        criterion: None if values is None else values - values.mean() + at[criterion]
        for criterion, values in draws.items()
    }


def _severity(draws: Mapping[Criterion, np.ndarray | None], rng: np.random.Generator) -> np.ndarray | None:
    """Severity of each draw with systematic errors, capped; None where too little was measured."""
    severity = combine(
        [
            (criterion, None if values is None else _counted(criterion, criterion.with_systematic_error(values, rng)))
            for criterion, values in draws.items()
        ]
    )
    return None if severity is None else np.minimum(severity, CAP_SIDE_VIEW)


def _counted(criterion: Criterion, values: np.ndarray) -> np.ndarray:
    """Severity; elbow and swing may be off either way, the swing by half its usual range."""
    if criterion in (ELBOW, SWING):
        values = np.abs(values) - (HALF_USUAL_SWING_DEG if criterion is SWING else 0.0)
    return criterion.severity(values)


def _centres(posture: PostureResult, key: str, rng: np.random.Generator) -> np.ndarray | None:
    series = posture.series.get(key)
    return None if series is None or not len(series.value) else robust_draws(series, rng)


def _rotation_change(posture: PostureResult, rng: np.random.Generator) -> np.ndarray | None:
    """Growth of the rotation over the run, where the run is long enough."""
    series = posture.series.get("shoulder_rotation_deg")
    windows = early_and_late(series) if series is not None else None
    return None if windows is None else drift_draws(*windows, rng, "trimmed_mean")


def _headline(posture: PostureResult) -> Headline | None:
    for key, text in _HEADLINES.items():
        measure = posture.measures[key]
        if measure.measured:
            sd_deg = _JUDGED_BY[key].systematic_sd(measure.value)
            return Headline(text, measure.value, measure.low, measure.high, "°", sd_deg)
    return None


def _off_right_angle(elbow_deg: np.ndarray) -> np.ndarray:
    """Degrees away from a right angle, either way."""
    return np.abs(elbow_deg - RIGHT_ANGLE_DEG)


def _evidence(facts: Facts) -> tuple[Evidence, ...]:
    """Strides that reach far across, else that turn much, else with an elbow far from its right angle."""
    for key, (label, badness) in _SHOWN.items():
        if key in facts.posture.series:
            return arm_evidence(facts, key, label, badness)
    return ()


_SHOWN = {
    "forearm_across_deg": (_HEADLINES["forearm_across_deg"], np.asarray),
    "shoulder_rotation_deg": (_HEADLINES["shoulder_rotation_deg"], np.asarray),
    "elbow_angle_deg": (N_("elbow"), _off_right_angle),
}

MISTAKE = Mistake("arm_movement", 3, TITLE, judge, needs_camera=True)
