"""The report's JSON -> what the card pages show. Tolerant: what is there is drawn, what is missing is said."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from station.kiosk import languages, texts, tolerant
from station.kiosk.card import said_numbers
from station.kiosk.card.step_view import ShownSteps, read_steps
from station.kiosk.card.sureness_view import Gates, Sureness, read_confidence, read_gates
from station.kiosk.languages import gettext as _
from station.kiosk.translate import translated
from station.messages import Report
from station.scorecard.criterion import ANCHORS
from station.scorecard.verdict import RULED_OUT

ROWS_AT_ONCE = 300
"""Steps in the table on the screen; the next ones are a tap away."""

_SENTENCE_END = re.compile(r"(?<=[.;!?])\s")
_PART_END = re.compile(r"([,:] )")
_LONG = 72
"""Characters: two lines of a card on the smallest screen."""
_ENOUGH_WORDS = 3
_ALMOST = 0.01
"""Probabilities nearer than this to none or to certainty are told as less or more than it."""
GAUGE_LIMITS = ANCHORS[1:3]


@dataclass(frozen=True)
class Card:
    """One mistake. `headline` is the number with its unit, `interval` its bounds, `caption` what it is."""

    id: str
    title: str
    verdict: str
    word: str
    meaning: str
    headline: str | None
    interval: str | None
    caption: str | None
    severity: int | None
    severity_range: tuple[int, int] | None
    probability: str | None
    judged: str | None
    judged_short: str | None
    cue: str | None
    reasons: tuple[str, ...]
    confidence: tuple[Sureness, ...]
    evidence: tuple[Mapping[str, Any], ...]
    shown_steps: ShownSteps

    @property
    def in_short(self) -> str:
        """What to try, or why there is no answer, in a few words: the first sentence, a long one without its end.

        The whole stands on the card's own page.
        """
        told = self.reasons[0] if self.verdict == "not_measured" else self.cue or ""
        first = _SENTENCE_END.split(told, maxsplit=1)[0].rstrip(";")
        parts = _PART_END.split(first)
        while len(parts) > 1 and len(first) > _LONG and len("".join(parts[:-2]).split()) >= _ENOUGH_WORDS:
            parts = parts[:-2]
            first = "".join(parts)
        return first.rstrip()  # French sets a space before a colon


@dataclass(frozen=True)
class StepTable:
    """Some of a run's steps, each a row of cells: from the `first` on, counted from one, `of` all."""

    rows: tuple[tuple[str, ...], ...]
    first: int
    of: int

    @property
    def last(self) -> int:
        return self.first + len(self.rows) - 1

    @property
    def before(self) -> int | None:
        """Where the rows before these begin."""
        return max(self.first - ROWS_AT_ONCE, 1) if self.first > 1 else None

    @property
    def after(self) -> int | None:
        return self.last + 1 if self.last < self.of else None


@dataclass(frozen=True)
class Scorecard:
    """All cards of one run, in the order of the report. `answers`: what a run of this length can tell."""

    cards: tuple[Card, ...]
    steps: int | None
    cadence_spm: int | None
    duration_s: int | None
    notes: tuple[str, ...]
    answers: tuple[str, ...]
    fatigue: tuple[str, ...]
    gates: Gates
    newtons_per_bw: float | None
    all_steps: tuple[Any, ...]

    def card(self, card_id: str) -> Card | None:
        return next((card for card in self.cards if card.id == card_id), None)

    def table(self, first: int = 1, most: int | None = ROWS_AT_ONCE) -> StepTable:
        """The steps from the `first` on, `most` of them; from the beginning where there is no such step."""
        first = first if 1 <= first <= len(self.all_steps) else 1
        some = self.all_steps[first - 1 :][:most]
        return StepTable(tuple(_row(step) for step in some), first, len(self.all_steps))

    @property
    def mean_curves(self) -> Mapping[str, Any] | None:
        """The feet's mean curves, whichever card brings them."""
        all_evidence = (evidence for card in self.cards for evidence in card.evidence)
        return next((e for e in all_evidence if e.get("label") == "mean_estimated"), None)


def read_scorecard(report: Report) -> Scorecard | None:
    """None when the document cannot be read at all."""
    try:
        document = json.loads(report.json)
    except (ValueError, RecursionError):
        return None
    if not isinstance(document, dict) or not isinstance(document.get("mistakes"), dict):
        return None
    summary = tolerant.mapping(document, "summary")
    return Scorecard(
        cards=tuple(_card(name, mistake) for name, mistake in document["mistakes"].items()),
        steps=_whole(tolerant.number(summary, "steps")),
        cadence_spm=_whole(tolerant.number(summary, "cadence_spm")),
        duration_s=_whole(tolerant.number(summary, "duration_s")),
        notes=_sentences(summary, "notes"),
        answers=_sentences(document, "answers"),
        fatigue=_sentences(tolerant.mapping(document, "fatigue"), "sentences"),
        gates=read_gates(document),
        newtons_per_bw=tolerant.number(tolerant.mapping(document, "runner"), "body_weight_n"),
        all_steps=tuple(tolerant.items(document, "steps")),
    )


