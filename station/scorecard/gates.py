"""What must hold before a run is judged; each gate answers with a reason in the runner's words, or None."""

from station.gait.results import PostureResult
from station.scorecard.facts import Facts

LEAST_STRIDE_PAIRS = 30
MOST_MISSED_STEPS = 0.03
MOST_AERIAL_NOISE_BW = 0.02
HANDRAIL_SHARE = 0.02
"""A run's mean force this far under the standing weight means that hands carry weight (biomechanics spec 1.3)."""


def not_running(facts: Facts) -> str | None:
    """Only running is scored; grounded running is running. Where no sensor could tell, its own gate says why."""
    if facts.gait == "walking":
        return "This was walking: only running is scored."
    if facts.gait == "other":
        return "No steady running was recognised."
    return None


def too_short(strides: int) -> str | None:
    """Verdicts need 30 stride pairs; fewer still give numbers."""
    if strides >= LEAST_STRIDE_PAIRS:
        return None
    return f"Only {strides} of the {LEAST_STRIDE_PAIRS} stride pairs a verdict needs: run a little longer."


def no_force(facts: Facts) -> str | None:
    """A verdict by the load cells needs data that they could measure something in."""
    if facts.force is None:
        return "Needs the load cells, and they gave nothing for this run."
    return None if facts.force.usable else facts.force.reason


def no_posture(facts: Facts) -> str | None:
    """A verdict by the camera needs a picture that could be measured."""
    if facts.posture is None:
        return facts.camera_trouble or "Needs the camera, and there was no picture of this run."
    return facts.posture.reason


def missing_angle(posture: PostureResult, key: str) -> str | None:
    """Why one angle was not measured."""
    return posture.measures[key].reason


def unsteady_force(facts: Facts) -> str | None:
    """Signs in the load cells' own record that their numbers are less sure than usual."""
    quality = facts.force.quality if facts.force is not None else {}
    if (quality.get("missed_steps_share") or 0.0) > MOST_MISSED_STEPS:
        return "Some steps were missed by the load cells: the numbers are less sure than usual."
    if (quality.get("aerial_noise_bw") or 0.0) > MOST_AERIAL_NOISE_BW:
        return "The deck shook between the steps: the numbers are less sure than usual."
    return None


def handrail(facts: Facts) -> str | None:
    """Weight that the deck misses while running is held by something else."""
    if facts.force is None or facts.standing_weight_n is None or not facts.force.body_weight_n.measured:
        return None
    if facts.force.body_weight_n.value > (1 - HANDRAIL_SHARE) * facts.standing_weight_n:
        return None
    return "The deck carried less than your weight: were your hands on the rail?"
