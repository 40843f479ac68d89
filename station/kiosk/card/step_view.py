"""The single steps behind a verdict: what of each is there to be shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from station.kiosk import texts, tolerant
from station.kiosk.card.said_numbers import minutes, with_unit
from station.kiosk.languages import gettext as _
from station.kiosk.translate import translated

_MOST = 12
"""No verdict shows more."""


@dataclass(frozen=True)
class ShownStep:
    """One step, in the order of the report: the most telling first. `picture` and `curve` are evidence, as there is."""

    n: int
    side: str | None
    title: str
    when: str
    label: str
    value: str
    word: str
    picture: Mapping[str, Any] | None
    curve: Mapping[str, Any] | None


@dataclass(frozen=True)
class ShownSteps:
    """All of a verdict; `title` says whether they are the worst, `why` where they are not."""

    title: str
    why: str | None
    steps: tuple[ShownStep, ...]

    def __bool__(self) -> bool:
        return bool(self.steps)

    def step(self, n: int) -> ShownStep | None:
        return next((step for step in self.steps if step.n == n), None)

    def beside(self, n: int) -> tuple[int | None, int | None]:
        """Numbers of the steps shown before and after this one."""
        numbers = [None, *(step.n for step in self.steps), None]
        at = numbers.index(n)
        return numbers[at - 1], numbers[at + 1]


def read_steps(evidence: Sequence[Mapping[str, Any]], amiss: bool) -> ShownSteps:
    """The steps of a card's evidence; empty where it has none. `amiss`: the verdict leaves something to mend."""
    pictures = {number: e for e in evidence if e.get("kind") == "picture" and (number := _whole(e, "step")) is not None}
    found: dict[int, ShownStep] = {}
    words = set()
    for item in (e for e in evidence if e.get("kind") == "steps"):
        label = translated(tolerant.text(item, "label") or "")
        for step in tolerant.items(item, "steps")[:_MOST]:
            word = _word(step, amiss)
            shown = _step(step, label, word, pictures)
            if shown is not None and shown.n not in found:
                found[shown.n] = shown
                words.add(word)
    word = words.pop() if len(words) == 1 else "example"
    why = _(texts.WHY_EXAMPLE) if word == "example" else None
    return ShownSteps(_(texts.STEP_WORDS[word]), why, tuple(found.values()))


def _step(step: Any, label: str, word: str, pictures: Mapping[int, Mapping[str, Any]]) -> ShownStep | None:
    """None for what has no number."""
    n, value, t_s = _whole(step, "n"), tolerant.number(step, "value"), tolerant.number(step, "t_s")
    if n is None:
        return None
    side = tolerant.text(step, "side")
    when = texts.STEP_WHEN.get(side, texts.STEP_WHEN[None])
    return ShownStep(
        n=n,
        side=side,
        title=_(texts.STEP).format(n=n),
        when=_(when).format(minutes=minutes(max(t_s or 0.0, 0.0))) if t_s is not None else "",
        label=label,
        value="" if value is None else with_unit(value, tolerant.text(step, "unit")),
        word=_(texts.STEP_WORD[word]),
        picture=pictures.get(n),
        curve=tolerant.mapping(step, "curve") or None,
    )


def _word(step: Any, amiss: bool) -> str:
    """A step is an example unless the report is sure that it is more; where nothing is amiss, none is bad."""
    if tolerant.text(step, "kind") != "worst":
        return "example"
    return "worst" if amiss else "standing_out"


def _whole(tree: Any, key: str) -> int | None:
    value = tolerant.number(tree, key)
    return int(value) if value is not None and value >= 0 and value == int(value) else None
