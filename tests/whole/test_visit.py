"""A runner taps through a whole visit on the whole station: real daemons, a replayed run, the system's Chromium."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from station import config
from station.bus import Subscriber
from station.messages import CameraHealth
from tests.kiosk.browser import SIZES, KioskScreen, chromium, chromium_path
from tests.kiosk.kiosk_process import free_port
from tests.whole.recorded_visit import visit_messages, write_visit
from tests.whole.station_process import RunningStation, running_station

pytestmark = [
    pytest.mark.skipif(chromium_path() is None, reason="no Chromium on this machine: install the chromium package"),
]

FACTOR = 8.0
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


@dataclass(frozen=True)
class Runner:
    """How one runner goes through the kiosk."""

    size: str
    language: str
    answer: str  # to the question for the camera
    live: bool = False
    nickname: str = ""


RUNNERS = (
    Runner("portrait", "es", "no_camera"),  # the first: nobody has opened the camera yet
    Runner("small", "fr", "skeleton", live=True),
    Runner("wide", "en", "pictures", nickname="Al"),
    Runner("full_hd", "de", "pictures", live=True),
)


@pytest.mark.parametrize(
    "runner",
    [RUNNERS[0], *(pytest.param(runner, marks=pytest.mark.long) for runner in RUNNERS[1:])],
    ids=lambda runner: f"{runner.size}-{runner.language}",
)
def test_a_visit_ends_with_the_four_cards(station: RunningStation, browser: object, runner: Runner) -> None:
    camera = Subscriber(station.context, station.settings.runtime, ["camera"], [CameraHealth])
    screen = KioskScreen(browser, f"http://127.0.0.1:{station.settings.kiosk.port}/", SIZES[runner.size])
    screen.page.set_default_timeout(60_000)
    screen.at("idle")
    list(station.states.drain())  # those of the runner before
    _arrive(screen, runner)
    chosen = station.await_state(lambda s: s.choices is not None).choices
    assert (chosen.language, chosen.live, chosen.nickname or "") == (runner.language, runner.live, runner.nickname)
    screen.at("run")
    assert screen.page.locator("#force").count() == runner.live
    _read_the_card(screen, runner)
    screen.page.locator("footer form[action='/visit/finish'] button").tap()
    screen.at("idle")
    assert (screen.errors, screen.foreign) == ([], [])
    assert not list((Path(station.settings.state_dir) / "runs").rglob("*.mcap"))  # a gym keeps nothing
    told = list(camera.drain(timeout_s=0.5))
    assert told
    if runner.answer == "no_camera":
        assert not any(health.opened or health.wanted or health.frames for health in told)
    camera.close()
    screen.close()


def _arrive(screen: KioskScreen, runner: Runner) -> None:
    page = screen.page
    page.locator(f'.languages [lang="{runner.language}"]').tap()
    page.locator(f'[data-choice="{runner.answer}"]').tap()
    assert page.locator("#speed").count() == 0  # the configuration knows the belt
    if runner.live:
        page.locator("label.switch").tap()
    if runner.nickname:
        page.locator("#nickname").tap()
        for key in runner.nickname:
            page.locator(f".keys [data-skbtn={key}]").tap()
        page.locator(".keys [data-skbtn='{done}']").tap()
    page.locator("[data-go]").tap()


def _read_the_card(screen: KioskScreen, runner: Runner) -> None:
    page = screen.at("card")
    assert page.get_attribute("html", "lang") == runner.language
    cards = page.locator("a.card")
    assert [card.get_attribute("href") for card in cards.all()] == [f"/card/{name}" for name in MISTAKES]
    verdicts = [card.get_attribute("class").split()[1] for card in cards.all()]
    if runner.answer == "no_camera":
        assert [verdicts[k] for k in (0, 2, 3)] == ["not_measured"] * 3, verdicts
    else:
        assert verdicts[3] in ("present", "likely"), verdicts
    assert "present" not in verdicts[:3], verdicts
    assert screen.misfits() == []
    cards.nth(3).tap()
    page.wait_for_url("**/card/heavy_rearfoot_strike*")
    assert page.locator("figure svg").count() >= 1
