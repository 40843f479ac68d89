"""The pages of a scored run: all cards on one screen, what is behind one verdict, one step, one picture."""

from collections.abc import Set
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for

from station.config import Config
from station.errors import BusError
from station.kiosk import texts
from station.kiosk.card import evidence_figures
from station.kiosk.card.evidence_figures import Shown
from station.kiosk.card.report_shelf import ReportShelf
from station.kiosk.card.view import Card, Scorecard, read_scorecard
from station.kiosk.feed import Feed
from station.kiosk.languages import gettext as _
from station.kiosk.snapshot import Snapshot
from station.messages import Report

ASKS = ("stills", "newtons")
"""What a runner may ask for on any page of a card, by its name in the address: pictures; newtons, by which a weight is
told."""


@dataclass(frozen=True)
class _Opened:
    """A card, and the run it is of."""

    report: Report
    scorecard: Scorecard
    card: Card
    pictures_coming: bool

    def may_show(self, pictures: Set[str]) -> bool:
        """One of these stills is there, or on its way."""
        return bool(pictures) and (self.pictures_coming or not pictures.isdisjoint(self.report.pictures))


class CardPages:
    """Routes under /card, and the overview, which is the page of its phase."""

    def __init__(self, feed: Feed, shelf: ReportShelf, config: Config) -> None:
        self._feed = feed
        self._shelf = shelf
        self._config = config
        self.blueprint = Blueprint("cards", __name__)
        self.blueprint.get("/card/<card_id>")(self.detail)
        self.blueprint.get("/card/<card_id>/step/<int:n>")(self.step)
        self.blueprint.get("/still/<path:picture_id>")(self.still)

    def overview(self, snapshot: Snapshot) -> str:
        """All cards on one screen. In a gym the runner's picture is shown only when asked for."""
        report, scorecard = self._scorecard(snapshot)
        if report is None or scorecard is None:
            text = _(texts.REPORT_LATE if report is None else texts.REPORT_UNREADABLE)
            return render_template("card_missing.html", snapshot=snapshot, text=text, timeout_s=self._timeout_s)
        shown = self._shown(report, scorecard)
        drawn = {card.id: evidence_figures.face(card, shown) for card in scorecard.cards}
        return render_template(
            "card.html", snapshot=snapshot, scorecard=scorecard, figures=drawn,
            has_stills=bool(report.pictures) or snapshot.pictures_coming, pictures_coming=snapshot.pictures_coming,
            **self._common,
        )  # fmt: skip

    def detail(self, card_id: str) -> str | Response:
        """Everything behind one verdict; the runner's picture as on the overview."""
        opened = self._opened(card_id)
        if opened is None:
            return redirect(url_for("pages.current"))
        card, shown = opened.card, self._shown(opened.report, opened.scorecard)
        return render_template(
            "detail.html", card=card, scorecard=opened.scorecard, figures=evidence_figures.behind(card, shown),
            thumbnails={step.n: evidence_figures.thumbnail(step, shown) for step in card.shown_steps.steps},
            has_stills=opened.may_show(evidence_figures.pictured(card.evidence)),
            has_curves=evidence_figures.has_curves(card), pictures_coming=opened.pictures_coming,
            table=opened.scorecard.table(request.args.get("from", 1, int)), leafing="from" in request.args,
            **self._common,
        )  # fmt: skip

    def step(self, card_id: str, n: int) -> str | Response:
        """One step behind a verdict: its frame and its force."""
        opened = self._opened(card_id)
        if opened is None:
            return redirect(url_for("pages.current"))
        card = opened.card
        step = card.shown_steps.step(n)
        if step is None:
            abort(404)
        drawn = evidence_figures.of_step(step, opened.scorecard, self._shown(opened.report, opened.scorecard))
        before, after = card.shown_steps.beside(n)
        return render_template(
            "step.html", card=card, step=step, figures=drawn, before=before, after=after,
            has_stills=opened.may_show(evidence_figures.pictured([step.picture])), has_curves=step.curve is not None,
            pictures_coming=opened.pictures_coming, **self._common,
        )  # fmt: skip

    def still(self, picture_id: str) -> Response:
        """A picture of the visit that is on the screen; of no other."""
        report, _scorecard = self._scorecard(self._feed.snapshot())
        if report is None or picture_id not in report.pictures:
            abort(404)
        return Response(report.pictures[picture_id], mimetype="image/jpeg")

    def _opened(self, card_id: str) -> _Opened | None:
        """None while there is no card on the screen; a card that is not there is a missing page."""
        snapshot = self._feed.snapshot()
        if snapshot.screen != "card":
            return None
        report, scorecard = self._scorecard(snapshot)
        card = scorecard.card(card_id) if scorecard else None
        if report is None or scorecard is None or card is None:
            abort(404)
        return _Opened(report, scorecard, card, snapshot.pictures_coming)

    def _scorecard(self, snapshot: Snapshot) -> tuple[Report | None, Scorecard | None]:
        """The report of the visit on the screen, and what of it can be shown."""
        if snapshot.screen != "card" or snapshot.visit_id is None:
            return None, None
        try:
            report = self._shelf.report(snapshot.visit_id, whole=not snapshot.pictures_coming)
        except BusError:
            return None, None
        return report, read_scorecard(report)

    def _shown(self, report: Report, scorecard: Scorecard) -> Shown:
        """What the drawings of this page may show."""
        return Shown(
            (lambda picture_id: url_for("cards.still", picture_id=picture_id)) if self._may("stills") else None,
            report.pictures,
            scorecard.newtons_per_bw if self._may("newtons") else None,
        )

    def _may(self, ask: str) -> bool:
        """In a clinic everything may be seen, in a gym what was asked for."""
        return self._config.mode == "clinic" or ask in request.args

    @property
    def _common(self) -> dict[str, Any]:
        """What all pages of a card are told. `asked`: what the links between them carry."""
        asked = {ask: "" for ask in ASKS if ask in request.args}
        return {
            "asked": asked,
            "stills": self._may("stills"),
            "newtons": self._may("newtons"),
            "timeout_s": self._config.kiosk.card_timeout_s,
        }

    @property
    def _timeout_s(self) -> float:
        return self._config.kiosk.card_timeout_s
