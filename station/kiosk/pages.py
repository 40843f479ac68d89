"""The pages. `/` is always the page of the phase the visit is in; the browser follows the phase by the live events."""

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from station.kiosk import languages
from station.kiosk.card.pages import CardPages
from station.kiosk.feed import Feed
from station.kiosk.languages import pgettext
from station.kiosk.live_events import BONE_INDICES
from station.kiosk.setup.progress import Progress


class Pages:
    """The route that only shows."""

    def __init__(self, feed: Feed, cards: CardPages, setup: Progress) -> None:
        self._feed = feed
        self._cards = cards
        self._setup = setup
        self.blueprint = Blueprint("pages", __name__)
        self.blueprint.get("/")(self.current)

    def current(self) -> str | Response:
        """The page of the current phase; of a station that nobody has set up, the set-up."""
        if self._setup.fresh:
            return redirect(url_for("setup.overview"))
        snapshot = self._feed.snapshot()
        match snapshot.screen:
            case "card":
                return self._cards.overview(snapshot)
            case "idle":
                return render_template("idle.html", snapshot=snapshot, starts=_starts())
            case "run":
                page = "run_live.html" if snapshot.choices.live else "run.html"
                return render_template(page, snapshot=snapshot, camera=snapshot.choices.camera, bones=BONE_INDICES)
            case screen:
                return render_template(f"{screen}.html", snapshot=snapshot)


def _starts() -> dict[str, str]:
    """Language -> what its button says."""
    said = {}
    for language in languages.LANGUAGES:
        with languages.speaking(language):
            said[language] = pgettext("attract screen", "Start")
    return said
