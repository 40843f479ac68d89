"""Head forward: the neck against the trunk, by the camera.

The runner's own drift counts most, because the absolute angle carries 4-6 degrees of systematic error (keypoint
model, clothes, hair) that is largely constant within a run. No published norm for the ear-shoulder line in running
exists: all breakpoints are engineering choices, and C7 is no keypoint, so this is not the craniovertebral angle.
Which value is the main one depends on what the runner can be compared with: docs/decisions/0010.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from station.gait.bootstrap import block_bootstrap_means, interval
from station.gait.posture_drift import drift_draws, early_and_late, late
from station.gait.results import PostureResult, Series
from station.gait.robust_centre import trimmed_mean
from station.scorecard.confidence import Confidence, Grade
from station.scorecard.criterion import ANCHORS, Criterion, combine
from station.scorecard.draws import robust
from station.scorecard.facts import Facts
from station.scorecard.gates import many_outliers, missing_angle, no_posture, not_running, too_short
from station.scorecard.mistake import Mistake
from station.scorecard.quality_gates import STEADY_PICTURE, failed
from station.scorecard.step_evidence import neck_evidence
from station.scorecard.verdict import Headline, Verdict
from station.words import N_

TITLE = N_("Head forward")
TRY = N_(
    "Look at the far end of the room and draw the chin back gently, as if making the neck long. Shoulders low. "
    "A screen below eye level pulls the head forward: raise it."
)
MEASURED: dict[Grade, str] = {
    "medium": N_("Compared with yourself earlier in this run: measured to a few degrees."),
    "low": N_("An absolute angle, by what a camera takes for ear and shoulder: only roughly measured."),
}
MATTERS = N_(
    "People with neck pain stand with the head a little further forward; nobody has shown that it matters in running."
)
DRIFT = Criterion((3, 5, 8, 12), weight=0.7, offset_sd=1.5, gain_sd=0.10)
"""The gain: what the neck's labels and the perspective do to a change of its angle (docs/decisions/0018)."""
STANDING = Criterion((8, 14, 20, 28), offset_sd=3.0)
STANDING_BESIDE_DRIFT = replace(STANDING, weight=0.3)
FROM_VERTICAL = Criterion((20, 28, 35, 45), offset_sd=6.0)
NOTHING_SEEN = {
    DRIFT: N_("Your head did not move noticeably further forward during this run."),
    STANDING: N_("You carry your head much as you do when standing."),
    FROM_VERTICAL: N_("Your head sits well over your shoulders."),
}
"""By what the head was compared with: a drift says nothing of where the head is carried all the time."""
CAP_WITHOUT_REFERENCE = ANCHORS[2]
INDICATION = N_("No picture of you standing and no long run to compare with: this is an indication only.")


@dataclass(frozen=True)
class _Angle:
    """One measured value: its draws without systematic error, and what it is called on the card."""

    value: float
    draws: np.ndarray
    text: str

    def at(self, value: float) -> "_Angle":
        """Another value with the same random error."""
        return replace(self, value=value, draws=self.draws - self.draws.mean() + value)

    def headline(self, criterion: Criterion) -> Headline:
        return Headline(self.text, self.value, *interval(self.draws), "°", criterion.systematic_sd(self.value))


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
        "headline": main_angle.headline(main_criterion),
        "evidence": neck_evidence(facts, posture.series["neck_relative_deg"]),
        "judged": judged,
        "of": max(of, judged),
    }
    if reason := too_short(judged, of):
        return Verdict.not_measured(TITLE, [reason], **shown)
    notes = [
        INDICATION if main_criterion is FROM_VERTICAL else None,
        _within_noise(main_angle) if main_criterion is DRIFT else None,
        many_outliers([posture.series["neck_relative_deg"]]),
    ]
    grade: Grade = "medium" if main_criterion is DRIFT else "low"
    return Verdict.of_draws(
        TITLE,
        _severity(counted, rng),
        cues=(TRY, NOTHING_SEEN[main_criterion]),
        reasons=[*filter(None, notes), *failed(facts, STEADY_PICTURE)],
        confidence=Confidence(grade, MEASURED[grade], "low", MATTERS),
        clear=_severity([(criterion, angle and angle.at(2 * criterion.watch)) for criterion, angle in counted], rng),
        **shown,
    )


def _counted(posture: PostureResult, rng: np.random.Generator) -> list[tuple[Criterion, _Angle | None]]:
    """What counts, the main value first (it is always there); None for a value beside it that was not measured."""
    drift, standing = _drift(posture, rng), _against_standing(posture, rng)
    if drift is not None:
        return [(DRIFT, drift), (STANDING_BESIDE_DRIFT, standing)]
    if standing is not None:
        return [(STANDING, standing)]
    return [(FROM_VERTICAL, _from_vertical(posture, rng))]


def _severity(counted: Sequence[tuple[Criterion, _Angle | None]], rng: np.random.Generator) -> np.ndarray:
    """Severity of each draw with systematic errors; capped without anything to compare with."""
    severity = combine(
        [
            (criterion, angle and criterion.severity(criterion.with_systematic_error(angle.draws, rng)))
            for criterion, angle in counted
        ]
    )
    return np.minimum(severity, CAP_WITHOUT_REFERENCE) if counted[0][0] is FROM_VERTICAL else severity


def _within_noise(change: _Angle) -> str | None:
    """A change smaller than what this run can tell apart, 1.96 sd of the difference of its two windows (spec, 2b)."""
    least_deg = max(1.96 * float(change.draws.std()), DRIFT.breakpoints[0])
    if abs(change.value) >= least_deg:
        return None
    return N_("Over this run the neck changed by less than the {least}° that can be told apart.").format(
        least=f"{least_deg:.0f}"
    )


def _drift(posture: PostureResult, rng: np.random.Generator) -> _Angle | None:
    """Last stretch against the runner's own second minute, where the run is long enough."""
    windows = early_and_late(robust(posture.series["neck_relative_deg"]))
    if windows is None:
        return None
    early, end = windows
    return _Angle(
        float(trimmed_mean(end) - np.median(early)),
        drift_draws(early, end, rng, "trimmed_mean"),
        N_("neck, change over the run"),
    )


def _against_standing(posture: PostureResult, rng: np.random.Generator) -> _Angle | None:
    """Last stretch against the runner standing still, where that was seen."""
    standing_deg = posture.standing.get("neck_relative_deg")
    if standing_deg is None:
        return None
    return _late_angle(
        posture.series["neck_relative_deg"], N_("neck, compared with standing"), rng, zero_deg=standing_deg
    )


def _from_vertical(posture: PostureResult, rng: np.random.Generator) -> _Angle:
    """Last stretch on its own."""
    return _late_angle(posture.series["neck_inclination_deg"], N_("neck from vertical"), rng)


def _late_angle(series: Series, text: str, rng: np.random.Generator, zero_deg: float = 0.0) -> _Angle:
    """Trimmed mean of the last stretch, outliers left out."""
    angle_deg = late(robust(series)) - zero_deg
    return _Angle(float(trimmed_mean(angle_deg)), block_bootstrap_means(angle_deg, rng, centre="trimmed_mean"), text)


MISTAKE = Mistake("head_forward", 1, TITLE, judge, needs_camera=True)
