"""Two visits of one runner, number by number: changed, not to be told apart from chance, or not comparable.

A difference counts as a change beyond the minimal detectable change (biomech.md 6). Its sd is of the two runs' own
intervals, the wandering from day to day of both, and what their calibrations do not have in common. The 95 % hold for
the page: with m comparable numbers a change lies beyond the normal quantile of 1 - 0.05 / (2 m) (Bonferroni, whatever
the numbers have in common; 1.96 sd for one, 2.94 for fifteen), so of 20 pairs of runs of an unchanged runner at most
one shows any change.
"""

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal

from station.gait.measurement_error import HALF_WIDTH_SD
from station.gait.results import Measure
from station.scorecard.comparable import taken_as_equal, unlike, verdicts_unlike
from station.scorecard.run_summary import VARIABLES, Conditions, RunSummary, Variable
from station.words import N_

FALSE_ALARMS = 0.05
"""Share of the pairs of runs of an unchanged runner that may show a change, in whichever number."""

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
    reasons = [_incomparable(variable, then, now) for variable in VARIABLES]
    detectable_sd = mdc_sd(reasons.count(None))
    changes = tuple(
        _change(variable, then, now, detectable_sd)
        if reason is None
        else Change(variable, then.value(variable), now.value(variable), "not_comparable", reason=reason)
        for variable, reason in zip(VARIABLES, reasons, strict=True)
    )
    conditions = (then.conditions, now.conditions)
    return Comparison(then, now, changes, taken_as_equal(*conditions), verdicts_unlike(*conditions))


def mdc_sd(numbers: int) -> float:
    """Minimal detectable change in sd of the difference, of each of so many numbers that are compared at once."""
    return NormalDist().inv_cdf(1 - FALSE_ALARMS / (2 * max(numbers, 1)))


def _incomparable(variable: Variable, then: RunSummary, now: RunSummary) -> str | None:
    """Why the two runs cannot be compared in this number; None where they can."""
    return _missing(then.value(variable), now.value(variable)) or unlike(variable, then.conditions, now.conditions)


def _change(variable: Variable, then: RunSummary, now: RunSummary, detectable_sd: float) -> Change:
    before, after = then.value(variable), now.value(variable)
    sd = _sd_of_difference(variable, before, after, _same_calibration(variable, then.conditions, now.conditions))
    difference, detectable = after.value - before.value, detectable_sd * sd
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
