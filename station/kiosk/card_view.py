"""The report's JSON -> what the card pages show. Tolerant: what is there is drawn, what is missing is said."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from station.kiosk import languages, texts, tolerant
from station.kiosk.curves_svg import draw_curves
from station.kiosk.evidence_svg import draw_picture
from station.kiosk.languages import gettext as _
from station.kiosk.translate import translated
from station.messages import Report

_MOST_ROWS = 300
"""Steps in the table on the screen; the exports have them all."""

_SENTENCE_END = re.compile(r"(?<=[.;!?])\s")

StillUrl = Callable[[str], str]
"""Picture id -> address, for pictures that the page may show."""


@dataclass(frozen=True)
class Figure:
    """One drawing and the words under it."""

    svg: Markup
    caption: str


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
    probability_pct: int | None
    judged: str | None
    cue: str | None
    reasons: tuple[str, ...]
    evidence: tuple[Mapping[str, Any], ...]

    @property
    def in_short(self) -> str:
        """The first sentence of what to try, or of why there is no answer."""
        told = self.reasons[0] if self.verdict == "not_measured" else self.cue or ""
        return _SENTENCE_END.split(told, maxsplit=1)[0].rstrip(";")


@dataclass(frozen=True)
class Scorecard:
    """All cards of one run, in the order of the report."""

    cards: tuple[Card, ...]
    steps: int | None
    cadence_spm: int | None
    duration_s: int | None
    notes: tuple[str, ...]
    table: tuple[tuple[str, ...], ...]

    def card(self, card_id: str) -> Card | None:
        return next((card for card in self.cards if card.id == card_id), None)


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
        table=tuple(_row(step) for step in tolerant.items(document, "steps")[:_MOST_ROWS]),
    )


def figures(card: Card, still_url: StillUrl | None, stills: Mapping[str, bytes], *, focus: bool) -> list[Figure]:
    """Drawings of the card's evidence; stills only where `still_url` is given. `focus`: small, for the overview."""
    drawn = []
    for evidence in card.evidence:
        caption = _caption(evidence)
        if evidence.get("kind") == "curves":
            svg = draw_curves(evidence, caption, axes=not focus)
        else:
            picture = tolerant.text(evidence, "id")
            url = still_url(picture) if still_url and picture in stills else None
            svg = draw_picture(evidence, caption, url, focus=focus)
        if svg is not None:
            drawn.append(Figure(svg, caption))
    return drawn


def has_still(card: Card, stills: Mapping[str, bytes]) -> bool:
    """Whether one of the card's drawings has a picture behind it."""
    return any(tolerant.text(evidence, "id") in stills for evidence in card.evidence)


def _card(card_id: str, mistake: Any) -> Card:
    verdict = tolerant.text(mistake, "verdict")
    if verdict not in texts.VERDICTS:
        mistake = {"title": tolerant.text(mistake, "title"), "reasons": [texts.UNREADABLE]}
        verdict = "not_measured"
    word, meaning = texts.VERDICTS[verdict]
    reasons = _sentences(mistake, "reasons")
    headline = tolerant.mapping(mistake, "headline")
    unit = tolerant.text(headline, "unit")
    low, high = tolerant.number(mistake, "low"), tolerant.number(mistake, "high")
    probability = tolerant.number(mistake, "probability")
    if verdict == "not_measured" and tolerant.number(headline, "value") is not None:
        word = texts.NO_VERDICT
    return Card(
        id=card_id,
        title=translated(tolerant.text(mistake, "title") or card_id.replace("_", " ").capitalize()),
        verdict=verdict,
        word=_(word),
        meaning=_(meaning),
        headline=_with_unit(tolerant.number(headline, "value"), unit),
        interval=_interval(headline, unit),
        caption=translated(tolerant.text(headline, "text") or "") or None,
        severity=_to_five(tolerant.number(mistake, "severity")),
        severity_range=(_to_five(low), _to_five(high)) if low is not None and high is not None else None,
        probability_pct=None if probability is None else round(100 * min(max(probability, 0), 1)),
        judged=_judged(mistake),
        cue=translated(tolerant.text(mistake, "cue") or "") or None,
        reasons=reasons or ((_(texts.NO_REASON),) if verdict == "not_measured" else ()),
        evidence=tuple(e for e in tolerant.items(mistake, "evidence") if isinstance(e, dict)),
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


def _with_unit(value: float | None, unit: str | None) -> str | None:
    if value is None:
        return None
    number = _plain(value, unit)
    if unit in ("deg", "°"):
        return f"{number}°"
    return f"{number} {_(texts.UNITS.get(unit, unit))}" if unit else number


def _plain(value: float, unit: str | None) -> str:
    """Two or three figures: more would pretend to a precision that the interval denies."""
    decimals = 2 if unit == "BW" else 0 if abs(value) >= 10 else 1
    return languages.number(value, decimals)


def _interval(headline: Mapping[str, Any], unit: str | None) -> str | None:
    low, high = tolerant.number(headline, "low"), tolerant.number(headline, "high")
    if low is None or high is None:
        return None
    return _(texts.RANGE).format(low=_plain(low, unit), high=_plain(high, unit))


def _judged(mistake: Any) -> str | None:
    judged, of = tolerant.number(mistake, "judged"), tolerant.number(mistake, "of")
    return None if judged is None or not of else _(texts.JUDGED).format(judged=round(judged), of=round(of))


def _to_five(severity: float | None) -> int | None:
    """Two runners three points apart are equal, so nobody sees a difference (biomech: print severity rounded to 5)."""
    return None if severity is None else int(5 * round(min(max(severity, 0), 100) / 5))


def _whole(value: float | None) -> int | None:
    return None if value is None else round(value)


def _caption(evidence: Mapping[str, Any]) -> str:
    if evidence.get("kind") == "curves":
        return _(texts.CURVES.get(str(evidence.get("label")), texts.CURVES_UNKNOWN))
    label = translated(tolerant.text(tolerant.mapping(evidence, "angle"), "label") or texts.PICTURE_UNLABELLED)
    t_s = tolerant.number(evidence, "t_s")
    if t_s is None:
        return label
    return _(texts.PICTURE).format(label=label, seconds=round(t_s))
