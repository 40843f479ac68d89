"""Uneven gait: left against right, by the force.

|Asymmetry| is compared with the normal band of healthy runners, never with zero, and one variable alone is never
a verdict: two must point to the same loaded side. Norms behind the breakpoints: Girard 2019 and 2024, Mtibaa 2023
(symmetry angles of healthy runners); the breakpoints themselves are engineering choices (green up to about mean + 1 SD,
watch at about mean + 2 SD).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from station.gait.bootstrap import block_bootstrap_means
from station.gait.results import ForceResult
from station.scorecard.evidence import force_curves
from station.scorecard.facts import Facts
from station.scorecard.gates import handrail, no_force, not_running, too_short, unsteady_force
from station.scorecard.mistake import Mistake
from station.scorecard.verdict import JUST_BELOW_WATCH, WATCH, Criterion, Headline, Verdict, combine, normal_draws

TITLE = "Uneven gait"
CUES = (
    "Listen: let the left and the right landing sound the same; a metronome at your own cadence helps. "
    "Check your shoes. If it stays like this for several visits, or hurts, ask a physio.",
    "Left and right are as even as in most healthy runners.",
)


@dataclass(frozen=True)
class Variable:
    """One asymmetry and how it counts."""

    name: str  # in the runner's words
    criterion: Criterion


VARIABLES = {
    "step_time_pct": Variable("step time", Criterion((3, 5.5, 8, 12), weight=0.25, offset_sd=0.3)),
    "contact_time_pct": Variable("contact time", Criterion((4, 7, 10, 15), weight=0.25, offset_sd=0.7)),
    "impulse_pct": Variable("impulse", Criterion((7, 12, 16, 24), weight=0.20, offset_sd=1.5)),
    "peak_force_pct": Variable("peak force", Criterion((8, 14, 19, 27), weight=0.15, offset_sd=2.0)),
    "flight_time_pct": Variable("flight time", Criterion((8, 13, 19, 30), weight=0.10, offset_sd=1.5)),
    "loading_rate_pct": Variable("loading rate", Criterion((25, 40, 55, 85), weight=0.05, offset_sd=8.0)),
}


def judge(facts: Facts, rng: np.random.Generator) -> Verdict:
    """Verdict from the asymmetries of the stride pairs."""
    force, of = facts.force, facts.stride_pairs
    if force is None:
        return Verdict.not_measured(TITLE, [no_force(facts)], of=of)
    headline = _headline(force)
    shown = {"headline": headline, "evidence": force_curves(force)}
    judged = max((len(series.value) for series in force.pairs.values()), default=0)
    if reason := no_force(facts) or not_running(facts) or too_short(judged):
        return Verdict.not_measured(TITLE, [reason], judged=judged, of=of, **shown)
    draws = _true_asymmetries(force, rng)
    severity = combine(
        [
            (variable.criterion, variable.criterion.severity(np.abs(draws[key])) if key in draws else None)
            for key, variable in VARIABLES.items()
        ]
    )
    if severity is None:
        return Verdict.not_measured(TITLE, ["Too few of the left/right differences could be measured."], of=of, **shown)
    agreeing = _agreeing(draws)
    severity = np.where(agreeing, severity, np.minimum(severity, JUST_BELOW_WATCH))
    notes = (_single(force, agreeing), _sides(force), _forces_only(force), handrail(facts), unsteady_force(facts))
    reasons = [note for note in notes if note]
    return Verdict.of_draws(TITLE, severity, judged=judged, of=of, cues=CUES, reasons=reasons, **shown)


def _true_asymmetries(force: ForceResult, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Signed draws of each asymmetry that was measured: by its stride pairs, else by its interval."""
    draws = {}
    for key, variable in VARIABLES.items():
        measure = force.asymmetry.get(key)
        if measure is None or not measure.measured or (key == "loading_rate_pct" and not _absolute(force)):
            continue
        pairs = force.pairs.get(key)
        measured = (
            block_bootstrap_means(pairs.value[np.isfinite(pairs.value)], rng)
            if pairs is not None and np.isfinite(pairs.value).sum() > 1
            else normal_draws(measure, rng)
        )
        draws[key] = variable.criterion.with_systematic_error(measured, rng)
    return draws


def _absolute(force: ForceResult) -> bool:
    return all(foot.loading_rate_status == "absolute" for foot in force.feet.values())


def _agreeing(draws: Mapping[str, np.ndarray]) -> np.ndarray:
    """(draws,) bool: two variables or more at the watch point, loading the same side.

    The leg that is loaded more stands longer, pushes harder and more, and the step and the flight that follow it are
    longer, so in every variable the larger side is the loaded one. A longer contact in even steps takes its time from
    the flight after it: there the flight points the other way, and does not make one difference count as two.
    """
    if not draws:
        return np.zeros(0, bool)
    loads = np.array(
        [
            np.sign(values) * (VARIABLES[key].criterion.severity(np.abs(values)) >= WATCH)
            for key, values in draws.items()
        ]
    )
    return ((loads > 0).sum(axis=0) >= 2) | ((loads < 0).sum(axis=0) >= 2)


def _single(force: ForceResult, agreeing: np.ndarray) -> str | None:
    """A lone difference is named, not judged."""
    beyond = [VARIABLES[key].name for key, severity in _severities(force).items() if severity >= WATCH]
    if len(beyond) == 1 and np.mean(agreeing) < 0.5:
        return f"Only one number differs ({beyond[0]}): one alone is common in healthy runners and is not counted."
    return None


def _sides(force: ForceResult) -> str | None:
    return None if force.sides_known else "Left and right could not be named: A is the foot that landed first."


def _forces_only(force: ForceResult) -> str | None:
    """Feet that push unequally without unequal times break Newton's law: then a cell's gain is off, not the runner."""
    severity = _severities(force)
    times = [severity.get(key, 0.0) for key in ("step_time_pct", "contact_time_pct")]
    if severity.get("impulse_pct", 0.0) >= WATCH and max(times) == 0:
        return "Forces differ but times do not: have the calibration of the deck checked."
    return None


def _severities(force: ForceResult) -> dict[str, float]:
    """Severity of each measured asymmetry as it stands, without any error."""
    return {
        key: float(variable.criterion.severity(np.array(abs(force.asymmetry[key].value))))
        for key, variable in VARIABLES.items()
        if key in force.asymmetry and force.asymmetry[key].measured
    }


def _headline(force: ForceResult) -> Headline | None:
    """The asymmetry that stands out most."""
    severities = _severities(force)
    if not severities:
        return None
    key = max(severities, key=lambda k: severities[k])
    measure = force.asymmetry[key]
    if severities[key] == 0:
        return Headline(f"{VARIABLES[key].name}, right against left", measure.value, measure.low, measure.high, "%")
    right_larger = measure.value >= 0
    foot = ("right" if right_larger else "left") if force.sides_known else ("B" if right_larger else "A")
    value, low, high = (measure.value, measure.low, measure.high)
    if not right_larger:
        value, low, high = -value, -high, -low
    return Headline(f"{VARIABLES[key].name}: larger on {foot}", value, low, high, "%")


MISTAKE = Mistake("uneven_gait", 2, TITLE, judge)
