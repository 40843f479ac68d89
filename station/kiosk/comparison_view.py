"""A comparison as words: what it was last time, what it is today, and whether that is more than chance."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from station.gait.results import Measure
from station.kiosk import languages, texts
from station.kiosk.card_view import Card
from station.kiosk.languages import gettext as _
from station.kiosk.translate import translated
from station.scorecard.compare import Change, Comparison
from station.scorecard.run_summary import Variable
from station.words import N_

MORE = N_("more, beyond what two runs differ by chance")
LESS = N_("less, beyond what two runs differ by chance")
OTHER_SIDE = N_("now on the other side, beyond what two runs differ by chance")
NO_TELLING = N_("no difference that can be told from chance: it would take {detectable}")
RIGHT_MORE, LEFT_MORE = N_("{value}, right more"), N_("{value}, left more")


@dataclass(frozen=True)
class Line:
    """One number of both runs. `outcome` names the mark beside `text`."""

    title: str
    then: str
    now: str
    outcome: str
    text: str


@dataclass(frozen=True)
class VerdictLine:
    """One mistake's verdict of both runs; `then` None: it was not in the code."""

    title: str
    then: str | None
    then_word: str
    now: str
    now_word: str


@dataclass(frozen=True)
class ComparisonView:
    """Changes first, then what is as it was; `untold` could not be compared."""

    day: str
    verdicts: tuple[VerdictLine, ...]
    told: tuple[Line, ...]
    untold: tuple[Line, ...]
    notes: tuple[str, ...]


def view(comparison: Comparison, cards: Sequence[Card]) -> ComparisonView:
    """In the current language; `cards` are those of today's run."""
    lines = sorted((_line(change) for change in comparison.changes), key=lambda line: line.outcome != "changed")
    return ComparisonView(
        day=languages.day(comparison.then.day),
        verdicts=tuple(_verdict(card, comparison) for card in cards),
        told=tuple(line for line in lines if line.outcome != "not_comparable"),
        untold=tuple(line for line in lines if line.outcome == "not_comparable"),
        notes=tuple(translated(note) for note in comparison.notes),
    )


def _verdict(card: Card, comparison: Comparison) -> VerdictLine:
    then = comparison.then.mistakes.get(card.id)
    word = _(texts.VERDICTS[then.verdict][0]) if then else texts.NOTHING
    return VerdictLine(card.title, then.verdict if then else None, word, card.verdict, card.word)


def _line(change: Change) -> Line:
    variable = change.variable
    return Line(
        title=translated(variable.title),
        then=_value(variable, change.then),
        now=_value(variable, change.now),
        outcome=change.outcome,
        text=_told(change),
    )


def _told(change: Change) -> str:
    if change.outcome == "not_comparable":
        return translated(change.reason or "")
    if change.outcome == "not_distinguishable":
        return _(NO_TELLING).format(detectable=quantity(change.detectable or 0.0, change.variable))
    then, now = change.then.value, change.now.value
    if change.variable.signed and math.copysign(1, then) != math.copysign(1, now):
        return _(OTHER_SIDE)
    size = abs(now) - abs(then) if change.variable.signed else now - then
    return _(MORE) if size > 0 else _(LESS)


def _value(variable: Variable, measure: Measure) -> str:
    if not measure.measured:
        return texts.NOTHING
    if not variable.signed:
        return quantity(measure.value, variable)
    return _(RIGHT_MORE if measure.value >= 0 else LEFT_MORE).format(value=quantity(abs(measure.value), variable))


def quantity(value: float, variable: Variable) -> str:
    """A number with its unit; tenths only below ten, as on the cards."""
    number = languages.number(value, 0 if abs(value) >= 10 and variable.unit != "%" else 1)
    return f"{number}°" if variable.unit == "deg" else f"{number} {_(texts.UNITS.get(variable.unit, variable.unit))}"
