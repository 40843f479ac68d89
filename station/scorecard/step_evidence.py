"""The evidence of each kind of mistake: its most telling steps, a picture of each, its force."""

from collections.abc import Callable, Sequence

import numpy as np

from station.gait.posture import FOOT_STRIKE
from station.gait.results import FootForce, ForceResult, Series, Step
from station.scorecard.evidence import Evidence, Picture
from station.scorecard.facts import Facts
from station.scorecard.pictures import arm_picture, landing_picture, neck_picture, stance_picture
from station.scorecard.shown_steps import ShownStep, ShownSteps, chosen_of, shown_step, step_at
from station.words import N_

_SAME_CONTACT_S = 0.005
LOADING_RATE = "loading_rate_bw_s"


def neck_evidence(facts: Facts, series: Series) -> tuple[Evidence, ...]:
    """Strides with the head far forward."""
    chosen, word = chosen_of("neck_relative_deg", series, series.value)
    pictures = [neck_picture(facts, series, k) for k in chosen]
    steps = _of_pictures(facts, pictures, series.value[chosen])
    return (
        *filter(None, pictures),
        *_steps("neck_relative_deg", N_("neck to trunk, mean of this stride"), "°", word, steps),
    )


def arm_evidence(
    facts: Facts, key: str, label: str, badness: Callable[[np.ndarray], np.ndarray]
) -> tuple[Evidence, ...]:
    """Strides with much movement of the near arm, by the series `key` of the posture."""
    series = facts.posture.series[key]
    chosen, word = chosen_of(key, series, badness(series.value))
    pictures = [arm_picture(facts, series, k) for k in chosen]
    steps = _of_pictures(facts, pictures, series.value[chosen])
    return (*filter(None, pictures), *_steps(key, label, "°", word, steps))


def landing_evidence(facts: Facts, landings: Series | None, feet: Sequence[FootForce]) -> tuple[Evidence, ...]:
    """The hardest landings: of the near foot where the camera saw some (else the steepest angles), else of any."""
    loading = facts.force.step_series.get(LOADING_RATE, Series(np.zeros(0), np.zeros(0)))
    if landings is None or not len(landings.t_s):
        return _hardest(facts.force, loading, feet)[1]
    rates = _at_contacts(loading, landings.t_s)
    if not np.isfinite(rates).any():
        chosen, word = chosen_of(FOOT_STRIKE, landings, landings.value)
        steps = _at(facts.force, landings.t_s[chosen], landings.value[chosen])
        shown = _steps(FOOT_STRIKE, N_("foot at landing"), "°", word, steps)
    else:
        chosen, shown = _hardest(facts.force, Series(landings.t_s, rates), feet)
    pictures = [landing_picture(facts, landings, k) for k in chosen]
    return (*filter(None, pictures), *shown)


def pair_evidence(facts: Facts, key: str, label: str) -> tuple[Evidence, ...]:
    """Stride pairs that differ most in the run's own direction, each by the step of its larger side."""
    force = facts.force
    pairs = force.pairs.get(key)
    if pairs is None or not len(pairs.value):
        return ()
    larger_right = pairs.value.mean() >= 0
    chosen, word = chosen_of(key, pairs, pairs.value if larger_right else -pairs.value)
    steps, pictures = [], []
    for k in chosen:
        pair = _pair_at(force, float(pairs.t_s[k]))
        if pair is not None:
            step, other = pair if _larger_first(pair, bool(pairs.value[k] >= 0)) else pair[::-1]
            steps.append(shown_step(force, step, float(pairs.value[k]), other))
            pictures.append(stance_picture(facts, step))
    return (*_steps(key, label, "%", word, steps), *filter(None, pictures))


def _hardest(force: ForceResult, rates: Series, feet: Sequence[FootForce]) -> tuple[list[int], tuple[ShownSteps, ...]]:
    """Indexes of the steps with the highest loading rates, and the steps."""
    sure = all(foot.loading_rate_status == "absolute" for foot in feet)
    chosen, word = chosen_of(LOADING_RATE, rates, rates.value, sure=sure)
    steps = _at(force, rates.t_s[chosen], rates.value[chosen])
    return chosen, _steps(LOADING_RATE, N_("loading rate"), "BW/s", word, steps)


def _at(force: ForceResult, contact_s: np.ndarray, values: np.ndarray) -> list[ShownStep]:
    """The steps that begin at these instants."""
    steps = [step_at(force, t_s) for t_s in contact_s]
    return [shown_step(force, step, float(v)) for step, v in zip(steps, values, strict=True) if step is not None]


def _steps(variable: str, label: str, unit: str, word: str, steps: Sequence[ShownStep]) -> tuple[ShownSteps, ...]:
    return (ShownSteps(variable, label, unit, word, tuple(steps)),) if steps else ()


def _of_pictures(facts: Facts, pictures: Sequence[Picture | None], values: np.ndarray) -> list[ShownStep]:
    """The steps in the pictures, where the load cells counted them."""
    if facts.force is None:
        return []
    by_number = {step.n: step for step in facts.force.steps}
    return [
        shown_step(facts.force, by_number[picture.step], float(value))
        for picture, value in zip(pictures, values, strict=True)
        if picture is not None and picture.step in by_number
    ]


def _at_contacts(series: Series, contact_s: np.ndarray) -> np.ndarray:
    """(n,) the series' values at these contacts, NaN where it has none."""
    if not len(series.t_s):
        return np.full(len(contact_s), np.nan)
    at = np.clip(np.searchsorted(series.t_s, contact_s - _SAME_CONTACT_S), 0, len(series.t_s) - 1)
    return np.where(np.abs(series.t_s[at] - contact_s) <= _SAME_CONTACT_S, series.value[at], np.nan)


def _pair_at(force: ForceResult, t_s: float) -> tuple[Step, Step] | None:
    """The step that begins a pair, and the next."""
    for step, other in zip(force.steps, force.steps[1:], strict=False):
        if abs(step.contact_s - t_s) <= _SAME_CONTACT_S:
            return step, other
    return None


def _larger_first(pair: tuple[Step, Step], right_larger: bool) -> bool:
    """Whether the pair's first step is its larger side; of unknown sides the first foot counts as left."""
    side = pair[0].side or "left"
    return (side == "right") == right_larger
