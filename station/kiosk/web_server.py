"""Waitress on a thread of its own, so that it can be ended while browsers hold open streams."""

import logging
import socket
import sys
import threading
from typing import Any

from waitress import create_server, wasyncore

from station.errors import ConfigError
from station.kiosk.bounded_channel import BoundedChannel
from station.kiosk.event_stream import MAX_STREAMS

_THREADS = MAX_STREAMS + 6
"""A stream holds its thread: at least four must stay free for pages."""

MAX_BODY_BYTES = 64 * 1024
"""No form is longer. Waitress takes 1 GB, and spools it to the disk before anybody has looked at it."""

_END_S = 1.2


class WebServer:
    """Serves a WSGI application from its creation until `close`."""

    def __init__(
        self, application: Any, host: str, port: int, threads: int = _THREADS,
        channel: type[BoundedChannel] = BoundedChannel,
    ) -> None:  # fmt: skip
        """Raises ConfigError when the address cannot be used."""
        self._sockets: dict[int, Any] = {}
        self._server = create_server(
            application, map=self._sockets, sockets=[_listening(host, port)], threads=threads, ident="station",
            outbuf_overflow=sys.maxsize,  # answers wait in memory: nothing of a visit may be spooled to the disk
            max_request_body_size=MAX_BODY_BYTES,
        )  # fmt: skip
        self._server.channel_class = channel
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a deep queue for a moment is no event
        self._closing = False
        self._thread = threading.Thread(target=self._serve, name="web", daemon=True)
        self._thread.start()

    @property
    def serving(self) -> bool:
        return self._thread.is_alive()

    def close(self) -> None:
        """Finish the answers under way (their streams must have been told to end), then close every connection."""
        self._server.task_dispatcher.shutdown(timeout=_END_S)
        self._closing = True
        self._thread.join(timeout=0.5)
        wasyncore.close_all(self._sockets, ignore_all=True)

    def _serve(self) -> None:
        while not self._closing and self._sockets:
            wasyncore.loop(timeout=0.2, map=self._sockets, count=1)


def _listening(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as e:
        remedy = "free the port or change kiosk.host and kiosk.port"
        raise ConfigError(f"kiosk: cannot serve on {host} port {port}: {e.strerror}; {remedy}") from None
