"""Head forward: the neck against the trunk, by the camera.

The runner's own drift counts most, because the absolute angle carries 4-6 degrees of systematic error (keypoint
model, clothes, hair) that is largely constant within a run. No published norm for the ear-shoulder line in running
exists: all breakpoints are engineering choices, and C7 is no keypoint, so this is not the craniovertebral angle.
"""

from dataclasses import dataclass

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
DRIFT = Criterion((3, 5, 8, 12), weight=0.7, offset_sd=1.5)
AGAINST_STANDING = Criterion((8, 14, 20, 28), weight=0.3, offset_sd=3.0)
FROM_VERTICAL = Criterion((20, 28, 35, 45), weight=0.3, offset_sd=6.0)
CAP_WITHOUT_REFERENCE = ANCHORS[2]


@dataclass(frozen=True)
class _Part:
    """One measured value: its draws without systematic error, and what it is called on the card."""

    criterion: Criterion
    value: float
    draws: np.ndarray
    text: str

    def headline(self) -> Headline:
        return Headline(self.text, self.value, *interval(self.draws), "°")


def judge(facts: Facts, rng: np.random.Generator) -> Verdict:
    """Verdict from the drift over the run, and from the angle in its last part."""
    of = facts.stride_pairs
    if reason := not_running(facts) or no_posture(facts) or missing_angle(facts.posture, "neck_relative_deg"):
        return Verdict.not_measured(TITLE, [reason], of=of)
    posture = facts.posture
    judged = len(posture.series["neck_relative_deg"].value)
    parts = [part for part in (_drift(posture, rng), _absolute(posture, rng)) if part is not None]
    shown = {
        "headline": parts[0].headline(),
        "evidence": neck_picture(facts, posture.series["neck_relative_deg"]),
        "judged": judged,
        "of": max(of, judged),
    }
    if reason := too_short(judged):
        return Verdict.not_measured(TITLE, [reason], **shown)
    severity = combine(
        [
            (part.criterion, part.criterion.severity(part.criterion.with_systematic_error(part.draws, rng)))
            for part in parts
        ]
    )
    reasons = []
    if parts[0].criterion is FROM_VERTICAL:
        severity = np.minimum(severity, CAP_WITHOUT_REFERENCE)
        reasons = ["No picture of you standing and no long run to compare with: this is an indication only."]
    return Verdict.of_draws(TITLE, severity, cues=CUES, reasons=reasons, **shown)


def _drift(posture: PostureResult, rng: np.random.Generator) -> _Part | None:
    """Last stretch against the runner's own second minute, where the run is long enough."""
    windows = early_and_late(posture.series["neck_relative_deg"])
    if windows is None:
        return None
    early, end = windows
    value = float(end.mean() - np.median(early))
    return _Part(DRIFT, value, drift_draws(early, end, rng), "neck, change over the run")


def _absolute(posture: PostureResult, rng: np.random.Generator) -> _Part:
    """The last stretch against standing still, else against the vertical."""
    standing_deg = posture.standing.get("neck_relative_deg")
    if standing_deg is not None:
        angle = late(posture.series["neck_relative_deg"]) - standing_deg
        return _Part(
            AGAINST_STANDING, float(angle.mean()), block_bootstrap_means(angle, rng), "neck, compared with standing"
        )
    angle = late(posture.series["neck_inclination_deg"])
    return _Part(FROM_VERTICAL, float(angle.mean()), block_bootstrap_means(angle, rng), "neck from vertical")


MISTAKE = Mistake("head_forward", 1, TITLE, judge)
