"""What a runner can do to the visit: start, stop, leave. Each is a POST that fusion must accept."""

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from station.errors import BusError
from station.kiosk import fallback, texts
from station.kiosk.feed import Feed
from station.kiosk.fusion_client import FusionClient
from station.messages import Choices, VisitCommand

_FOLLOW_S = 1.0
"""How long an action waits for the new state, so that the next page is already the right one."""


class VisitActions:
    """Routes under /visit."""

    def __init__(self, feed: Feed, fusion: FusionClient) -> None:
        self._feed = feed
        self._fusion = fusion
        self.blueprint = Blueprint("visit", __name__, url_prefix="/visit")
        for name in ("start", "stop", "finish", "discard"):
            self.blueprint.post(f"/{name}", endpoint=name)(getattr(self, name))

    def start(self) -> Response:
        choices = Choices(camera=request.form.get("camera") == "yes")
        return self._do(VisitCommand(action="start", choices=choices), ("idle",))

    def stop(self) -> Response:
        return self._do(VisitCommand(action="stop"), ("run",))

    def finish(self) -> Response:
        return self._do(VisitCommand(action="finish"), ("card",))

    def discard(self) -> Response:
        return self._do(VisitCommand(action="discard"), ("weigh", "ready", "score"))

    def _do(self, command: VisitCommand, sensible_in: tuple[str, ...]) -> Response:
        """Send the command where it makes sense now (a late second tap does not), then show where the visit stands."""
        before = self._feed.snapshot().screen
        if before in sensible_in:
            try:
                self._fusion.command(command)
            except BusError as e:
                return fallback.response(texts.NOT_ANSWERED, str(e), 503)
            self._feed.wait_until(lambda now: now.screen != before, _FOLLOW_S)
        return redirect(url_for("pages.current"), 303)
