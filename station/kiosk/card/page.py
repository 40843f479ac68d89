"""The scorecard as one file: no server, no script, nothing loaded from anywhere."""

from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from station.errors import InputError
from station.kiosk import languages, texts
from station.kiosk.card import evidence_figures
from station.kiosk.card.evidence_figures import Shown
from station.kiosk.card.view import read_scorecard
from station.kiosk.translate import translated
from station.messages import Report

_STYLES = [Path(__file__).resolve().parents[1] / "static" / name for name in ("kiosk.css", "card.css")]


def standalone_page(document: bytes, *, newtons: bool = False) -> bytes:
    """HTML of a scored run's JSON, with an axis in `newtons` where the runner's weight may be told.

    Raises InputError when the document cannot be read.
    """
    scorecard = read_scorecard(Report(visit_id="", json=document))
    if scorecard is None:
        raise InputError(f"scored run: {texts.REPORT_UNREADABLE} Score it again with this version.")
    pages = Environment(
        loader=PackageLoader("station.kiosk"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    languages.install(pages)
    pages.filters["translated"] = translated
    shown = Shown(newtons_per_bw=scorecard.newtons_per_bw if newtons else None)
    drawn = {card.id: evidence_figures.behind(card, shown) for card in scorecard.cards}
    steps = {(card.id, step.n): evidence_figures.of_step(step, scorecard, shown) for card in scorecard.cards
             for step in card.shown_steps.steps}  # fmt: skip
    style = Markup("\n".join(sheet.read_text(encoding="utf-8") for sheet in _STYLES))
    page = pages.get_template("standalone.html")
    return page.render(scorecard=scorecard, figures=drawn, steps=steps, style=style).encode()
