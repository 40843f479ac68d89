"""Two visits of one runner, number by number: changed, not to be told apart from chance, or not comparable.

A difference counts as a change beyond the minimal detectable change, MDC95 = 1.96 sd of the difference (biomech.md 6):
the two runs' own intervals, the wandering from day to day of both, and what their calibrations do not have in common.
"""

import math
from dataclasses import dataclass
from typing import Literal

from station.gait.measurement_error import HALF_WIDTH_SD
from station.gait.results import Measure
from station.scorecard.run_summary import VARIABLES, Conditions, RunSummary, Variable
from station.words import N_

SPEED_TOLERANCE = 0.05
"""Relative: beyond, numbers that go with the speed are not compared (biomech.md 5: loading rate rises with it)."""
INCLINE_TOLERANCE_PCT = 0.5
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
    """All numbers, in the order of VARIABLES. `notes`: what should be known about the pair of runs as a whole."""

    then: RunSummary
    now: RunSummary
    changes: tuple[Change, ...]
    notes: tuple[str, ...]


def compare(then: RunSummary, now: RunSummary) -> Comparison:
    """The earlier run against the later one."""
    changes = tuple(_change(variable, then, now) for variable in VARIABLES)
    return Comparison(then, now, changes, tuple(_notes(then.conditions, now.conditions)))


def _change(variable: Variable, then: RunSummary, now: RunSummary) -> Change:
    before, after = then.value(variable), now.value(variable)
    reason = _missing(before, after) or _unlike(variable, then.conditions, now.conditions)
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


def _unlike(variable: Variable, then: Conditions, now: Conditions) -> str | None:
    """Why the two runs cannot be compared in this number; None where they can."""
    checks = {
        "same_station": _other_station,
        "sides": _sides_unknown,
        "absolute": _relative_loading_rate,
        "speed": _other_speed,
        "incline": _other_incline,
        "shoes": _other_shoes,
    }
    found = (check(then, now) for need, check in checks.items() if need in variable.needs)
    return next((reason for reason in found if reason), None)


def _other_station(then: Conditions, now: Conditions) -> str | None:
    if then.station == now.station:
        return None
    return N_("Last time it was another station: forces and angles of two stations are not calibrated alike.")


def _sides_unknown(then: Conditions, now: Conditions) -> str | None:
    if then.sides_known and now.sides_known:
        return None
    return N_("Left and right could not be named in one of the two runs.")


def _relative_loading_rate(then: Conditions, now: Conditions) -> str | None:
    """A relative one is a trend of one calibration only (biomech.md 1.4)."""
    if then.loading_rate == now.loading_rate == "absolute":
        return None
    if then.loading_rate == now.loading_rate and then.force_calibration == now.force_calibration != b"":
        return None
    return N_("The loading rate is only a relative number in one of the two runs.")


def _other_speed(then: Conditions, now: Conditions) -> str | None:
    if then.speed_m_s is None or now.speed_m_s is None:
        return N_("It changes with the speed, and the belt's speed is not known for both runs.")
    if abs(now.speed_m_s / then.speed_m_s - 1) <= SPEED_TOLERANCE:
        return None
    return N_("It changes with the speed: {then} m/s last time, {now} m/s today.").format(
        then=f"{then.speed_m_s:.1f}", now=f"{now.speed_m_s:.1f}"
    )


def _other_incline(then: Conditions, now: Conditions) -> str | None:
    if abs((now.incline_pct or 0.0) - (then.incline_pct or 0.0)) <= INCLINE_TOLERANCE_PCT:
        return None
    return N_("The incline was another: {then} % last time, {now} % today.").format(
        then=f"{then.incline_pct or 0.0:.1f}", now=f"{now.incline_pct or 0.0:.1f}"
    )


def _other_shoes(then: Conditions, now: Conditions) -> str | None:
    if not then.shoes or not now.shoes or _plain(then.shoes) == _plain(now.shoes):
        return None
    return N_("It changes with the shoes, and last time they were others.")


def _plain(shoes: str) -> str:
    return " ".join(shoes.casefold().split())


def _notes(then: Conditions, now: Conditions) -> list[str]:
    """What was not told of one of the runs is taken as equal, and said."""
    notes = []
    if then.speed_m_s is None or now.speed_m_s is None:
        notes.append(
            N_("The belt's speed is not known for both runs: what does not change with the speed is compared.")
        )
    if not then.shoes or not now.shoes:
        notes.append(N_("The shoes are not known for both runs: they are taken to be the same."))
    if (then.incline_pct is None) != (now.incline_pct is None):
        notes.append(N_("The incline is not known for both runs: where it is not, the belt is taken to be level."))
    return notes
