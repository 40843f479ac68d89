"""What a runner can do to the visit: start, stop, read on, leave, be forgotten. Each a POST that fusion must accept."""

from contextlib import suppress

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from station.errors import BusError
from station.kiosk import fallback, texts
from station.kiosk.arrival import Arrival
from station.kiosk.feed import Feed
from station.kiosk.fusion_client import FusionClient
from station.messages import VisitCommand

Answer = Response | tuple[str, int]


class VisitActions:
    """Routes under /visit."""

    def __init__(self, feed: Feed, fusion: FusionClient, arrival: Arrival) -> None:
        self._feed = feed
        self._fusion = fusion
        self._arrival = arrival
        self.blueprint = Blueprint("visit", __name__, url_prefix="/visit")
        for name in ("start", "stop", "stay", "finish", "discard"):
            self.blueprint.post(f"/{name}", endpoint=name)(getattr(self, name))

    def start(self) -> Answer:
        about = self._arrival.read(request.form)
        if about.refused and self._feed.snapshot().screen == "idle":
            return self._arrival.about_page(about), 400
        if self._feed.being_worked_on:
            return fallback.response(texts.NOT_ANSWERED, texts.BEING_WORKED_ON, 503)
        return self._do(VisitCommand(action="start", choices=about.choices), ("idle",))

    def stop(self) -> Answer:
        return self._do(_named_by_the_form("stop"), ("run",))

    def stay(self) -> Answer:
        """The card's page says by itself that it was touched; it needs no other page."""
        command = _named_by_the_form("stay")
        if self._feed.snapshot().screen == "card" and command.visit_id == self._feed.snapshot().visit_id:
            with suppress(BusError):  # fusion is down: it does not count either
                self._fusion.command(command)
        return "", 204

    def finish(self) -> Answer:
        return self._do(_named_by_the_form("finish"), ("card",))

    def discard(self) -> Answer:
        return self._do(_named_by_the_form("discard"), ("weigh", "ready", "run", "score", "card"))

    def _do(self, command: VisitCommand, sensible_in: tuple[str, ...]) -> Answer:
        """Send the command where it makes sense now, then show where the visit stands.

        A late second tap does not, nor does a page of a visit that is over. What has changed since fusion spoke last,
        fusion itself refuses.
        """
        before = self._feed.snapshot()
        if before.screen in sensible_in and command.visit_id == before.visit_id:
            try:
                self._fusion.command(command)
            except BusError as e:
                return fallback.response(texts.NOT_ANSWERED, str(e), 503)
            self._feed.follow(lambda now: now.screen != before.screen)
        return redirect(url_for("pages.current"), 303)


def _named_by_the_form(action: str) -> VisitCommand:
    """The command for the visit that the page with the form was shown for."""
    return VisitCommand(action=action, visit_id=request.form.get("visit") or None)