def _card(card_id: str, mistake: Any) -> Card:
    verdict = tolerant.text(mistake, "verdict")
    if verdict not in texts.VERDICTS:
        mistake = {"title": tolerant.text(mistake, "title"), "reasons": [texts.UNREADABLE]}
        verdict = "not_measured"
    word, meaning = texts.VERDICTS[verdict]
    reasons = _sentences(mistake, "reasons")
    headline = tolerant.mapping(mistake, "headline")
    number, interval = said_numbers.headline(headline)
    evidence = tuple(e for e in tolerant.items(mistake, "evidence") if isinstance(e, dict))
    low, high = tolerant.number(mistake, "low"), tolerant.number(mistake, "high")
    if verdict == "not_measured" and tolerant.number(headline, "value") is not None:
        word = texts.NO_VERDICT
    return Card(
        id=card_id,
        title=translated(tolerant.text(mistake, "title") or card_id.replace("_", " ").capitalize()),
        verdict=verdict,
        word=_(word),
        meaning=_(meaning),
        headline=number,
        interval=interval,
        caption=translated(tolerant.text(headline, "text") or "") or None,
        severity=_to_five(tolerant.number(mistake, "severity")),
        severity_range=(_to_five(low), _to_five(high)) if low is not None and high is not None else None,
        probability=_probability(tolerant.number(mistake, "probability")),
        judged=_judged(mistake, texts.JUDGED),
        judged_short=_judged(mistake, texts.JUDGED_SHORT),
        cue=translated(tolerant.text(mistake, "cue") or "") or None,
        reasons=reasons or ((_(texts.NO_REASON),) if verdict == "not_measured" else ()),
        confidence=read_confidence(mistake),
        evidence=evidence,
        shown_steps=read_steps(evidence, amiss=verdict not in (*RULED_OUT, "not_measured")),
    )


def _sentences(tree: Any, key: str) -> tuple[str, ...]:
    return tuple(translated(s) for s in tolerant.items(tree, key) if isinstance(s, str) and s)


def _row(step: Any) -> tuple[str, ...]:
    """One step as the cells of the table: number, foot, contact time, peak force, foot angle, strike."""
    values = (
        tolerant.number(step, "n"), tolerant.number(step, "contact_time_ms"), tolerant.number(step, "peak_force_bw"),
        tolerant.number(step, "foot_strike_angle_deg"),
    )  # fmt: skip
    n, contact, peak, angle = (
        texts.NOTHING if value is None else languages.number(value, decimals)
        for value, decimals in zip(values, (0, 0, 2, 0), strict=True)
    )
    foot, strike = (
        _(texts.FEET_AND_STRIKES.get(tolerant.text(step, key), texts.NOTHING)) for key in ("side", "strike")
    )
    return n, foot, contact, peak, angle, strike


def _judged(mistake: Any, said: str) -> str | None:
    judged, of = tolerant.number(mistake, "judged"), tolerant.number(mistake, "of")
    return None if judged is None or not of else _(said).format(judged=round(judged), of=round(of))


def _to_five(severity: float | None) -> int | None:
    """Two runners three points apart are equal, so nobody sees a difference (biomech: print severity rounded to 5).

    Never to the other side of a limit that the gauge names: 66 is not printed as 65, nor 32.6 as 35.
    """
    if severity is None:
        return None
    rounded = int(5 * round(min(max(severity, 0), 100) / 5))
    for limit in GAUGE_LIMITS:
        if rounded < limit <= severity:
            return int(limit)
        if severity < limit <= rounded:
            return rounded - 5
    return rounded


def _probability(probability: float | None) -> str | None:
    """In percent, never none and never certainty."""
    if probability is None:
        return None
    if probability < _ALMOST:
        return _(texts.LESS_THAN).format(percent=_percent(_ALMOST))
    if probability > 1 - _ALMOST:
        return _(texts.MORE_THAN).format(percent=_percent(1 - _ALMOST))
    return _percent(probability)


def _percent(share: float) -> str:
    return said_numbers.with_unit(100 * share, "%", 0).replace(" ", "\N{NO-BREAK SPACE}")


def _whole(value: float | None) -> int | None:
    return None if value is None else round(value)
