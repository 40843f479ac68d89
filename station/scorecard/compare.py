"""Two visits of one runner, number by number: changed, not to be told apart from chance, or not comparable.

A difference counts as a change beyond the minimal detectable change, MDC95 = 1.96 sd of the difference (biomech.md 6):
the two runs' own intervals, the wandering from day to day of both, and what their calibrations do not have in common.
"""

import math
from dataclasses import dataclass
from typing import Literal

from station.gait.measurement_error import HALF_WIDTH_SD
from station.gait.results import Measure
from station.scorecard.comparable import taken_as_equal, unlike, verdicts_unlike
from station.scorecard.run_summary import VARIABLES, Conditions, RunSummary, Variable
from station.words import N_

_MDC_SD = 1.96

Outcome = Literal["changed", "not_distinguishable", "not_comparable"]


@dataclass(frozen=True)
class Change:
    """One number of both visits. `low`..`high`: 80 % interval of the difference, now minus then.

    `detectable`: the smallest difference that is more than chance. All three None where the two are not comparable,
    for `reason`.
    """

    variable: Variable
    then: Measure
    now: Measure
    outcome: Outcome
    difference: float | None = None
    low: float | None = None
    high: float | None = None
    detectable: float | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Comparison:
    """All numbers, in the order of VARIABLES. `notes`: what should be known about the pair of runs as a whole.

    `verdicts_unlike`: why the verdicts of the two cannot be set side by side; None where they can.
    """

    then: RunSummary
    now: RunSummary
    changes: tuple[Change, ...]
    notes: tuple[str, ...]
    verdicts_unlike: str | None


def compare(then: RunSummary, now: RunSummary) -> Comparison:
    """The earlier run against the later one."""
    changes = tuple(_change(variable, then, now) for variable in VARIABLES)
    conditions = (then.conditions, now.conditions)
    return Comparison(then, now, changes, taken_as_equal(*conditions), verdicts_unlike(*conditions))


def _change(variable: Variable, then: RunSummary, now: RunSummary) -> Change:
    before, after = then.value(variable), now.value(variable)
    reason = _missing(before, after) or unlike(variable, then.conditions, now.conditions)
    if reason:
        return Change(variable, before, after, "not_comparable", reason=reason)
    sd = _sd_of_difference(variable, before, after, _same_calibration(variable, then.conditions, now.conditions))
    difference, detectable = after.value - before.value, _MDC_SD * sd
    outcome: Outcome = "changed" if abs(difference) > detectable else "not_distinguishable"
    half = HALF_WIDTH_SD * sd
    return Change(variable, before, after, outcome, difference, difference - half, difference + half, detectable)


def _sd_of_difference(variable: Variable, then: Measure, now: Measure, same_calibration: bool) -> float:
    scale = (abs(then.value) + abs(now.value)) / 2 if variable.relative else 1.0
    shared = 0.0 if same_calibration else variable.systematic_sd
    return math.hypot(_own_sd(then), _own_sd(now), *(2 * [scale * variable.day_sd]), *(2 * [scale * shared]))


def _own_sd(measure: Measure) -> float:
    return (measure.high - measure.low) / 2 / HALF_WIDTH_SD


def _same_calibration(variable: Variable, then: Conditions, now: Conditions) -> bool:
    known = then.calibration(variable.sensor)
    return then.station == now.station and bool(known) and known == now.calibration(variable.sensor)


def _missing(then: Measure, now: Measure) -> str | None:
    if not then.measured and not now.measured:
        return N_("Measured in neither of the two runs.")
    if not then.measured:
        return N_("It was not measured last time.")
    return None if now.measured else N_("It was not measured today.")
