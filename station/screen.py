"""`station screen`: the kiosk's browser on this machine's own screen, kept there whatever happens to it.

The desktop's compositor (labwc) starts it inside; on a machine without a desktop it first becomes cage, a compositor
for one program, which starts it again inside. Either way it turns the picture and keeps Chromium running.
"""

import argparse
import logging
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from station import config
from station.config_watch import ConfigWatch
from station.errors import ConfigError, StationError
from station.kiosk.browser_policy import address
from station.screen_turning import Turning, transform_deg

log = logging.getLogger(__name__)

PROGRAMS = ("chromium", "chromium-browser")  # Debian and Raspberry Pi OS; Raspberry Pi OS until Bookworm
FLAGS = (
    "--kiosk",
    "--ozone-platform=wayland",
    "--noerrdialogs",
    "--no-first-run",
    "--disable-infobars",
    "--disable-pinch",
    "--overscroll-history-navigation=0",
    "--disable-session-crashed-bubble",
    "--disable-component-update",
    "--password-store=basic",
    "--touch-events=enabled",
    "--disable-features=Translate,TouchpadOverscrollHistoryNavigation",
)
"""What the managed policy cannot say: https://peter.sh/experiments/chromium-command-line-switches/"""
CAGE_FLAGS = ("-d", "-s")
"""No frame around the window; Ctrl+Alt+F2 leads to a terminal, where a password is asked for (cage(1))."""
BY_CAGE = "STATION_SCREEN_TURNED_BY_CAGE"
AGAIN_S = 0.5
_LOOK_S = 0.5
_END_S = 3.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--config", type=Path, default=config.default_path(), help="configuration of the station")


def run(options: argparse.Namespace) -> None:
    """Until it is ended. Raises StationError where a program that it needs is missing."""
    if "WAYLAND_DISPLAY" not in os.environ:
        _become_cage(options.config)
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit())  # the browser ends with this
    browser, wanted = _program(*PROGRAMS), Wanted(options.config)
    turning = None if BY_CAGE in os.environ else Turning()
    while True:
        before = wanted.now
        show(browser, wanted, turning)
        if turning is None and wanted.now.rotation_deg != before.rotation_deg:
            return  # cage ends with it, and the unit starts both anew


@dataclass(frozen=True)
class Shown:
    """What the configuration says of the screen."""

    address: str
    rotation_deg: int


class Wanted:
    """What is to be on the screen, by the configuration as it was last valid."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        try:
            self._take(config.load(path))
        except ConfigError as e:
            log.error("%s", e)
            self._take(config.Config())  # where the kiosk itself says what is wrong

    def changed(self) -> bool:
        """Whether it is something else since the last time it was asked."""
        before = self.now
        if self._watch.changed():
            with suppress(ConfigError):  # it changed once more meanwhile: the watch says so at its next look
                self._take(config.load(self._path))
        return self.now != before

    def _take(self, settings: config.Config) -> None:
        self._watch = ConfigWatch(self._path, settings)
        self.now = Shown(address(settings.kiosk), settings.kiosk.screen_rotation_deg)


def show(browser: str, wanted: Wanted, turning: Turning | None) -> None:
    """Keep the browser running until something else is wanted; `turning`: and the screen turned."""
    while not wanted.changed():
        _keep_turned(turning, wanted)
        if not _answers(wanted.now.address):
            time.sleep(_LOOK_S)  # a browser that finds nobody shows an error of its own, and does not try again
            continue
        with _browser(browser, wanted.now.address) as process:
            while process.poll() is None:
                if wanted.changed():
                    return
                _keep_turned(turning, wanted)
                time.sleep(_LOOK_S)
            log.warning("the browser ended with status %d; it is started again", process.returncode)
        time.sleep(AGAIN_S)


def _keep_turned(turning: Turning | None, wanted: Wanted) -> None:
    if turning is not None:
        turning.keep(wanted.now.rotation_deg)


def _become_cage(path: Path | None) -> None:
    cage = _program("cage")
    turns = transform_deg(Wanted(path).now.rotation_deg) // 90
    usage = subprocess.run([cage, "-h"], capture_output=True, text=True, check=False)
    inside = [sys.executable, "-m", "station", "screen", *(["--config", str(path)] if path else [])]
    if "\n -r" in usage.stdout + usage.stderr:  # Debian 12's cage turns by itself; later ones let wlr-randr do it
        os.environ[BY_CAGE] = "yes"
        os.execv(cage, [cage, *CAGE_FLAGS, *["-r"] * turns, "--", *inside])
    os.execv(cage, [cage, *CAGE_FLAGS, "--", *inside])


def _program(*names: str) -> str:
    for name in names:
        if found := shutil.which(name):
            return found
    raise StationError(f"{names[0]} is not installed; run: sudo apt-get install {names[0]}")


def _answers(where: str) -> bool:
    parts = urlsplit(where)
    try:
        with socket.create_connection((parts.hostname, parts.port), timeout=_LOOK_S):
            return True
    except OSError:
        return False


@contextmanager
def _browser(program: str, where: str) -> Iterator[subprocess.Popen]:
    """With a new profile in RAM, which is all that it may call its home."""
    ram = os.environ.get("XDG_RUNTIME_DIR")
    if ram is None:
        raise ConfigError("XDG_RUNTIME_DIR is not set; start this in a session of the screen, or by its unit")
    home = Path(ram) / "station-screen"
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(mode=0o700, exist_ok=True)  # a browser that is still dying may have written there meanwhile
    command = [program, *FLAGS, f"--user-data-dir={home}/profile", where]
    process = subprocess.Popen(command, env=os.environ | {"HOME": str(home)})
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(_END_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
