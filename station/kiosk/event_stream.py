"""Server-sent events (WHATWG HTML, section 9.2): state, health and the live measurements, to a few browsers."""

import threading
from collections.abc import Iterator

from flask import Response

from station.kiosk import languages, live_events
from station.kiosk.feed import Feed
from station.kiosk.snapshot import Snapshot

MAX_STREAMS = 8
"""Each stream holds one thread of the web server for as long as its page is open."""

_PAUSE_S = 0.5  # the longest silence on a stream: a lost browser is noticed at the next write


class EventStreams:
    """Hands out answers that never end, not more than MAX_STREAMS at once."""

    def __init__(self, feed: Feed, boot: str, usual_language: str) -> None:
        self._feed = feed
        self._boot = boot
        self._usual_language = usual_language
        self._free = threading.BoundedSemaphore(MAX_STREAMS)

    def response(self, language: str | None, *, live: bool) -> Response:
        """A new stream, in this language while no visit says another; status 503 when all are taken (it then polls)."""
        if not self._free.acquire(blocking=False):
            return Response("too many streams\n", 503, mimetype="text/plain")
        response = Response(
            events(self._feed, self._boot, language, self._usual_language, live=live), mimetype="text/event-stream"
        )
        response.call_on_close(self._free.release)
        return response


def events(feed: Feed, boot: str, language: str | None, usual: str, *, live: bool) -> Iterator[bytes]:
    """The body of one stream, until the feed is closed. `live` False: without what only a live page draws."""
    yield b"retry: 1000\n\n"
    version = 0
    told: dict[str, str] = {}
    while not feed.closed:
        moments, version = feed.live_after(version, _PAUSE_S)
        snapshot = feed.snapshot()
        with languages.speaking(languages.chosen(snapshot.last, language, usual)):
            changes = _changes(snapshot, boot, told)
        for kind, data in [*changes, *(moments if live else [])]:
            yield f"event: {kind}\ndata: {data}\n\n".encode()
        yield b":\n\n"  # a comment, so that something is written in any case


def _changes(snapshot: Snapshot, boot: str, told: dict[str, str]) -> list[tuple[str, str]]:
    now = {"state": live_events.state(snapshot, boot), "health": live_events.health(snapshot)}
    changed = [(kind, data) for kind, data in now.items() if told.get(kind) != data]
    told.update(changed)
    return changed
