"""A scorecard as one file: no server, no script, no other file beside it; readable on a screen and on paper."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from station.kiosk.card_view import figures, read_scorecard
from station.messages import Report

_HERE = Path(__file__).parent


def standalone_page(report_json: bytes) -> bytes:
    """The document of a scored run (schema 1) as an HTML page."""
    scorecard = read_scorecard(Report(visit_id="", json=report_json))
    cards = scorecard.cards if scorecard else ()
    environment = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    page = environment.get_template("standalone.html").render(
        scorecard=scorecard,
        figures={card.id: figures(card, None, {}, focus=False) for card in cards},
        style=Markup((_HERE / "standalone.css").read_text(encoding="utf-8")),
    )
    return page.encode()
