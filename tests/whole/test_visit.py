"""A runner taps through a whole visit on the whole station: real daemons, a replayed run, the system's Chromium."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from station import config
from tests.kiosk.browser import SIZES, KioskScreen, chromium, chromium_path
from tests.kiosk.kiosk_process import free_port
from tests.whole.recorded_visit import visit_messages, write_visit
from tests.whole.station_process import RunningStation, running_station

pytestmark = [
    pytest.mark.skipif(chromium_path() is None, reason="no Chromium on this machine: install the chromium package"),
    pytest.mark.xdist_group("whole-station"),
]

FACTOR = 6.0
MISTAKES = ("head_forward", "uneven_gait", "arm_movement", "heavy_rearfoot_strike")


@pytest.fixture(scope="module")
def station(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStation]:
    folder = tmp_path_factory.mktemp("visit")
    write_visit(folder / "visit.mcap", visit_messages("heavy_rearfoot"))
    settings = config.Config(
        force=config.Force(device="replay"),
        camera=config.Camera(device="replay"),
        kiosk=config.Kiosk(port=free_port()),
        run=config.Run(speed_m_s=2.9),
        simulation=config.Simulation(recording=str(folder / "visit.mcap"), replay_factor=FACTOR),
    )
    with running_station(folder, settings) as station:
        station.await_state(lambda s: s.ready and not s.faults)
        yield station


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    with chromium() as browser:
        yield browser


@pytest.mark.parametrize("size", ["wide", "small", "portrait"])
def test_a_visit_ends_with_the_four_cards(station: RunningStation, browser: object, size: str, tmp_path: Path) -> None:
    screen = KioskScreen(browser, f"http://127.0.0.1:{station.settings.kiosk.port}/", SIZES[size])
    screen.page.set_default_timeout(60_000)
    screen.at("idle")
    screen.begin()
    screen.at("run")
    screen.at("card")
    cards = screen.page.locator("a.card")
    assert cards.count() == len(MISTAKES)
    assert [card.get_attribute("href") for card in cards.all()] == [f"/card/{name}" for name in MISTAKES]
    words = [card.locator(".verdict").inner_text().strip() for card in cards.all()]
    assert words[3] in ("Present", "Likely"), words
    assert "Present" not in words[:3], words
    assert screen.misfits() == []
    screen.page.screenshot(path=tmp_path / f"{size}.png")
    cards.nth(3).tap()
    screen.page.wait_for_url("**/card/heavy_rearfoot_strike")
    assert screen.page.locator("figure svg").count() >= 2
    screen.tap("Finish")
    screen.at("idle")
    assert (screen.errors, screen.foreign) == ([], [])
    assert not list((Path(station.settings.state_dir) / "runs").rglob("*.mcap"))  # a gym keeps nothing
    screen.close()
