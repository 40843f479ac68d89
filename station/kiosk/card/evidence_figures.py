"""The drawings of a card: in small for the overview, behind its verdict, and for one step."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from station.kiosk import languages, texts, tolerant
from station.kiosk.card.curves_svg import draw_curves, draw_step, read_curves
from station.kiosk.card.evidence_svg import draw_picture
from station.kiosk.card.step_view import ShownStep
from station.kiosk.card.view import Card, Scorecard
from station.kiosk.languages import gettext as _
from station.kiosk.translate import translated


@dataclass(frozen=True)
class Figure:
    """One drawing and the words under it."""

    svg: Markup
    caption: str


@dataclass(frozen=True)
class Shown:
    """What drawings may show: stills by `still_url` (picture id -> address), newtons where the weight may be told."""

    still_url: Callable[[str], str] | None = None
    stills: Mapping[str, bytes] | None = None
    newtons_per_bw: float | None = None

    def url(self, evidence: Mapping[str, Any]) -> str | None:
        """Of the picture behind a skeleton."""
        picture = tolerant.text(evidence, "id")
        return self.still_url(picture) if self.still_url and picture in (self.stills or {}) else None


def face(card: Card, shown: Shown) -> Figure | None:
    """The one drawing of a card on the overview."""
    return next(_drawn(card, shown, focus=True), None)


def behind(card: Card, shown: Shown) -> list[Figure]:
    """The drawings of an opened card; pictures of single steps stand with the steps, unless one comes first."""
    return list(_drawn(card, shown, focus=False))


def thumbnail(step: ShownStep, shown: Shown) -> Markup | None:
    """A step in small: its picture, else its curve."""
    if step.picture is not None:
        return draw_picture(step.picture, step.title, shown.url(step.picture), focus=True)
    return draw_curves(step.curve, step.title, axes=False) if step.curve else None


def of_step(step: ShownStep, scorecard: Scorecard, shown: Shown) -> list[Figure]:
    """The frame of a step, and its force over the mean of its foot."""
    figures = []
    if step.picture is not None:
        caption = _caption(step.picture)
        figures.append((draw_picture(step.picture, caption, shown.url(step.picture), focus=False), caption))
    if step.curve is not None:
        mean = scorecard.mean_curves or {}
        svg = draw_step(step.curve, mean, step.side, step.title, newtons_per_bw=shown.newtons_per_bw)
        figures.append((svg, _step_caption(step.curve, mean)))
    return [Figure(svg, caption) for svg, caption in figures if svg is not None]


def pictured(evidence: Iterable[Any]) -> set[str]:
    """The pictures that were to be made for these drawings."""
    return {picture for drawn in evidence if (picture := tolerant.text(drawn, "id"))}


def has_curves(card: Card) -> bool:
    """Whether there are forces that newtons could be read off."""
    return any(e.get("kind") == "curves" for e in card.evidence) or any(step.curve for step in card.shown_steps.steps)


def _drawn(card: Card, shown: Shown, *, focus: bool) -> Iterator[Figure]:
    first = True
    for evidence in card.evidence:
        caption = _caption(evidence)
        svg = None
        if evidence.get("kind") == "curves":
            svg = draw_curves(evidence, caption, axes=not focus, newtons_per_bw=shown.newtons_per_bw)
        elif evidence.get("kind") == "picture" and (first or not _with_steps(card, evidence)):
            svg = draw_picture(evidence, caption, shown.url(evidence), focus=focus)
        if svg is not None:
            first = False
            yield Figure(svg, caption)


def _with_steps(card: Card, evidence: Mapping[str, Any]) -> bool:
    return any(step.picture is evidence for step in card.shown_steps.steps)


def _caption(evidence: Mapping[str, Any]) -> str:
    if evidence.get("kind") == "curves":
        return _curves_caption(evidence)
    label = translated(tolerant.text(tolerant.mapping(evidence, "angle"), "label") or texts.PICTURE_UNLABELLED)
    t_s = tolerant.number(evidence, "t_s")
    return label if t_s is None else _(texts.PICTURE).format(label=label, seconds=round(t_s))


def _curves_caption(evidence: Mapping[str, Any]) -> str:
    """What the curves are, how fast a change they show, what their band is and where their slope is read."""
    said, hz = texts.CURVES.get(str(evidence.get("label"))), tolerant.number(evidence, "bandwidth_hz")
    if said is None or hz is None:
        return _(texts.CURVES_UNKNOWN)
    curves = read_curves(evidence).values()
    more = [
        (texts.BAND, any(curve.sd_bw for curve in curves)),
        (texts.SLOPE, any(curve.rise_ms for curve in curves)),
    ]
    return " ".join([_(said).format(hz=languages.number(hz)), *(_(text) for text, there in more if there)])


def _step_caption(step: Mapping[str, Any], mean: Mapping[str, Any]) -> str:
    """What the step's curve is, and why the mean behind it may look sharper."""
    own_hz, mean_hz = (tolerant.number(evidence, "bandwidth_hz") for evidence in (step, mean))
    if own_hz is None:
        return _(texts.CURVES_UNKNOWN)
    said = _(texts.STEP_CURVE).format(hz=languages.number(own_hz))
    if mean_hz is None:
        return said
    behind = texts.STEP_OVER_MEAN if mean_hz > own_hz else texts.OVER_MEAN
    return f"{said} {_(behind).format(hz=languages.number(mean_hz))}"
