"""The web server with browsers that do not behave."""

import contextlib
import html
import socket
import tempfile
import threading
import urllib.request

import pytest

from station.kiosk import languages, texts
from station.kiosk.bounded_channel import MAX_PENDING_BYTES
from station.kiosk.spoken_channel import spoken_channel
from station.kiosk.take_home.link_server import CONNECTIONS_AT_ONCE, PhoneChannel
from station.kiosk.web_server import WebServer
from tests.kiosk.kiosk_process import free_port

_WAIT_S = 20
_CHUNK = b"x" * 16 * 1024
_MOST_IN_SOCKETS = 32 * 1024 * 1024
_LARGE = bytes(4 * 1024 * 1024)


class Endless:
    """An application: `/` never stops to send, `/large` is one large picture. `closed` when a body was closed."""

    def __init__(self) -> None:
        self.sent_bytes = 0
        self.closed = threading.Event()

    def __call__(self, environ, start_response):
        start_response("200 OK", [("Content-Type", "application/octet-stream")])
        return [_LARGE] if environ["PATH_INFO"] == "/large" else self._body()

    def _body(self):
        try:
            while self.sent_bytes < _MOST_IN_SOCKETS:
                self.sent_bytes += len(_CHUNK)
                yield _CHUNK
        finally:
            self.closed.set()


@pytest.fixture
def spooled(monkeypatch):
    """Files that were opened to spool something to the disk."""
    opened = []
    real = tempfile.TemporaryFile

    def noted(*args, **kwargs):
        opened.append(args)
        return real(*args, **kwargs)

    monkeypatch.setattr(tempfile, "TemporaryFile", noted)
    return opened


@pytest.fixture
def endless():
    return Endless()


@pytest.fixture
def port(endless):
    port = free_port()
    server = WebServer(endless, "127.0.0.1", port)
    yield port
    server.close()


def stalled_browser(port: int) -> socket.socket:
    """Asks, and reads nothing."""
    browser = socket.socket()
    browser.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    browser.settimeout(_WAIT_S)
    browser.connect(("127.0.0.1", port))
    browser.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
    return browser


def read_to_the_end(browser: socket.socket) -> int:
    """Bytes that came before the other end closed the connection."""
    received = 0
    try:
        while piece := browser.recv(1 << 16):
            received += len(piece)
    except ConnectionResetError:
        pass
    return received


def test_a_browser_that_reads_nothing_is_dropped_and_nothing_is_spooled(endless, port, spooled):
    with stalled_browser(port) as browser:
        assert endless.closed.wait(_WAIT_S)
        assert endless.sent_bytes < _MOST_IN_SOCKETS
        assert endless.sent_bytes - read_to_the_end(browser) <= MAX_PENDING_BYTES + 2 * len(_CHUNK)
    assert spooled == []


def test_a_large_picture_is_sent_whole_from_memory(port, spooled):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/large") as answer:
        assert answer.read() == _LARGE
    assert spooled == []


def test_others_are_served_while_one_is_dropped(endless, port):
    with stalled_browser(port):
        assert endless.closed.wait(_WAIT_S)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/large") as answer:
            assert len(answer.read()) == len(_LARGE)


def test_it_serves_on_the_ipv6_loopback(endless):
    if not socket.has_dualstack_ipv6():
        pytest.skip("no IPv6 on this machine")
    port = free_port()
    server = WebServer(endless, "::1", port)
    try:
        with urllib.request.urlopen(f"http://[::1]:{port}/large") as answer:
            assert answer.status == 200
    finally:
        server.close()


@pytest.mark.parametrize("length", ["Content-Length: 200000000", "Transfer-Encoding: chunked"])
def test_a_body_that_is_no_form_is_refused_and_not_spooled(length, port, spooled):
    with socket.create_connection(("127.0.0.1", port), _WAIT_S) as browser:
        browser.sendall(f"POST / HTTP/1.1\r\nHost: localhost\r\n{length}\r\n\r\n".encode())
        with contextlib.suppress(ConnectionError):  # it closes while more comes
            for _ in range(128):
                browser.sendall(b"%x\r\n%s\r\n" % (len(_CHUNK), _CHUNK))
        with contextlib.suppress(ConnectionError):
            assert browser.recv(64).startswith(b"HTTP/1.1 413 ")
    assert spooled == []


@pytest.mark.parametrize(
    ("request_line", "more", "status", "language", "words"),
    [
        ("POST /visit/start?lang=de", "Content-Length: 70000", b"413 ", "de", texts.PAGE_TOO_LONG),
        ("POST /visit/start", "Content-Length: 70000", b"413 ", "fr", texts.PAGE_TOO_LONG),
        ("GET /?lang=de", "Content-Length: many", b"400 ", "de", texts.PAGE_NOT_UNDERSTOOD),
    ],
)
def test_what_the_server_refuses_is_said_in_the_visitors_language(request_line, more, status, language, words):
    asked = []

    def language_of(code: str | None) -> str:
        asked.append(code)
        return code or "fr"

    port = free_port()
    server = WebServer(lambda environ, start: [], "127.0.0.1", port, channel=spoken_channel(language_of))
    try:
        with socket.create_connection(("127.0.0.1", port), _WAIT_S) as browser:
            with contextlib.suppress(ConnectionError):
                browser.sendall(f"{request_line} HTTP/1.1\r\nHost: localhost\r\n{more}\r\n\r\n".encode())
            answer = b"".join(iter(lambda: browser.recv(65536), b""))
    finally:
        server.close()
    assert answer.startswith(b"HTTP/1.1 " + status) or answer.startswith(b"HTTP/1.0 " + status)
    assert b"text/html" in answer
    assert f'<html lang="{language}">' in answer.decode()
    with languages.speaking(language):
        assert all(html.escape(languages.gettext(text)) in answer.decode() for text in words)


def test_one_address_cannot_take_all_connections(endless):
    port = free_port()
    server = WebServer(endless, "127.0.0.1", port, channel=PhoneChannel)
    browsers = [socket.create_connection(("127.0.0.1", port), _WAIT_S) for _ in range(CONNECTIONS_AT_ONCE + 1)]
    try:
        assert browsers[-1].recv(1) == b""
        browsers[0].sendall(b"GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert browsers[0].recv(4) == b"HTTP"
    finally:
        for browser in browsers:
            browser.close()
        server.close()
