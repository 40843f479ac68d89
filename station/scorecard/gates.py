"""What must hold before a run is judged; each gate answers with a reason in the runner's words, or None."""

from collections.abc import Sequence

from station.gait.posture_gates import NOBODY
from station.gait.results import PostureResult, Series
from station.scorecard.draws import MOST_OUTLIERS, outlier_share
from station.scorecard.facts import Facts
from station.words import N_

LEAST_STRIDE_PAIRS = 30
HANDRAIL_SHARE = 0.02
"""A run's mean force this far under the standing weight means that hands carry weight (biomechanics spec 1.3)."""
OLDEST_GRID_DAYS = 90.0
"""Since the cells' scales were last measured: beyond, one may have moved against another (biomechanics spec 3)."""


def not_running(facts: Facts) -> str | None:
    """Only running is scored; grounded running is running. Where no sensor could tell, its own gate says why."""
    if facts.gait == "walking":
        return N_("This was walking: only running is scored.")
    if facts.gait == "other":
        return N_("No steady running was recognised.")
    return None


def too_short(strides: int, of: int = 0) -> str | None:
    """Verdicts need 30 stride pairs; fewer still give numbers. `of`: those that the run had."""
    if strides >= LEAST_STRIDE_PAIRS:
        return None
    if of >= LEAST_STRIDE_PAIRS:
        few = N_("Only {strides} of {of} stride pairs could be judged; a verdict needs {least}.")
        return few.format(strides=strides, of=of, least=LEAST_STRIDE_PAIRS)
    few = N_("Only {strides} of the {least} stride pairs a verdict needs: run a little longer.")
    return few.format(strides=strides, least=LEAST_STRIDE_PAIRS)


def no_force(facts: Facts) -> str | None:
    """A verdict by the load cells needs data that they could measure something in."""
    if facts.force is None:
        return N_("Needs the load cells, and they gave nothing for this run.")
    return None if facts.force.usable else facts.force.reason


def no_posture(facts: Facts) -> str | None:
    """A verdict by the camera needs a picture that could be measured. A camera that failed followed nobody."""
    if facts.posture is None:
        return facts.camera_trouble or N_("Needs the camera, and there was no picture of this run.")
    return facts.posture.reason if facts.posture.reason != NOBODY else facts.camera_trouble or NOBODY


def missing_angle(posture: PostureResult, key: str) -> str | None:
    """Why one angle was not measured."""
    return posture.measures[key].reason


def many_outliers(series: Sequence[Series]) -> str | None:
    """So many strides unlike their neighbours that what is left says less."""
    share = max((outlier_share(one) for one in series if len(one.value)), default=0.0)
    if share <= MOST_OUTLIERS:
        return None
    said = N_("{percent} % of the strides were left out, as unlike the others: the numbers are less sure than usual.")
    return said.format(percent=round(100 * share))


def old_grid(facts: Facts) -> str | None:
    """Scales of the cells that were measured long ago: one may have moved against another since."""
    if facts.grid_age_days is None or facts.grid_age_days <= OLDEST_GRID_DAYS:
        return None
    said = N_("The load cells were last calibrated {days} days ago: have them calibrated again.")
    return said.format(days=round(facts.grid_age_days))


def handrail(facts: Facts) -> str | None:
    """Weight that the deck misses while running is held by something else."""
    share = facts.weight_against_standing
    if share is None or share > -HANDRAIL_SHARE:
        return None
    return N_("The deck carried less than your weight: were your hands on the rail?")
