"""What the kiosk shows while the configuration cannot be read: which file and key are wrong, at the default address."""

import logging
import os
import signal
import threading

from station import config
from station.daemon import notify
from station.errors import ConfigError
from station.kiosk import fallback, texts
from station.kiosk.web_server import WebServer

log = logging.getLogger(__name__)

_LOOK_EVERY_S = 1.0


def serve(path: str | os.PathLike[str] | None) -> None:
    """Until the configuration loads, for the supervisor to start the kiosk with it, or until SIGTERM or SIGINT.

    Raises ConfigError where the address cannot be used.
    """
    told_to_end = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, frame: told_to_end.set())
    while not told_to_end.is_set() and (wrong := _wrong(path)):
        log.error("%s", wrong)
        _show(path, wrong, told_to_end)


def _show(path: str | os.PathLike[str] | None, wrong: str, told_to_end: threading.Event) -> None:
    """The page, as long as that is what is wrong."""
    title, remedy = texts.WRONG_CONFIG
    address = config.Kiosk()
    server = WebServer(fallback.application(title, wrong, remedy), address.host, address.port)
    notify("READY=1")
    try:
        while not told_to_end.wait(_LOOK_EVERY_S) and _wrong(path) == wrong:
            notify("WATCHDOG=1")
    finally:
        server.close()


def _wrong(path: str | os.PathLike[str] | None) -> str | None:
    try:
        config.load(path)
    except ConfigError as e:
        return str(e)
    return None
