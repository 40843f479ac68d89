"""What a run of this length can answer, in sentences for the card; of fatigue, `Fatigue` itself speaks."""

from station.gait.posture_drift import LEAST_RUN_S as LEAST_DRIFT_S
from station.gait.steady_stretch import steady_stretch
from station.scorecard.facts import Facts
from station.scorecard.gates import LEAST_STRIDE_PAIRS
from station.words import N_

LEAST_HABIT_S = 120.0
"""Two minutes: shorter runs are a snapshot (biomechanics spec 6)."""

TOO_SHORT = N_(
    "This run had {pairs} of the {least} stride pairs that a verdict needs: it gives numbers, and no verdicts. "
    "About half a minute of running is enough."
)
SNAPSHOT = N_("This run was a snapshot of {seconds} s: enough for verdicts on these strides.")
VERDICTS = N_("This run of {minutes} minutes is long enough for verdicts.")
NO_DRIFT = N_("Whether the head moves forward while you run takes two and a half minutes.")


def what_it_answers(facts: Facts) -> tuple[str, ...]:
    """Sentences; none where nobody ran."""
    if facts.gait != "running":
        return ()
    if facts.judged_pairs < LEAST_STRIDE_PAIRS:
        return (TOO_SHORT.format(pairs=facts.judged_pairs, least=LEAST_STRIDE_PAIRS),)
    length_s = _length_s(facts)
    if length_s < LEAST_HABIT_S:
        said = SNAPSHOT.format(seconds=round(length_s))
    else:
        said = VERDICTS.format(minutes=f"{length_s / 60:.1f}")
    drift = () if length_s >= LEAST_DRIFT_S else (NO_DRIFT,)
    return (said, *drift)


def _length_s(facts: Facts) -> float:
    """Of the longest stretch at one speed; by the camera's strides where there are no load cells."""
    stretch_s = steady_stretch(facts.usable_force) if facts.usable_force is not None else None
    if stretch_s is not None:
        return stretch_s[1] - stretch_s[0]
    cadence_spm = facts.posture.cadence_spm if facts.posture is not None else None
    return 120 * facts.judged_pairs / cadence_spm if cadence_spm else 0.0
