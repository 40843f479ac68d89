"""One runner's visit by HTTP: what they tap, and what the pages' own scripts do meanwhile."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from tests.whole.kiosk_client import EventStream, KioskClient, Page


class VisitFailedError(Exception):
    """What went another way than a visit should go."""


@dataclass(frozen=True)
class Plan:
    """What this runner does. `leaves_at`: the screen on which `action` is tapped; all before are only watched."""

    name: str
    camera: bool = True
    leaves_at: str = "card"
    action: str = "finish"
    reads: bool = False  # opens every card
    walks_away: bool = False  # taps nothing on the card: its page does, when its time is up


@dataclass
class Walk:
    """What happened. `reached_s`: when each screen was announced; `painted_s`: when its page was there whole."""

    reached_s: dict[str, float] = field(default_factory=dict)
    painted_s: dict[str, float] = field(default_factory=dict)
    cards: int = 0
    events: int = 0

    @property
    def card_after_s(self) -> float | None:
        """From the run's end to the card page with all that it loads."""
        if "score" not in self.reached_s or "card" not in self.painted_s:
            return None
        return self.painted_s["card"] - self.reached_s["score"]


def walk(client: KioskClient, plan: Plan, card_timeout_s: float, within_s: float) -> Walk:
    """The whole visit, from the start screen to the start screen. Raises VisitFailedError."""
    done = Walk()
    page = begin(client, plan.camera)
    deadline_s = time.monotonic() + within_s
    while page.screen != "idle":
        _painted(done, page)
        stream = client.events(page)
        with stream:
            if page.screen == plan.leaves_at:
                page = _act(client, page, plan.action, plan, card_timeout_s, done)
            elif page.screen == "card":
                page = _act(client, page, "finish", plan, card_timeout_s, done)
            else:
                page = _follow(client, page, stream, done, deadline_s)
    if plan.leaves_at == "card" and not done.cards:
        raise VisitFailedError(f"{plan.name}: no cards; seen: {list(done.painted_s)}")
    return done


def begin(client: KioskClient, camera: bool) -> Page:
    """From the start screen through the questions into a visit."""
    page = client.open("/")
    wanted = "yes" if camera else "no"
    for _ in range(4):
        for form in page.forms:
            if urlsplit(form.action).path == "/visit/start" and form.fields.get("camera") == wanted:
                return client.submit(form)
        page = client.open(_next_question(page, wanted))
    raise VisitFailedError(f"no way from {page.path} into a visit: {page.links}")


def _next_question(page: Page, camera: str) -> str:
    for link in page.links:
        parts = urlsplit(link)
        asked = parse_qs(parts.query)
        if parts.path == "/consent" or (parts.path == "/about" and asked.get("camera") == [camera]):
            return link
    raise VisitFailedError(f"{page.path} (status {page.status}) leads nowhere: {page.links}")


def _follow(client: KioskClient, page: Page, stream: EventStream, done: Walk, deadline_s: float) -> Page:
    """Watch the page until the station is elsewhere, then load that page."""
    last = {}
    for kind, data in stream:
        done.events += kind != ""
        last = data if kind == "state" else last
        if kind == "state" and data["screen"] != page.screen:
            done.reached_s.setdefault(data["screen"], time.monotonic())
            return client.open("/")
        if time.monotonic() > deadline_s:
            raise VisitFailedError(f"still at {page.screen}: {last}")
    raise VisitFailedError(f"the kiosk ended the stream of the {page.screen} page")


def _painted(done: Walk, page: Page) -> None:
    done.painted_s.setdefault(page.screen, time.monotonic())
    if page.screen == "card":
        done.cards = max(done.cards, len(card_links(page)))


def card_links(page: Page) -> list[str]:
    return [link for link in dict.fromkeys(page.links) if urlsplit(link).path.startswith("/card/")]


def _act(client: KioskClient, page: Page, action: str, plan: Plan, card_timeout_s: float, done: Walk) -> Page:
    """Read what is to be read, then tap."""
    if plan.reads:
        _expect_pages(client.open(link) for link in card_links(page))
        _expect_pages(client.open(link) for link in page.links if "stills" in link)
    if plan.walks_away and page.screen == "card":
        time.sleep(card_timeout_s)
    form = page.form(f"/visit/{action}")
    if form is None:
        raise VisitFailedError(f"{plan.name}: the {page.screen} page has no way to {action}")
    after = client.submit(form)
    if action == "stop":
        done.reached_s.setdefault("score", time.monotonic())
    return _settled(client, after, lambda now: now.screen != page.screen)


def _expect_pages(pages: Iterable[Page]) -> None:
    for page in pages:
        if page.status != 200:
            raise VisitFailedError(f"{page.path}: status {page.status}")


def _settled(client: KioskClient, page: Page, wanted: Callable[[Page], bool], within_s: float = 5.0) -> Page:
    """The page, asked again until it is as wanted: an action may be shown a moment late."""
    end_s = time.monotonic() + within_s
    while not wanted(page):
        if time.monotonic() > end_s:
            raise VisitFailedError(f"still at {page.screen} (status {page.status}) after {within_s:g} s")
        time.sleep(0.05)
        page = client.open("/")
    return page
