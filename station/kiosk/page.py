"""The scorecard as one file: no server, no script, nothing loaded from anywhere."""

from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from station.errors import InputError
from station.kiosk import languages, texts
from station.kiosk.card_view import figures, read_scorecard
from station.kiosk.translate import translated
from station.messages import Report

_STYLES = [Path(__file__).parent / "static" / name for name in ("kiosk.css", "card.css")]


def standalone_page(document: bytes) -> bytes:
    """HTML of a scored run's JSON. Raises InputError when the document cannot be read."""
    scorecard = read_scorecard(Report(visit_id="", json=document))
    if scorecard is None:
        raise InputError(f"scored run: {texts.REPORT_UNREADABLE} Score it again with this version.")
    pages = Environment(
        loader=PackageLoader("station.kiosk"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    languages.install(pages)
    pages.filters["translated"] = translated
    drawn = {card.id: figures(card, None, {}, focus=False) for card in scorecard.cards}
    style = Markup("\n".join(sheet.read_text(encoding="utf-8") for sheet in _STYLES))
    return pages.get_template("standalone.html").render(scorecard=scorecard, figures=drawn, style=style).encode()
