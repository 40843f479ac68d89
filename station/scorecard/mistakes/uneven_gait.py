"""Uneven gait: left against right, by the force.

|Asymmetry| is compared with the normal band of healthy runners, never with zero, and one variable alone is never
a verdict: two must point to the same loaded side. Norms behind the breakpoints: Girard 2019 and 2024, Mtibaa 2023
(symmetry angles of healthy runners); the breakpoints themselves are engineering choices (green up to about mean + 1 SD,
watch at about mean + 2 SD).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from station.gait.results import ForceResult
from station.scorecard.confidence import Confidence, Grade
from station.scorecard.criterion import JUST_BELOW_WATCH, WATCH, Criterion, combine
from station.scorecard.draws import robust_draws, with_measurement_error
from station.scorecard.evidence import Evidence, force_curves
from station.scorecard.facts import Facts
from station.scorecard.gates import LEAST_STRIDE_PAIRS, many_outliers, no_force, not_running, old_grid, too_short
from station.scorecard.mistake import Mistake
from station.scorecard.quality_gates import STEADY_FORCE, failed
from station.scorecard.step_evidence import pair_evidence
from station.scorecard.verdict import Headline, Verdict
from station.words import N_

TITLE = N_("Uneven gait")
TRY = N_(
    "Listen: let the left and the right landing sound the same; a metronome at your own cadence helps. "
    "Check your shoes. If it stays like this for several visits, or hurts, ask a physio."
)
EVEN = N_("Left and right are as even as in most healthy runners.")
EVEN_TIMES = N_("The times of left and right are as even as in most healthy runners.")
MEASURED: dict[Grade, str] = {
    "high": N_("Judged by the times of both feet alone: these are measured well."),
    "medium": N_(
        "The times of both feet are measured well, their forces less so: they hang on each load cell's scale."
    ),
}
"""The lowest of the parts: times high, forces medium (biomechanics spec 3)."""
MATTERS = N_(
    "All runners are a little uneven. In 836 runners followed for six months, the uneven ones were hurt no more often."
)


TIMES_ONLY = N_("Left and right were compared by their times alone.")
GATES = (*STEADY_FORCE, "calibration_age", "steady_speed")
LARGER = {
    (True, True): N_("{number}: larger on right"),
    (True, False): N_("{number}: larger on left"),
    (False, True): N_("{number}: larger on B"),
    (False, False): N_("{number}: larger on A"),
}
"""By whether the sides are known, and whether the value is the right's."""


@dataclass(frozen=True)
class Variable:
    """One asymmetry and how it counts."""

    name: str  # in the runner's words
    criterion: Criterion
    of_time: bool = False  # told from the contacts alone, whatever a cell's gain


VARIABLES = {
    "step_time_pct": Variable(N_("step time"), Criterion((3, 5.5, 8, 12), weight=0.25, offset_sd=0.3), of_time=True),
    "contact_time_pct": Variable(
        N_("contact time"), Criterion((4, 7, 10, 15), weight=0.25, offset_sd=0.7), of_time=True
    ),
    "impulse_pct": Variable(N_("impulse"), Criterion((7, 12, 16, 24), weight=0.20, offset_sd=1.5)),
    "peak_force_pct": Variable(N_("peak force"), Criterion((8, 14, 19, 27), weight=0.15, offset_sd=2.0)),
    "flight_time_pct": Variable(
        N_("flight time"), Criterion((8, 13, 19, 30), weight=0.10, offset_sd=1.5), of_time=True
    ),
    "loading_rate_pct": Variable(N_("loading rate"), Criterion((25, 40, 55, 85), weight=0.05, offset_sd=8.0)),
}


def judge(facts: Facts, rng: np.random.Generator) -> Verdict:
    """Verdict from the asymmetries of the stride pairs."""
    force, of = facts.force, facts.stride_pairs
    if force is None:
        return Verdict.not_measured(TITLE, [no_force(facts)], of=of)
    comparable = _comparable(facts)
    counted = [key for key in comparable if _enough_pairs(force, key)]
    severities = _severities(force, counted or comparable)
    shown = {"headline": _headline(force, severities), "evidence": _evidence(facts, severities)}
    judged = max((len(series.value) for series in force.pairs.values()), default=0)
    if reason := no_force(facts) or not_running(facts) or too_short(judged, of):
        return Verdict.not_measured(TITLE, [reason], judged=judged, of=of, **shown)
    draws = _true_asymmetries(force, counted, rng)
    severity = _severity(draws)
    if severity is None:
        reason = N_("Too few of the left/right differences could be measured.")
        return Verdict.not_measured(TITLE, [reason], judged=judged, of=of, **shown)
    pairs = [force.pairs[key] for key in draws]
    by_times = old_grid(facts) is not None
    notes = (
        _single(severities, _agreeing(draws)),
        _sides(force),
        _forces_only(severities),
        TIMES_ONLY if by_times else None,
        many_outliers(pairs),
    )
    return Verdict.of_draws(
        TITLE,
        severity,
        judged=judged,
        of=of,
        cues=(TRY, EVEN_TIMES if by_times else EVEN),
        reasons=[*(note for note in notes if note), *failed(facts, GATES)],
        confidence=_confidence(draws),
        clear=_severity(_clear(draws)),
        **shown,
    )


