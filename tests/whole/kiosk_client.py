"""The kiosk as a browser meets it, without a browser: pages and what they load, a cookie, forms, live events."""

import http.client
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

HOST = "127.0.0.1"
TIMEOUT_S = 10.0
_CACHED = ("/static/", "/vendor/")
"""What the kiosk lets a browser keep; everything else of a page is loaded with it each time."""


@dataclass
class Form:
    """`fields` as the page filled them in."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)


class _Parts(HTMLParser):
    """Forms, links and loaded files of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.loads: list[str] = []
        self.screen: str | None = None
        self.language = "en"
        self.live = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(named.get("action", "")))
        elif tag == "input" and self.forms and named.get("type") == "hidden":
            self.forms[-1].fields[named["name"]] = named.get("value", "")
        elif tag == "a" and "href" in named:
            self.links.append(named["href"])
        elif tag in ("img", "image", "script", "link"):
            self.loads += [named[key] for key in ("src", "href") if named.get(key)]
        elif tag == "html":
            self.language = named.get("lang", self.language)
        elif tag == "body":
            self.screen, self.live = named.get("data-screen"), named.get("data-live", "")


@dataclass(frozen=True)
class Page:
    """An answer, and what it holds where it is a page."""

    path: str
    status: int
    text: str
    forms: list[Form]
    links: list[str]
    loads: list[str]
    screen: str | None
    stream: str  # where its live events come from

    def form(self, action: str) -> Form | None:
        """The first form that posts to `action`."""
        return next((form for form in self.forms if urlsplit(form.action).path == action), None)


class KioskClient:
    """One screen: a kept-alive connection for pages, one more for each stream of events."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._connection = http.client.HTTPConnection(HOST, port, timeout=TIMEOUT_S)
        self._cookie = ""
        self._kept: set[str] = set()

    def open(self, path: str) -> Page:
        """A page and all that it loads."""
        page = self._request("GET", path)
        for load in page.loads:
            if not load.startswith(_CACHED) or load not in self._kept:
                self._request("GET", load)
                self._kept.add(load)
        return page

    def submit(self, form: Form, **fields: str) -> Page:
        """Send the form as filled in, with `fields` put over that, and follow where it leads."""
        return self._request("POST", form.action, urlencode(form.fields | fields))

    def events(self, page: Page) -> "EventStream":
        """A new stream of this page's live events. Raises StreamRefusedError where there are too many."""
        return EventStream(self._port, page.stream)

    def close(self) -> None:
        self._connection.close()

    def _request(self, method: str, path: str, body: str | None = None) -> Page:
        headers = {"Cookie": self._cookie} if self._cookie else {}
        if body is not None:
            headers |= {
                "Content-Type": "application/x-www-form-urlencoded",
                "Origin": f"http://{HOST}:{self._port}",
                "Referer": f"http://{HOST}:{self._port}/",
            }
        answer, content = self._exchange(method, path, body, headers)
        if cookie := answer.getheader("Set-Cookie"):
            self._cookie = cookie.partition(";")[0]
        if answer.status in (302, 303):
            return self.open(urljoin(path, answer.getheader("Location", "/")))
        parts = _Parts()
        text = ""
        if answer.getheader("Content-Type", "").startswith("text/html"):
            text = content.decode()
            parts.feed(text)
        stream = f"/events?{urlencode({'lang': parts.language, 'live': parts.live})}"
        return Page(path, answer.status, text, parts.forms, parts.links, parts.loads, parts.screen, stream)

    def _exchange(
        self, method: str, path: str, body: str | None, headers: dict[str, str]
    ) -> tuple[http.client.HTTPResponse, bytes]:
        """As a browser does, over a new connection where the kiosk has closed the kept one."""
        for last in (False, True):
            try:
                self._connection.request(method, path, body, headers)
                answer = self._connection.getresponse()
                return answer, answer.read()
            except (http.client.RemoteDisconnected, ConnectionError):
                self._connection.close()
                if last:
                    raise
        raise AssertionError("unreachable")


class StreamRefusedError(Exception):
    """The kiosk has as many streams as it allows; the text is its answer."""


class EventStream:
    """`/events`, as EventSource reads it."""

    def __init__(self, port: int, path: str) -> None:
        self._connection = http.client.HTTPConnection(HOST, port, timeout=TIMEOUT_S)
        self._connection.request("GET", path, headers={"Accept": "text/event-stream"})
        self._answer = self._connection.getresponse()
        if self._answer.status != http.client.OK:
            text = f"{self._answer.status} {self._answer.read().decode().strip()}"
            self._connection.close()
            raise StreamRefusedError(text)

    def __enter__(self) -> "EventStream":
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def __iter__(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """(kind, data) of every event, until the kiosk ends the stream; ("", {}) of a comment, by which it lives."""
        kind = ""
        while line := self._answer.readline().decode():
            name, _, value = line.rstrip("\n").partition(":")
            if name == "event":
                kind = value.strip()
            elif name == "data":
                yield kind, json.loads(value)
            elif line.startswith(":"):
                yield "", {}

    def close(self) -> None:
        """As a page that is left does: at once, whatever is still on its way."""
        self._answer.close()
        self._connection.close()
