"""The pages. `/` is always the page of the phase the visit is in; the browser follows the phase by the live events."""

from flask import Blueprint, Response, redirect, render_template, url_for

from station.config import Config
from station.kiosk.card_pages import CardPages
from station.kiosk.feed import Feed
from station.kiosk.live_events import BONE_INDICES


class Pages:
    """Routes that only show."""

    def __init__(self, feed: Feed, cards: CardPages, config: Config) -> None:
        self._feed = feed
        self._cards = cards
        self._config = config
        self.blueprint = Blueprint("pages", __name__)
        self.blueprint.get("/")(self.current)
        self.blueprint.get("/consent")(self.consent)

    def current(self) -> str:
        """The page of the current phase."""
        snapshot = self._feed.snapshot()
        if snapshot.screen == "card":
            return self._cards.overview(snapshot)
        camera = snapshot.choices.camera
        return render_template(f"{snapshot.screen}.html", snapshot=snapshot, camera=camera, bones=BONE_INDICES)

    def consent(self) -> str | Response:
        snapshot = self._feed.snapshot()
        if snapshot.screen != "idle":
            return redirect(url_for("pages.current"))
        has_camera = self._config.camera.device != "none"
        return render_template("consent.html", snapshot=snapshot, has_camera=has_camera)