def _comparable(facts: Facts) -> list[str]:
    """Asymmetries that were measured and may be spoken of: no other is shown either."""
    force, times_only = facts.force, old_grid(facts) is not None
    return [
        key
        for key, variable in VARIABLES.items()
        if key in force.asymmetry
        and force.asymmetry[key].measured
        and (variable.of_time or not times_only)
        and (key != "loading_rate_pct" or _absolute(force))
    ]


def _enough_pairs(force: ForceResult, key: str) -> bool:
    """A variable needs as many stride pairs of its own as a verdict."""
    return key in force.pairs and np.isfinite(force.pairs[key].value).sum() >= LEAST_STRIDE_PAIRS


def _true_asymmetries(force: ForceResult, keys: Collection[str], rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Signed draws of each of these asymmetries."""
    draws = {}
    for key in keys:
        measured = with_measurement_error(robust_draws(force.pairs[key], rng), force.asymmetry[key], rng)
        draws[key] = VARIABLES[key].criterion.with_systematic_error(measured, rng)
    return draws


def _severity(draws: Mapping[str, np.ndarray]) -> np.ndarray | None:
    """Severity of each draw, below the watch point where no two variables agree; None where too few are measured."""
    severity = combine(
        [
            (variable.criterion, variable.criterion.severity(np.abs(draws[key])) if key in draws else None)
            for key, variable in VARIABLES.items()
        ]
    )
    return None if severity is None else np.where(_agreeing(draws), severity, np.minimum(severity, JUST_BELOW_WATCH))


def _clear(draws: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The same errors about twice the watch point in every variable."""
    return {key: values - values.mean() + 2 * VARIABLES[key].criterion.watch for key, values in draws.items()}


def _confidence(draws: Mapping[str, np.ndarray]) -> Confidence:
    grade: Grade = "high" if all(VARIABLES[key].of_time for key in draws) else "medium"
    return Confidence(grade, MEASURED[grade], "low", MATTERS)


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


def _single(severities: Mapping[str, float], agreeing: np.ndarray) -> str | None:
    """A lone difference is named, not judged."""
    beyond = [VARIABLES[key].name for key, severity in severities.items() if severity >= WATCH]
    if len(beyond) == 1 and np.mean(agreeing) < 0.5:
        said = N_("Only one number differs ({number}): one alone is common in healthy runners and is not counted.")
        return said.format(number=beyond[0])
    return None


def _sides(force: ForceResult) -> str | None:
    return None if force.sides_known else N_("Left and right could not be named: A is the foot that landed first.")


def _forces_only(severities: Mapping[str, float]) -> str | None:
    """Feet that push unequally without unequal times break Newton's law: then a cell's gain is off, not the runner."""
    times = [severities.get(key, 0.0) for key in ("step_time_pct", "contact_time_pct")]
    if severities.get("impulse_pct", 0.0) >= WATCH and max(times) == 0:
        return N_("Forces differ but times do not: have the calibration of the deck checked.")
    return None


def _severities(force: ForceResult, keys: Collection[str]) -> dict[str, float]:
    """Severity of each of these asymmetries as it stands, without any error."""
    return {key: float(VARIABLES[key].criterion.severity(np.array(abs(force.asymmetry[key].value)))) for key in keys}


def _foremost(severities: Mapping[str, float]) -> str:
    return max(severities, key=lambda key: severities[key])


def _evidence(facts: Facts, severities: Mapping[str, float]) -> tuple[Evidence, ...]:
    """The feet's curves, and the strides that differ most in what stands out most."""
    curves = force_curves(facts.force)
    if not severities:
        return curves
    key = _foremost(severities)
    return (*curves, *pair_evidence(facts, key, VARIABLES[key].name))


def _headline(force: ForceResult, severities: Mapping[str, float]) -> Headline | None:
    """The asymmetry that stands out most."""
    if not severities:
        return None
    key = _foremost(severities)
    measure = force.asymmetry[key]
    sd_pct = VARIABLES[key].criterion.systematic_sd(measure.value)
    if severities[key] == 0:
        text = N_("{number}, right against left").format(number=VARIABLES[key].name)
        return Headline(text, measure.value, measure.low, measure.high, "%", sd_pct)
    text = LARGER[force.sides_known, measure.value >= 0].format(number=VARIABLES[key].name)
    if measure.value >= 0:
        return Headline(text, measure.value, measure.low, measure.high, "%", sd_pct)
    return Headline(text, -measure.value, -measure.high, -measure.low, "%", sd_pct)


MISTAKE = Mistake("uneven_gait", 2, TITLE, judge)
