"""All that lets a run leave the station with its runner, and come back: key, code, link, and reading."""

import logging
from dataclasses import dataclass

from flask import Flask, request

from station.clock import Clock
from station.config import Config
from station.errors import BusError, CardKeyError, InputError
from station.kiosk import languages
from station.kiosk.card.page import standalone_page
from station.kiosk.card.report_shelf import ReportShelf
from station.kiosk.feed import Feed
from station.kiosk.snapshot import Snapshot
from station.kiosk.take_home.code_reading import Camera, CodeReading
from station.kiosk.take_home.earlier_pages import EarlierPages
from station.kiosk.take_home.earlier_run import EarlierRun
from station.kiosk.take_home.link_server import LinkPages, LinkServer
from station.kiosk.take_home.links import Links
from station.kiosk.take_home.pages import TakeHomePages
from station.records import card_key
from station.records.card_key import CardKeys

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class TakeHome:
    """`server` None: nothing is served in the local network."""

    keys: CardKeys
    links: Links
    earlier: EarlierRun
    reading: CodeReading
    server: LinkServer | None

    @property
    def link_works(self) -> bool:
        return self.server is not None and self.server.serving

    def keep(self, snapshot: Snapshot) -> None:
        """Forget what belongs to another visit; called often."""
        if snapshot.state is not None:
            self.links.keep_only(snapshot.visit_id)
        self.earlier.keep(snapshot)
        if self.server is not None:
            self.server.keep()

    def close(self) -> None:
        self.reading.stop()
        if self.server is not None:
            self.server.close()


def make(config: Config, feed: Feed, shelf: ReportShelf, camera: Camera, clock: Clock) -> TakeHome | None:
    """None, and the log says why, where the station's key is damaged: the kiosk goes on without."""
    try:
        keys = card_key.load(config.state)
    except CardKeyError as e:
        log.error("kiosk: no codes to take home: %s", e)
        return None
    links, earlier = Links(clock, 60 * config.kiosk.share_minutes), EarlierRun(clock)
    server = _server(config, feed, shelf, links, clock)
    return TakeHome(keys, links, earlier, CodeReading(camera, keys, earlier), server)


def add_routes(app: Flask, take_home: TakeHome | None, feed: Feed, shelf: ReportShelf, config: Config) -> None:
    """The pages, and two globals for the templates of others: `takes_home`, and `compares()` for the card's visit."""
    app.jinja_env.globals["takes_home"] = take_home is not None
    app.jinja_env.globals["compares"] = lambda: (
        take_home is not None and take_home.earlier.of(feed.snapshot().visit_id) is not None
    )
    if take_home is None:
        return

    @app.before_request
    def forget_who_has_left() -> None:
        """Back on the attract screen: whoever showed a code does not start a visit with it."""
        waits = take_home.earlier.waiting is not None
        if waits and request.endpoint == "pages.current" and feed.snapshot().screen == "idle":
            take_home.earlier.forget()

    pages = TakeHomePages(
        feed, shelf, config, take_home.keys, take_home.links, take_home.earlier, lambda: take_home.link_works
    )
    app.register_blueprint(pages.blueprint)
    app.register_blueprint(EarlierPages(feed, take_home.reading, take_home.earlier).blueprint)


def _server(config: Config, feed: Feed, shelf: ReportShelf, links: Links, clock: Clock) -> LinkServer | None:
    kiosk = config.kiosk
    if kiosk.share_host is None:
        return None

    def card(token: str) -> bytes | None:
        """The whole card as one file, while it is on the screen."""
        snapshot = feed.snapshot()
        if snapshot.screen != "card" or snapshot.visit_id is None or links.visit(token) != snapshot.visit_id:
            return None
        try:
            with languages.speaking(languages.chosen(snapshot.last, None, kiosk.language)):
                return standalone_page(shelf.report(snapshot.visit_id).json)
        except (BusError, InputError) as e:
            log.warning("link: %s", e)
            return None

    pages = LinkPages(card, kiosk.share_host, kiosk.share_port, kiosk.language, clock)
    return LinkServer(pages, kiosk.share_host, kiosk.share_port, clock)
