"""Single steps as evidence: each with its number, its value and its force as the cells saw it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from station.gait.blurred_step import blurred_step
from station.gait.results import ForceResult, Series, Side, Step
from station.scorecard.evidence import Curves
from station.scorecard.worst_steps import StepWord, telling, word_of

_SAME_CONTACT_S = 0.02
_SLIPS_SHARE = 0.05
"""Highest values of a variable that does not rank single steps: a slip of the keypoints as like as not."""


@dataclass(frozen=True)
class ShownStep:
    """One step; `curve` None where a cell was silent."""

    n: int
    side: Side | None
    t_s: float  # of its contact
    value: float
    curve: Curves | None


@dataclass(frozen=True)
class ShownSteps:
    """Steps that tell most of one variable, the most telling first; `label` is in the runner's words."""

    variable: str
    label: str
    unit: str
    word: StepWord
    steps: tuple[ShownStep, ...]

    def to_json(self) -> dict[str, Any]:
        return {
            "kind": "steps",
            "variable": self.variable,
            "label": self.label,
            "unit": self.unit,
            "steps": [
                {
                    "n": step.n,
                    "side": step.side,
                    "t_s": round(step.t_s, 3),
                    "value": round(float(step.value), 2),
                    "unit": self.unit,
                    "kind": self.word,
                    "curve": step.curve.to_json() if step.curve else None,
                }
                for step in self.steps
            ],
        }


def chosen_of(variable: str, series: Series, badness: np.ndarray, *, sure: bool = True) -> tuple[list[int], StepWord]:
    """Indexes into the series of what is shown, most telling first, and what they may be called.

    `badness` (n,): higher is worse. `sure` False: this run's values are too poor to rank single steps.
    """
    word = word_of(variable) if sure else "example"
    badness = np.array(badness, float)
    known = badness[np.isfinite(badness)]
    if word == "example" and len(known):
        badness[badness > np.quantile(known, 1 - _SLIPS_SHARE, method="lower")] = np.nan
    return telling(series.t_s, badness), word


def step_at(force: ForceResult | None, t_s: float) -> Step | None:
    """The step that began last before, or just after, an instant."""
    if force is None or not force.steps:
        return None
    contact_s = [step.contact_s for step in force.steps]
    k = int(np.searchsorted(contact_s, t_s + _SAME_CONTACT_S)) - 1
    return force.steps[k] if k >= 0 else None


def shown_step(force: ForceResult, step: Step, value: float, *others: Step) -> ShownStep:
    """The step with its curve; `others`: steps of the other foot to draw beside it."""
    return ShownStep(step.n, step.side, step.contact_s, value, _curves(force, (step, *others)))


def _curves(force: ForceResult, steps: Sequence[Step]) -> Curves | None:
    if force.seen is None or not force.body_weight_n.measured:
        return None
    feet = _feet(force)
    curves = {}
    for step in steps:
        curve = blurred_step(force.seen, step.contact_s, step.toe_off_s, force.body_weight_n.value)
        if curve is not None and step.contact_s in feet:
            curves[feet[step.contact_s]] = curve
    return Curves.of(curves, sides_known=force.sides_known) if curves else None


def _feet(force: ForceResult) -> Mapping[float, Side]:
    """Contact -> foot as in `ForceResult.feet`, which is also told where left and right are not known."""
    of = force.step_series.get("contact_time_ms")
    return {} if of is None else dict(zip(of.t_s.tolist(), of.side.tolist(), strict=True))
