"""Whether the runner tired: first part of the run against its last, at one speed, beyond the smallest real change.

A change is called a drift of fatigue only where its interval excludes zero and it is larger than both what this run
can tell apart and the watch point of its variable (biomechanics spec, section 6). Watch points of asymmetries and of
the neck are those of their mistakes; a trunk tires by about 4 degrees (Koblbauer 2014); the others are engineering
choices, about three standard deviations of what steady strides wander between two windows.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from station.gait.change_point import change_point
from station.gait.persistence import dfa_exponent
from station.gait.posture import FOOT_STRIKE
from station.gait.results import ForceResult, Measure, PostureResult, Series
from station.gait.steady_stretch import steady_stretch
from station.gait.stride_values import stride_values
from station.gait.theil_sen import theil_sen
from station.gait.time_bins import time_bins
from station.gait.window_change import WindowChange, window_change
from station.scorecard.facts import Facts
from station.scorecard.mistakes.head_forward import DRIFT
from station.scorecard.mistakes.uneven_gait import VARIABLES as ASYMMETRIES
from station.words import N_

LEAST_RUN_S = 480.0

Status = Literal["drift", "steady", "not_measured"]

STEADY = N_("From the first minutes to the last, no change large enough to matter was seen.")
DRIFTED = N_("This changed from the first minutes to the last, at the same speed:")
ONLY_TODAY = N_("One run tells this only for today.")
BEGAN = N_("It changed at about minute {minute}.")
NO_FORCE = N_("Whether you tired can only be told at one speed, and that takes the load cells.")
NOT_RUNNING = N_("Whether you tired is told from running only.")
TOO_SHORT = N_("Whether you tired takes 8 minutes at one speed; this run had {minutes}.")
UNSEEN = N_("Too few strides at the beginning or at the end were measured to compare them.")


@dataclass(frozen=True)
class Variable:
    """`watch`: the least change that matters, in the value's unit, or in percent of it where `relative`.

    `says`: the sentence of a change. `today`: one run is weak evidence of it (biomechanics spec 6).
    """

    unit: str
    watch: float
    says: str
    decimals: int = 0
    relative: bool = False
    today: bool = False


VARIABLES: Mapping[str, Variable] = {
    "cadence_spm": Variable("1/min", 3.0, N_("Steps a minute: {last} instead of {first}."), relative=True),
    "contact_time_ms": Variable(
        "ms", 5.0, N_("Time on the ground: {last} instead of {first} ms a step."), relative=True, today=True
    ),
    "flight_time_ms": Variable(
        "ms", 15.0, N_("Time in the air: {last} instead of {first} ms a step."), relative=True, today=True
    ),
    "peak_force_bw": Variable(
        "BW", 5.0, N_("Peak force: {last} instead of {first} body weights."), decimals=2, relative=True
    ),
    **{
        key: Variable("%", ASYMMETRIES[key].criterion.watch, said, decimals=1)
        for key, said in (
            ("step_time_pct", N_("Step time, right against left: {last} instead of {first} %.")),
            ("contact_time_pct", N_("Contact time, right against left: {last} instead of {first} %.")),
            ("flight_time_pct", N_("Flight time, right against left: {last} instead of {first} %.")),
            ("peak_force_pct", N_("Peak force, right against left: {last} instead of {first} %.")),
            ("impulse_pct", N_("Impulse, right against left: {last} instead of {first} %.")),
        )
    },
    "neck_relative_deg": Variable("°", DRIFT.watch, N_("Neck against the trunk: {last}° instead of {first}° forward.")),
    "trunk_lean_deg": Variable("°", 4.0, N_("Lean of the trunk: {last}° instead of {first}° forward.")),
    FOOT_STRIKE: Variable("°", 5.0, N_("Foot at landing: {last}° instead of {first}°."), today=True),
}


@dataclass(frozen=True)
class Change:
    """One variable over the steady stretch: its windows, its slope a minute, when it changed, whether it drifted."""

    key: str
    windows: WindowChange
    slope_per_min: Measure
    minute: float | None
    threshold: float

    @property
    def drifted(self) -> bool:
        change = self.windows.change
        excludes_zero = change.low > 0 or change.high < 0
        return excludes_zero and abs(change.value) > max(self.windows.detectable, self.threshold)

    @property
    def sentences(self) -> tuple[str, ...]:
        variable = VARIABLES[self.key]
        first, last = (f"{value:.{variable.decimals}f}" for value in (self.windows.first, self.windows.last))
        said = [variable.says.format(first=first, last=last)]
        said += [BEGAN.format(minute=round(self.minute))] if self.minute is not None else []
        return (*said, ONLY_TODAY) if variable.today else tuple(said)

    def to_json(self) -> dict[str, Any]:
        change, slope = self.windows.change, self.slope_per_min
        return {
            "unit": VARIABLES[self.key].unit,
            "first": round(self.windows.first, 4),
            "last": round(self.windows.last, 4),
            "change": _numbers(change),
            "slope_per_min": _numbers(slope),
            "detectable": round(self.windows.detectable, 4),
            "threshold": round(self.threshold, 4),
            "from_minute": None if self.minute is None else round(self.minute, 1),
            "drift": self.drifted,
            "weak_evidence": VARIABLES[self.key].today,
        }


@dataclass(frozen=True)
class Fatigue:
    """`changes` by VARIABLES, of those that could be compared; `stretch_s`: the steady stretch that was looked at."""

    status: Status
    reason: str | None = None
    changes: tuple[Change, ...] = ()
    stretch_s: tuple[float, float] | None = None

    @property
    def sentences(self) -> tuple[str, ...]:
        """What the card says."""
        if self.status == "not_measured":
            return (self.reason,)
        if self.status == "steady":
            return (STEADY,)
        return (DRIFTED, *(said for change in self.changes if change.drifted for said in change.sentences))

    def to_json(self) -> dict[str, Any]:
        return {
            "status": self.status,
            "reason": self.reason,
            "sentences": list(self.sentences),
            "stretch_s": None if self.stretch_s is None else [round(edge, 1) for edge in self.stretch_s],
            "changes": {change.key: change.to_json() for change in self.changes},
        }


def fatigue(facts: Facts) -> Fatigue:
    """Drift over the longest stretch at one speed, or why there is no answer."""
    force = facts.usable_force
    if force is None:
        return Fatigue("not_measured", NO_FORCE)
    stretch_s = steady_stretch(force)
    if force.gait != "running" or stretch_s is None:
        return Fatigue("not_measured", NOT_RUNNING)
    length_s = stretch_s[1] - stretch_s[0]
    if length_s < LEAST_RUN_S:
        return Fatigue("not_measured", TOO_SHORT.format(minutes=f"{length_s / 60:.1f}"), stretch_s=stretch_s)
    rng = np.random.default_rng([facts.seed % 2**32, 60])
    series = _series(force, facts.posture)
    found = [_change(key, _within(series[key], stretch_s), rng) for key in VARIABLES if key in series]
    changes = tuple(change for change in found if change is not None)
    if not changes:
        return Fatigue("not_measured", UNSEEN, stretch_s=stretch_s)
    status = "drift" if any(change.drifted for change in changes) else "steady"
    return Fatigue(status, None, changes, stretch_s)


def _series(force: ForceResult, posture: PostureResult | None) -> dict[str, Series]:
    """One value a stride of everything that both sensors followed."""
    seen = posture.series if posture is not None else {}
    return stride_values(force.steps) | dict(force.pairs) | dict(seen)


def _within(series: Series, stretch_s: tuple[float, float]) -> Series:
    """The finite values inside the stretch, seconds counted from its beginning."""
    kept = (series.t_s >= stretch_s[0]) & (series.t_s <= stretch_s[1]) & np.isfinite(series.value)
    return Series(series.t_s[kept] - stretch_s[0], series.value[kept])


def _change(key: str, series: Series, rng: np.random.Generator) -> Change | None:
    windows = window_change(series, rng)
    if windows is None:
        return None
    variable = VARIABLES[key]
    threshold = variable.watch / 100 * abs(windows.first) if variable.relative else variable.watch
    t_s, means = time_bins(series)
    changed_s = change_point(t_s, means)
    return Change(
        key=key,
        windows=windows,
        slope_per_min=theil_sen(t_s / 60, means, dfa_exponent(series.value)),
        minute=None if changed_s is None else changed_s / 60,
        threshold=threshold,
    )


def _numbers(measure: Measure) -> dict[str, Any]:
    numbers = {"value": measure.value, "low": measure.low, "high": measure.high}
    shown = {name: None if value is None else round(value, 4) for name, value in numbers.items()} | {"n": measure.n}
    return shown if measure.measured else shown | {"reason": measure.reason}
