"""The small web server of the local network: one card at a time, by its link, and nothing else."""

import logging
import re
from collections.abc import Callable, Iterable
from typing import Any

from station.clock import Clock
from station.errors import ConfigError
from station.kiosk import languages
from station.kiosk.bounded_channel import BoundedChannel
from station.kiosk.languages import gettext as _
from station.kiosk.rate_limit import RateLimit
from station.kiosk.web_server import WebServer

log = logging.getLogger(__name__)

THREADS = 2
HTTP_PORT = 80
REQUESTS_A_MINUTE = 30
CONNECTIONS_AT_ONCE = 8
"""Of one address; a phone's browser opens six. The server has room for a hundred of all."""
_TRY_AGAIN_NS = 10_000_000_000
_PATH = re.compile(r"/t/([A-Za-z0-9_-]{16,64})")
_HEADERS = [
    ("Cache-Control", "no-store"),
    ("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
]


def address(host: str, port: int, token: str) -> str:
    """What the code of a link says."""
    return f"http://{_host_port(host, port)}/t/{token}"


def _host_port(host: str, port: int) -> str:
    """As a browser names it: without HTTP's own port (RFC 9110, 4.2.3)."""
    name = f"[{host}]" if ":" in host else host
    return name if port == HTTP_PORT else f"{name}:{port}"


class LinkPages:
    """A WSGI application. `card` gives the page of a token, None where it opens nothing."""

    def __init__(self, card: Callable[[str], bytes | None], host: str, port: int, language: str, clock: Clock) -> None:
        self._card = card
        self._host = _host_port(host, port)
        self._language = language
        self._limit = RateLimit(REQUESTS_A_MINUTE, 60.0, clock)

    def __call__(self, environ: dict[str, Any], start_response: Callable) -> Iterable[bytes]:
        if not self._limit.allows(environ.get("REMOTE_ADDR", "")):
            return _answer(start_response, "429 Too Many Requests", b"", "text/plain")
        page = self._page(environ)
        if page is None:
            with languages.speaking(self._language):
                gone = _("This link has expired, or it never was one.")
            return _answer(start_response, "404 Not Found", gone.encode(), "text/plain")
        return _answer(start_response, "200 OK", page, "text/html")

    def _page(self, environ: dict[str, Any]) -> bytes | None:
        """Only for a browser that was given this very address: another name may be another site's (DNS rebinding)."""
        found = _PATH.fullmatch(environ.get("PATH_INFO", ""))
        named = environ.get("HTTP_HOST", "").lower().removesuffix(f":{HTTP_PORT}") == self._host.lower()
        plain = environ.get("REQUEST_METHOD") == "GET" and not environ.get("QUERY_STRING")
        return self._card(found[1]) if found and named and plain else None


class PhoneChannel(BoundedChannel):
    """A connection from the local network, where one that opens many and asks nothing would keep the others out."""

    def __init__(self, server: Any, sock: Any, addr: Any, adj: Any, map: Any = None) -> None:
        super().__init__(server, sock, addr, adj, map=map)
        if sum(other.addr[0] == addr[0] for other in server.active_channels.values()) > CONNECTIONS_AT_ONCE:
            self.drop()


def _answer(start_response: Callable, status: str, body: bytes, kind: str) -> Iterable[bytes]:
    about = [("Content-Type", f"{kind}; charset=utf-8"), ("Content-Length", str(len(body)))]
    start_response(status, [*about, *_HEADERS])
    return [body]


class LinkServer:
    """Serves `pages` where that address is this machine's; tried again while it is not, as before DHCP has answered."""

    def __init__(self, pages: LinkPages, host: str, port: int, clock: Clock) -> None:
        self._pages, self._host, self._port, self._clock = pages, host, port, clock
        self._server: WebServer | None = None
        self._due_ns = 0
        self._said = ""

    @property
    def serving(self) -> bool:
        return self._server is not None and self._server.serving

    def keep(self) -> None:
        """Start it where it does not serve. Called often."""
        if self.serving or self._clock.now_ns() < self._due_ns:
            return
        self._due_ns = self._clock.now_ns() + _TRY_AGAIN_NS
        try:
            self._server = WebServer(self._pages, self._host, self._port, THREADS, PhoneChannel)
        except ConfigError as e:
            if str(e) != self._said:
                self._said = str(e)
                log.error("no links to cards: %s", e)

    def close(self) -> None:
        if self._server is not None:
            self._server.close()
