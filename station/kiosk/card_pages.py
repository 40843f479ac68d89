"""The pages of a scored run: all cards on one screen, what is behind one verdict, one step, one picture."""

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for

from station.config import Config
from station.errors import BusError
from station.kiosk import texts
from station.kiosk.card_view import Card, Figure, Scorecard, StillUrl, figures, has_still, read_scorecard
from station.kiosk.feed import Feed
from station.kiosk.languages import gettext as _
from station.kiosk.report_shelf import ReportShelf
from station.kiosk.snapshot import Snapshot
from station.messages import Report


class CardPages:
    """Routes under /card, and the overview, which is the page of its phase."""

    def __init__(self, feed: Feed, shelf: ReportShelf, config: Config) -> None:
        self._feed = feed
        self._shelf = shelf
        self._config = config
        self.blueprint = Blueprint("cards", __name__)
        self.blueprint.get("/card/<card_id>")(self.detail)
        self.blueprint.get("/still/<path:picture_id>")(self.still)

    def overview(self, snapshot: Snapshot) -> str:
        """All cards on one screen. In a gym the runner's picture is shown only when asked for."""
        report, scorecard = self._scorecard(snapshot)
        if report is None or scorecard is None:
            text = _(texts.REPORT_LATE if report is None else texts.REPORT_UNREADABLE)
            return render_template("card_missing.html", snapshot=snapshot, text=text, timeout_s=self._timeout_s)
        stills = self._stills_shown
        drawn = {card.id: self._first_figure(card, report, stills) for card in scorecard.cards}
        return render_template(
            "card.html", snapshot=snapshot, scorecard=scorecard, figures=drawn, stills=stills, asked=self._asked,
            has_stills=bool(report.pictures), timeout_s=self._timeout_s,
        )  # fmt: skip

    def detail(self, card_id: str) -> str | Response:
        """Everything behind one verdict; the runner's picture as on the overview."""
        snapshot = self._feed.snapshot()
        if snapshot.screen != "card":
            return redirect(url_for("pages.current"))
        report, scorecard = self._scorecard(snapshot)
        card = scorecard.card(card_id) if scorecard else None
        if report is None or card is None:
            abort(404)
        stills = self._stills_shown
        drawn = figures(card, self._still_url if stills else None, report.pictures, focus=False)
        return render_template(
            "detail.html", card=card, scorecard=scorecard, figures=drawn, stills=stills, asked=self._asked,
            has_stills=has_still(card, report.pictures), timeout_s=self._timeout_s,
        )  # fmt: skip

    def still(self, picture_id: str) -> Response:
        """A picture of the visit that is on the screen; of no other."""
        report, _ = self._scorecard(self._feed.snapshot())
        if report is None or picture_id not in report.pictures:
            abort(404)
        return Response(report.pictures[picture_id], mimetype="image/jpeg")

    def _first_figure(self, card: Card, report: Report, stills: bool) -> Figure | None:
        return next(iter(figures(card, self._still_url if stills else None, report.pictures, focus=True)), None)

    def _scorecard(self, snapshot: Snapshot) -> tuple[Report | None, Scorecard | None]:
        """The report of the visit on the screen, and what of it can be shown."""
        if snapshot.screen != "card" or snapshot.visit_id is None:
            return None, None
        try:
            report = self._shelf.report(snapshot.visit_id)
        except BusError:
            return None, None
        return report, read_scorecard(report)

    @property
    def _asked(self) -> dict[str, str]:
        """What the links between the pages of a card carry: whether the runner has asked for pictures."""
        return {"stills": ""} if "stills" in request.args else {}

    @property
    def _stills_shown(self) -> bool:
        return bool(self._asked) or self._config.mode == "clinic"

    @property
    def _timeout_s(self) -> float:
        return self._config.kiosk.card_timeout_s

    @property
    def _still_url(self) -> StillUrl:
        return lambda picture_id: url_for("cards.still", picture_id=picture_id)
