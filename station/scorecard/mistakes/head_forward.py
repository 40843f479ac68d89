"""Head forward: the neck against the trunk, by the camera.

The runner's own drift counts most, because the absolute angle carries 4-6 degrees of systematic error (keypoint
model, clothes, hair) that is largely constant within a run. No published norm for the ear-shoulder line in running
exists: all breakpoints are engineering choices, and C7 is no keypoint, so this is not the craniovertebral angle.
Which value is the main one depends on what the runner can be compared with: docs/decisions/0010.
"""

from dataclasses import dataclass, replace

import numpy as np

from station.gait.bootstrap import block_bootstrap_means, interval
from station.gait.posture_drift import drift_draws, early_and_late, late
from station.gait.results import PostureResult
from station.scorecard.facts import Facts
from station.scorecard.gates import missing_angle, no_posture, not_running, too_short
from station.scorecard.mistake import Mistake
from station.scorecard.pictures import neck_picture
from station.scorecard.verdict import ANCHORS, Criterion, Headline, Verdict, combine

TITLE = "Head forward"
CUES = (
    "Look at the far end of the room and draw the chin back gently, as if making the neck long. Shoulders low. "
    "A screen below eye level pulls the head forward: raise it.",
    "Your head sits well over your shoulders.",
)
DRIFT = Criterion((3, 5, 8, 12), weight=0.7, offset_sd=1.5, gain_sd=0.10)
"""The gain: what the neck's labels and the perspective do to a change of its angle (docs/decisions/0018)."""
STANDING = Criterion((8, 14, 20, 28), offset_sd=3.0)
STANDING_BESIDE_DRIFT = replace(STANDING, weight=0.3)
FROM_VERTICAL = Criterion((20, 28, 35, 45), offset_sd=6.0)
CAP_WITHOUT_REFERENCE = ANCHORS[2]


@dataclass(frozen=True)
class _Angle:
    """One measured value: its draws without systematic error, and what it is called on the card."""

    value: float
    draws: np.ndarray
    text: str

    def headline(self) -> Headline:
        return Headline(self.text, self.value, *interval(self.draws), "°")


def judge(facts: Facts, rng: np.random.Generator) -> Verdict:
    """Verdict from the drift over the run and the angle in its last part, as far as there is a reference for them."""
    of = facts.stride_pairs
    if reason := not_running(facts) or no_posture(facts) or missing_angle(facts.posture, "neck_relative_deg"):
        return Verdict.not_measured(TITLE, [reason], of=of)
    posture = facts.posture
    judged = len(posture.series["neck_relative_deg"].value)
    counted = _counted(posture, rng)
    main_criterion, main_angle = counted[0]
    shown = {
        "headline": main_angle.headline(),
        "evidence": neck_picture(facts, posture.series["neck_relative_deg"]),
        "judged": judged,
        "of": max(of, judged),
    }
    if reason := too_short(judged):
        return Verdict.not_measured(TITLE, [reason], **shown)
    severity = combine([(criterion, _severity(criterion, angle, rng)) for criterion, angle in counted])
    reasons = []
    if main_criterion is FROM_VERTICAL:
        severity = np.minimum(severity, CAP_WITHOUT_REFERENCE)
        reasons = ["No picture of you standing and no long run to compare with: this is an indication only."]
    return Verdict.of_draws(TITLE, severity, cues=CUES, reasons=reasons, **shown)


def _counted(posture: PostureResult, rng: np.random.Generator) -> list[tuple[Criterion, _Angle | None]]:
    """What counts, the main value first (it is always there); None for a value beside it that was not measured."""
    drift, standing = _drift(posture, rng), _against_standing(posture, rng)
    if drift is not None:
        return [(DRIFT, drift), (STANDING_BESIDE_DRIFT, standing)]
    if standing is not None:
        return [(STANDING, standing)]
    return [(FROM_VERTICAL, _from_vertical(posture, rng))]


def _severity(criterion: Criterion, angle: _Angle | None, rng: np.random.Generator) -> np.ndarray | None:
    return None if angle is None else criterion.severity(criterion.with_systematic_error(angle.draws, rng))


def _drift(posture: PostureResult, rng: np.random.Generator) -> _Angle | None:
    """Last stretch against the runner's own second minute, where the run is long enough."""
    windows = early_and_late(posture.series["neck_relative_deg"])
    if windows is None:
        return None
    early, end = windows
    return _Angle(float(end.mean() - np.median(early)), drift_draws(early, end, rng), "neck, change over the run")


def _against_standing(posture: PostureResult, rng: np.random.Generator) -> _Angle | None:
    """Last stretch against the runner standing still, where that was seen."""
    standing_deg = posture.standing.get("neck_relative_deg")
    if standing_deg is None:
        return None
    return _late_angle(late(posture.series["neck_relative_deg"]) - standing_deg, "neck, compared with standing", rng)


def _from_vertical(posture: PostureResult, rng: np.random.Generator) -> _Angle:
    """Last stretch on its own."""
    return _late_angle(late(posture.series["neck_inclination_deg"]), "neck from vertical", rng)


def _late_angle(angle_deg: np.ndarray, text: str, rng: np.random.Generator) -> _Angle:
    return _Angle(float(angle_deg.mean()), block_bootstrap_means(angle_deg, rng), text)


MISTAKE = Mistake("head_forward", 1, TITLE, judge, needs_camera=True)
