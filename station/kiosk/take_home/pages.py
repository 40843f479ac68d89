"""The pages of a card that leads beyond its visit: the code to take home, and the comparison with last time."""

from collections.abc import Callable
from datetime import date

from flask import Blueprint, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from station.config import Config
from station.errors import BusError
from station.kiosk.card.report_shelf import ReportShelf
from station.kiosk.card.view import Scorecard, read_scorecard
from station.kiosk.feed import Feed
from station.kiosk.languages import gettext as _
from station.kiosk.snapshot import Snapshot
from station.kiosk.take_home import code_summary, code_text, comparison_view, link_server, qr_svg
from station.kiosk.take_home.earlier_run import EarlierRun
from station.kiosk.take_home.links import Links
from station.records.card_key import CardKeys
from station.scorecard.compare import compare
from station.scorecard.run_summary import RunSummary


class TakeHomePages:
    """Routes /take-home and /compare. `link_works`: whether the local network's server serves just now."""

    def __init__(
        self, feed: Feed, shelf: ReportShelf, config: Config, keys: CardKeys, links: Links, earlier: EarlierRun,
        link_works: Callable[[], bool],
    ) -> None:  # fmt: skip
        self._feed, self._shelf, self._kiosk = feed, shelf, config.kiosk
        self._keys, self._links, self._earlier, self._link_works = keys, links, earlier, link_works
        self.blueprint = Blueprint("take_home", __name__)
        self.blueprint.get("/take-home")(self.take_home)
        self.blueprint.get("/compare")(self.compare)

    def take_home(self) -> str | Response:
        """The code, what it holds, and the link where there is one."""
        snapshot = self._feed.snapshot()
        found = self._run(snapshot)
        if found is None:
            return redirect(url_for("pages.current"))
        scorecard, summary = found
        nickname = snapshot.choices.nickname if request.args.get("name") == "yes" else None
        words = code_summary.words(scorecard, summary, self._kiosk.station_name, nickname)
        code = qr_svg.take_home(*code_text.signed(words, summary, self._keys))
        return render_template(
            "take_home.html", code=qr_svg.drawing(code, _("Code to take home")), link=self._link(snapshot),
            minutes=self._kiosk.share_minutes, may_name=bool(snapshot.choices.nickname), named=bool(nickname),
            timeout_s=self._kiosk.card_timeout_s,
        )  # fmt: skip

    def compare(self) -> str | Response:
        """Today against the run of the code that was shown before this visit."""
        snapshot = self._feed.snapshot()
        then, found = self._earlier.of(snapshot.visit_id), self._run(snapshot)
        if then is None or found is None:
            return redirect(url_for("pages.current"))
        scorecard, now = found
        view = comparison_view.view(compare(then, now), scorecard.cards)
        return render_template("compare.html", view=view, timeout_s=self._kiosk.card_timeout_s)

    def _run(self, snapshot: Snapshot) -> tuple[Scorecard, RunSummary] | None:
        """The run on the screen; None where there is none, or fusion does not give it."""
        if snapshot.screen != "card" or snapshot.visit_id is None:
            return None
        try:
            report = self._shelf.report(snapshot.visit_id)
        except BusError:
            return None
        scorecard = read_scorecard(report)
        if scorecard is None:
            return None
        summary = code_summary.summary_of(report.json, snapshot.choices, self._keys.id, date.today())
        return scorecard, summary

    def _link(self, snapshot: Snapshot) -> Markup | None:
        """No code that cannot work."""
        if self._kiosk.share_host is None or snapshot.visit_id is None or not self._link_works():
            return None
        token = self._links.token(snapshot.visit_id)
        address = link_server.address(self._kiosk.share_host, self._kiosk.share_port, token)
        return qr_svg.drawing(qr_svg.link(address), _("Link to the whole card"))
