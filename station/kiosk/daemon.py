"""The kiosk daemon: one thread keeps the latest of the bus, a web server shows it."""

import logging

import msgspec

from station.bus import Subscriber
from station.clock import SystemClock
from station.daemon import Life
from station.errors import ConfigError, StationError
from station.forgetting import Forgetting
from station.kiosk import fallback, languages, texts
from station.kiosk.app import Parts, create_app
from station.kiosk.card.report_shelf import ReportShelf
from station.kiosk.feed import Feed
from station.kiosk.fusion_client import FusionClient
from station.kiosk.self_check import SelfCheck
from station.kiosk.setup.settings import Settings
from station.kiosk.spoken_channel import spoken_channel
from station.kiosk.take_home import service
from station.kiosk.take_home.code_camera import CodeCamera
from station.kiosk.web_server import WebServer
from station.kiosk.workbench.client import WorkbenchClient
from station.messages import (
    CameraHealth,
    DaemonHealth,
    ForceHealth,
    Keypoints,
    LiveForce,
    LiveStep,
    StationState,
    WorkbenchState,
)

log = logging.getLogger(__name__)

_SHOWN = [
    StationState, LiveForce, LiveStep, Keypoints, ForceHealth, CameraHealth, WorkbenchState, DaemonHealth,
]  # fmt: skip
_FALLBACK_S = 10.0
_ANSWERED_S = 1.0  # after a visit, answers that were under way are given
_DUMB_NS = 15_000_000_000  # longer than a busy server keeps anybody waiting: its threads hang


def run(life: Life) -> None:
    """Serve until `life.stopping`. Raises ConfigError: the port is taken; StationError: the pages are damaged."""
    config = life.config
    feed = Feed(SystemClock(), camera_expected=config.camera.device != "none")
    subscriber = life.subscriber(["fusion", "force", "camera", "workbench"], _SHOWN)
    fusion = FusionClient(life.context, life.runtime)
    workbench = WorkbenchClient(life.context, life.runtime)
    shelf = ReportShelf(fusion)
    taken = service.make(config, feed, shelf, CodeCamera(life.context, life.runtime), SystemClock())
    try:
        application = create_app(Parts(config, feed, fusion, shelf, workbench, Settings(life.config_path), taken))
    except ConfigError:
        raise
    except Exception as e:
        log.exception("kiosk: the pages cannot be built")
        _serve_fallback(life)
        raise StationError(f"kiosk: the installed pages are damaged ({e}); run install.sh again") from None
    channel = spoken_channel(lambda asked: languages.chosen(feed.snapshot().last, asked, config.kiosk.language))
    server = WebServer(application, config.kiosk.host, config.kiosk.port, channel=channel)
    check = SelfCheck(config.kiosk.host, config.kiosk.port, SystemClock())
    forgetting = Forgetting(SystemClock(), _ANSWERED_S)
    life.ready()
    try:
        while not life.stopping and server.serving:
            _take_in(subscriber, feed)
            feed.accept(life.health())
            snapshot = feed.snapshot()
            shelf.keep_only(snapshot.visit_id)
            forgetting.look(snapshot.visit_id)
            if taken is not None:
                taken.keep(snapshot)
            if SystemClock().now_ns() - check.answered_ns < _DUMB_NS:
                life.alive()
    finally:
        check.close()
        feed.close()
        server.close()
        if taken is not None:
            taken.close()


def _take_in(subscriber: Subscriber, feed: Feed) -> None:
    try:
        for message in subscriber.drain(0.2):
            feed.accept(message)
    except msgspec.DecodeError as e:  # a daemon of another version: its messages are left out
        log.warning("kiosk: a message was not understood: %s", e)


def _serve_fallback(life: Life) -> None:
    """Say in words that the kiosk cannot start, for a while; the supervisor then starts it anew."""
    with languages.speaking(_readable(life.config.kiosk.language)):
        page = fallback.application(*texts.NOT_STARTED)
    server = WebServer(page, life.config.kiosk.host, life.config.kiosk.port)
    clock = SystemClock()
    end_ns = clock.now_ns() + round(_FALLBACK_S * 1e9)
    while not life.stopping and clock.now_ns() < end_ns:
        clock.sleep(0.1)
    server.close()


def _readable(language: str) -> str:
    """This language, or English where its catalogue is what is damaged."""
    try:
        languages.translations(language)
    except StationError:
        return languages.SOURCE
    return language
