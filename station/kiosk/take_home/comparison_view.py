"""A comparison as words: what it was last time, what it is today, and whether that is more than chance."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from station.gait.results import Measure
from station.kiosk import languages, texts
from station.kiosk.card.view import Card
from station.kiosk.languages import gettext as _
from station.kiosk.translate import translated
from station.scorecard.compare import Change, Comparison
from station.scorecard.run_summary import Judged, Variable
from station.words import N_

CHANGED = N_("Last time {then}, today {now}: {how}, beyond what two runs differ by chance.")
MORE, LESS, OTHER_SIDE = N_("more"), N_("less"), N_("now on the other side")
RIGHT_MORE, LEFT_MORE = N_("{value}, right more"), N_("{value}, left more")


@dataclass(frozen=True)
class Line:
    """One number of both runs. `detectable`: the smallest difference that is more than chance."""

    title: str
    then: str
    now: str
    detectable: str
    sentence: str


@dataclass(frozen=True)
class Untold:
    """Numbers, or verdicts, that cannot be compared, and why."""

    reason: str
    titles: tuple[str, ...]


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
    """In the order in which a runner should read it."""

    day: str
    changed: tuple[Line, ...]
    verdicts: tuple[VerdictLine, ...]
    alike: tuple[Line, ...]
    untold: tuple[Untold, ...]
    notes: tuple[str, ...]


def view(comparison: Comparison, cards: Sequence[Card]) -> ComparisonView:
    """In the current language; `cards` are those of today's run."""
    changes, verdicts_unlike = comparison.changes, comparison.verdicts_unlike
    untold = [(change.reason, _(change.variable.title)) for change in changes if change.reason]
    if verdicts_unlike:
        untold += [(verdicts_unlike, card.title) for card in cards]
    shown = () if verdicts_unlike else cards
    return ComparisonView(
        day=languages.day(comparison.then.day),
        changed=tuple(_line(change) for change in changes if change.outcome == "changed"),
        verdicts=tuple(_verdict(card, comparison.then.mistakes.get(card.id)) for card in shown),
        alike=tuple(_line(change) for change in changes if change.outcome == "not_distinguishable"),
        untold=_untold(untold),
        notes=tuple(translated(note) for note in comparison.notes),
    )


def _verdict(card: Card, then: Judged | None) -> VerdictLine:
    return VerdictLine(card.title, then.verdict if then else None, _word(then), card.verdict, card.word)


def _word(judged: Judged | None) -> str:
    """As on the card: a number without a verdict is not "not measured"."""
    if judged is None:
        return texts.NOTHING
    if judged.verdict == "not_measured" and judged.headline:
        return _(texts.NO_VERDICT)
    return _(texts.VERDICTS[judged.verdict][0])


def _line(change: Change) -> Line:
    variable = change.variable
    then, now = _value(variable, change.then), _value(variable, change.now)
    return Line(
        title=_(variable.title),
        then=then,
        now=now,
        detectable=quantity(change.detectable or 0.0, variable),
        sentence=_(CHANGED).format(then=then, now=now, how=_(_how(change))),
    )


def _how(change: Change) -> str:
    then, now = change.then.value, change.now.value
    if not change.variable.signed:
        return MORE if now > then else LESS
    if math.copysign(1, then) != math.copysign(1, now):
        return OTHER_SIDE
    return MORE if abs(now) > abs(then) else LESS


def _untold(reasons: Iterable[tuple[str, str]]) -> tuple[Untold, ...]:
    """From pairs of a reason and a title: each reason once."""
    titles: dict[str, list[str]] = {}
    for reason, title in reasons:
        titles.setdefault(translated(reason), []).append(title)
    return tuple(Untold(reason, tuple(each)) for reason, each in titles.items())


def _value(variable: Variable, measure: Measure) -> str:
    if not variable.signed:
        return quantity(measure.value, variable)
    return _(RIGHT_MORE if measure.value >= 0 else LEFT_MORE).format(value=quantity(abs(measure.value), variable))


def quantity(value: float, variable: Variable) -> str:
    """A number with its unit; tenths only below ten, as on the cards, and of shares."""
    number = languages.number(value, 0 if abs(value) >= 10 and variable.unit != "%" else 1)
    return f"{number}°" if variable.unit == "deg" else f"{number} {_(texts.UNITS.get(variable.unit, variable.unit))}"
