"""A runner watches while daemons are killed in mid-run: the screen says so in their language, and goes on by itself."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator

from station import config
from station.bus import request
from station.fusion.notices import RESTARTED
from station.kiosk import languages, texts
from station.messages import Report, ReportRequest, SampleBatch
from station.records import recording
from tests.kiosk.browser import SIZES, KioskScreen, chromium, chromium_path
from tests.kiosk.kiosk_process import free_port
from tests.whole.station_process import RunningStation, running_station

pytestmark = [
    pytest.mark.skipif(chromium_path() is None, reason="no Chromium on this machine: install the chromium package"),
    pytest.mark.long,
]

RUN_S = 600.0  # longer than the test on any machine: the run is ended by the kills
SAID_WITHIN_S = 15.0  # of an idle machine: about 4
BACK_WITHIN_MS = 60_000


@pytest.fixture
def station(tmp_path: Path) -> Iterator[RunningStation]:
    settings = config.Config(
        force=config.Force(device="simulated"),
        camera=config.Camera(device="simulated"),
        kiosk=config.Kiosk(port=free_port()),
        simulation=config.Simulation(scenario="good_man", run_s=RUN_S),
    )
    left_by_a_power_cut(tmp_path)
    with running_station(tmp_path, settings) as station:
        station.await_state(lambda s: s.ready and not s.faults)
        yield station


@pytest.fixture
def screen(station: RunningStation) -> Iterator[KioskScreen]:
    with chromium() as browser:
        screen = KioskScreen(browser, f"http://127.0.0.1:{station.settings.kiosk.port}/", SIZES["wide"])
        screen.page.set_default_timeout(BACK_WITHIN_MS)
        yield screen


def left_by_a_power_cut(state: Path) -> None:
    """A sealed recording whose key went with the RAM."""
    (state / "runs" / "temporary").mkdir(parents=True)
    (state / "runs" / "temporary" / "0123456789abcdef.mcap").write_bytes(b"STATION-SEALED-1\n" + bytes(1000))


def kill_until(station: RunningStation, daemon: str, said: Locator) -> None:
    """Kill -9, and again whenever the supervisor has started it anew, until the screen says that it is gone."""
    end_s = time.monotonic() + SAID_WITHIN_S
    while not said.is_visible():
        assert time.monotonic() < end_s, f"the screen does not say that the {daemon} daemon is gone"
        pid = station.pid_of(daemon)
        if pid is not None:
            os.kill(pid, signal.SIGKILL)
        said.page.wait_for_timeout(50)


def test_the_screen_says_what_is_wrong_and_the_visit_goes_on(station: RunningStation, screen: KioskScreen) -> None:
    page = screen.page
    runs = Path(station.settings.state_dir) / "runs"
    screen.at("idle")
    assert not list(runs.rglob("*.mcap"))  # what a power cut left is gone
    screen.begin(language="de")
    screen.at("run")
    running = station.await_state(lambda s: s.phase == "run" and s.run_s > 3)

    for daemon, text in (("camera", texts.CAMERA_SILENT), ("force", texts.FORCE_SILENT)):
        said = page.locator("[data-problems] li", has_text=in_german(text).partition(".")[0])
        kill_until(station, daemon, said)
        said.wait_for(state="detached")
        steps = station.await_state(lambda s: s.phase == "run" and not s.faults).steps
        station.await_state(lambda s, steps=steps: s.steps > steps + 5)

    kill_until(station, "kiosk", page.locator("#away"))
    page.locator("#away").wait_for(state="hidden")
    screen.at("run")
    assert page.locator("html").get_attribute("lang") == "de"

    kill_until(station, "fusion", page.locator('body[data-screen="moment"]'))
    assert page.locator("html").get_attribute("lang") == "de"
    assert page.locator("[data-problems]").inner_text().strip() == in_german(texts.STATION_SILENT)
    (path,) = (runs / "temporary").glob("*.mcap")
    batches = [m for m in recording.open_any(path, station.settings.runtime) if isinstance(m, SampleBatch)]
    first_ns, last_ns = (int(b.arrays()["t_low_ns"][-1]) for b in (batches[0], batches[-1]))
    assert (last_ns - first_ns) / 1e9 > 16  # readable up to the kill

    screen.at("card")
    assert page.locator("html").get_attribute("lang") == "de"
    assert in_german(RESTARTED) in page.locator("[data-notice]").inner_text()
    card = station.await_state(lambda s: s.phase == "card")
    assert (card.visit_id, card.choices) == (running.visit_id, running.choices)
    request_ = ReportRequest(visit_id=card.visit_id)
    report = request(station.context, station.settings.runtime, "fusion", request_, Report)
    assert b'"gait":"running"' in report.json
    page.locator('footer form[action^="/visit/finish"] button').tap()
    screen.at("idle")
    assert not list(runs.rglob("*.mcap"))
    assert not list((station.settings.runtime / "keys").iterdir())


def in_german(text: str) -> str:
    with languages.speaking("de"):
        return languages.gettext(text)
