"""A visit whose every trace can be known again: a planted nickname, a magenta second person, a browser of its own."""

import contextlib
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, sync_playwright

from station import config
from tests.kiosk.browser import chromium_path
from tests.kiosk.kiosk_process import free_port, wait_for_screen
from tests.whole import crowded_clips, traces
from tests.whole.station_process import RunningStation, running_station

NAME = "Qzvyxwjk"
_SETTLE_S = 3.0  # the browser goes to the start page, sockets are overwritten, rings freed


class PlantedVisit:
    """The station, the browser at its kiosk, and all places where something could be left."""

    def __init__(self, station: RunningStation, browser: BrowserContext, folder: Path) -> None:
        self.station = station
        self.folder = folder
        self.page: Page = browser.pages[0]
        self._browser = browser
        self.url = f"http://127.0.0.1:{station.settings.kiosk.port}"

    def begin(self) -> None:
        """A runner gives a name, and lets the camera film."""
        self.page.goto(f"{self.url}/about?lang=en&camera=yes&pictures=yes")
        self.page.fill("#nickname", NAME)
        self.page.locator("#about").evaluate("form => form.requestSubmit()")
        self.at("weigh")

    def at(self, screen: str, within_s: float = 60.0) -> None:
        self.page.wait_for_selector(f'body[data-screen="{screen}"]', timeout=1000 * within_s)

    def forget_me(self) -> None:
        """Tap "Forget me", and again."""
        self.page.click(".forget")
        self.page.click("#forget-me button.strong")
        self.at("idle")

    def in_memory(self) -> Iterator[str]:
        """Traces in the memory of the living daemons and their workers.

        But the load cells' daemon: with real cells it hears nothing of a visit, only simulated ones watch the screen.
        """
        pids = set(traces.descendants(self.station.process.pid)) - {self.station.pid_of("force")}
        for pid in pids:
            yield from traces.in_memory(pid, NAME)

    def on_disk(self) -> list[str]:
        """Traces in the files of the station and the browser, in the log, and where temporary files go."""
        return traces.in_files(self.folder, NAME)

    def everywhere(self) -> list[str]:
        """All traces, a moment after the visit."""
        time.sleep(_SETTLE_S)
        runtime = Path(self.station.settings.runtime_dir)
        return [*self.in_memory(), *traces.in_files(runtime, NAME), *self.on_disk()]

    def close_browser(self) -> None:
        """It writes to its profile what it has not written yet."""
        self._browser.close()

    def cut_power(self) -> None:
        """All processes end at once, in mid-write; what was in RAM is gone."""
        pids = [self.station.process.pid, *traces.descendants(self.station.process.pid)]
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


@contextlib.contextmanager
def planted(world: Path, run_s: float, *, in_run: bool = True) -> Iterator[PlantedVisit]:
    """A whole station on the simulated runner, of whom there are clips in `world`.

    `in_run`: the second person stays while the runner runs, so that the card has no pictures; else he leaves before.
    """
    crowded_clips.make(world, in_run=in_run)
    short = tempfile.TemporaryDirectory(prefix="st-")  # Chromium puts a socket into it
    with short as folder, _planted(Path(folder), world, run_s) as visit:
        yield visit


@contextlib.contextmanager
def _planted(folder: Path, world: Path, run_s: float) -> Iterator[PlantedVisit]:
    """With everything that is written below `folder`."""
    state, temporary = folder / "state", folder / "tmp"
    for each in (state, temporary):
        each.mkdir()
    settings = config.Config(
        force=config.Force(device="simulated"),
        camera=config.Camera(device="simulated", workers=1),
        kiosk=config.Kiosk(port=free_port(), card_timeout_s=20.0),
        run=config.Run(speed_m_s=3.0, weigh_s=1.0, end_after_s=2.0),
        simulation=config.Simulation(scenario=crowded_clips.STUDY, run_s=run_s),
    )
    environment = os.environ | {"XDG_CACHE_HOME": str(world), "TMPDIR": str(temporary)}
    with (
        (folder / "log.txt").open("wb") as log,
        running_station(state, settings, env=environment, stdout=log, stderr=subprocess.STDOUT) as station,
        sync_playwright() as playwright,
    ):
        station.await_state(lambda s: s.ready and not s.faults)
        wait_for_screen(station.settings, "idle")
        browser = playwright.chromium.launch_persistent_context(
            folder / "browser", executable_path=chromium_path(), args=["--no-sandbox"], env=environment
        )
        yield PlantedVisit(station, browser, folder)
