"""What a code carries of a run: the numbers of its report, and the words to read on a phone. Never a weight."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from typing import Any, get_args

from station.gait.results import SIDES, Measure
from station.kiosk import languages, tolerant
from station.kiosk.about_form import KM_H_PER_M_S
from station.kiosk.card.view import Card, Scorecard
from station.kiosk.languages import gettext as _
from station.messages import Choices
from station.scorecard.run_summary import VARIABLES, Conditions, Judged, LoadingStatus, RunSummary
from station.scorecard.verdict import Word

_CALIBRATION_BYTES = 3
_FORCE_PARTS, _CAMERA_PARTS = ("grid", "kernel", "deck"), ("camera",)
"""Parts of a calibration whose errors all its runs share; a new tare changes none of them."""


def summary_of(report_json: bytes, choices: Choices, station: bytes, day: date) -> RunSummary:
    """The numbers of a report that `read_scorecard` could read; what it lacks is missing."""
    document = json.loads(report_json)
    return RunSummary(
        day=day,
        values={variable.id: _measure(_at(document, variable.id)) for variable in VARIABLES},
        mistakes={name: _judged(mistake) for name, mistake in tolerant.mapping(document, "mistakes").items()},
        conditions=_conditions(document, choices, station),
    )


def words(scorecard: Scorecard, summary: RunSummary, station_name: str | None, nickname: str | None) -> str:
    """What a phone shows of the code, in the current language: the run, each mistake, that it is no diagnosis."""
    head = [station_name or _("Running station"), languages.day(summary.day)]
    if nickname:
        head.append(nickname)
    speed_m_s = summary.conditions.speed_m_s
    if speed_m_s is not None:
        head.append(f"{languages.number(speed_m_s * KM_H_PER_M_S, 1)} km/h")
    lines = [" · ".join(head)]
    lines += [f"{card.title}: {card.word}{_number(card)}" for card in scorecard.cards]
    return "\n".join([*lines, _("Habits and cues, not a diagnosis.")])


def _number(card: Card) -> str:
    """The number on a card, its range, and what it is."""
    if not card.headline:
        return ""
    interval = f" ({card.interval})" if card.interval else ""
    caption = f", {card.caption}" if card.caption else ""
    return f", {card.headline}{interval}{caption}"


def _at(document: Mapping[str, Any], path: str) -> Any:
    tree: Any = document
    for key in path.split("."):
        tree = tree.get(key) if isinstance(tree, Mapping) else None
    return tree


def _measure(tree: Any) -> Measure:
    """A measure of the report, or a plain number, which is as sure as its last digit."""
    plain = tolerant.finite(tree)
    if plain is not None:
        return Measure(plain, plain, plain, 0)
    value, low, high = (tolerant.number(tree, key) for key in ("value", "low", "high"))
    if value is None or low is None or high is None:
        return Measure.missing(tolerant.text(tree, "reason") or "not measured")
    return Measure(value, low, high, round(tolerant.number(tree, "n") or 0))


def _judged(mistake: Any) -> Judged:
    verdict = tolerant.text(mistake, "verdict")
    headline = tolerant.mapping(mistake, "headline")
    measure = _measure(headline)
    return Judged(
        verdict if verdict in get_args(Word) else "not_measured",
        measure if measure.measured else None,
        tolerant.text(headline, "unit") or "",
    )


def _conditions(document: Mapping[str, Any], choices: Choices, station: bytes) -> Conditions:
    parts = tolerant.mapping(tolerant.mapping(tolerant.mapping(document, "inputs"), "calibration"), "parts")
    return Conditions(
        speed_m_s=tolerant.number(tolerant.mapping(document, "belt"), "speed_m_s"),
        incline_pct=choices.incline_pct,
        shoes=choices.shoes,
        loading_rate=_loading_rate(document),
        sides_known=any(tolerant.text(step, "side") for step in tolerant.items(document, "steps")),
        station=station,
        force_calibration=_short(parts, _FORCE_PARTS),
        camera_calibration=_short(parts, _CAMERA_PARTS),
    )


def _loading_rate(document: Mapping[str, Any]) -> LoadingStatus:
    """The poorer of the two feet's."""
    found = {tolerant.text(_at(document, f"feet.{side}.loading_rate_bw_s"), "status") for side in SIDES}
    return next((s for s in reversed(get_args(LoadingStatus)) if s in found), "not_measured")


def _short(parts: Mapping[str, Any], names: tuple[str, ...]) -> bytes:
    """Short id of these parts of a calibration; empty where there is none of them."""
    found = [tolerant.text(parts, name) or "" for name in names]
    return hashlib.sha256("|".join(found).encode()).digest()[:_CALIBRATION_BYTES] if any(found) else b""
