"""The pages of a card in the system's Chromium: overview, verdict and step, at every size, in a long language."""

import pytest

from station.messages import Choices
from tests.kiosk.browser import SIZES, KioskScreen, chromium, chromium_path
from tests.kiosk.kiosk_process import running_kiosk, wait_for_screen, write_config
from tests.kiosk.scripted_station import ScriptedStation

pytestmark = [
    pytest.mark.skipif(chromium_path() is None, reason="no Chromium on this machine: install the chromium package"),
]

GERMAN = Choices(language="de", nickname="Maximiliane")


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    """(browser, address, station) of a kiosk that shows a card."""
    folder = tmp_path_factory.mktemp("card")
    config = write_config(folder, card_timeout_s=500.0)
    with chromium() as browser, running_kiosk(folder, config), ScriptedStation(folder / "run") as station:
        wait_for_screen(config, "idle")
        station.go("card", choices=GERMAN)
        wait_for_screen(config, "card")
        yield browser, f"http://127.0.0.1:{config.kiosk.port}/", station


@pytest.fixture
def screen(opened, request):
    browser, address, _station = opened
    screen = KioskScreen(browser, address, SIZES[request.param])
    screen.at("card")
    yield screen
    assert screen.errors == []
    assert screen.foreign == []
    screen.close()


def every_size(test):
    return pytest.mark.parametrize("screen", SIZES, indirect=True)(test)


@every_size
def test_a_verdict_opens_to_its_steps_and_each_step_to_its_force(screen):
    page = screen.page
    page.wait_for_selector(".card")
    assert "Maximiliane" in page.inner_text("h1")
    assert (screen.misfits(), screen.accessibility()) == ([], [])
    assert page.evaluate(_CUT_CUES) == []
    page.locator(".card").nth(1).tap()
    page.wait_for_selector("body.detail .tile")
    assert (screen.misfits(), screen.accessibility()) == ([], [])
    page.locator(".tile").first.tap()
    page.wait_for_selector("body.one-step .curve.this")
    assert (screen.misfits(), screen.accessibility()) == ([], [])
    assert page.evaluate(_SHOWN_SHARE) > 0.25
    first = page.inner_text("h1")
    page.locator("nav a").last.tap()
    page.wait_for_function("(first) => document.querySelector('h1').innerText !== first", arg=first)


@pytest.mark.parametrize("screen", ["small"], indirect=True)
def test_every_switch_of_a_step_fits_the_small_screen(screen, opened):
    for path in ("card/head_forward/step/108?stills=&newtons=", "card/head_forward?stills=&newtons="):
        screen.page.goto(f"{opened[1]}{path}")
        screen.page.wait_for_selector("text=Newton ausblenden")
        assert screen.misfits() == []


@pytest.mark.parametrize("screen", ["wide"], indirect=True)
def test_the_steps_are_reached_by_keyboard_alone(screen):
    screen.at("card").wait_for_selector(".card")
    screen.press("Ungleicher Lauf")
    screen.page.wait_for_selector("body.detail .tile")
    screen.press("Schritt 33")
    screen.page.wait_for_selector("body.one-step")
    screen.press("Newton")
    screen.page.wait_for_selector(".tick.newtons")


_CUT_CUES = """() => [...document.querySelectorAll(".face .cue")]
  .filter((e) => e.scrollHeight > e.clientHeight + 3).map((e) => e.innerText)"""

_SHOWN_SHARE = """() => {
  const drawing = document.querySelector("svg.curves").getBoundingClientRect();
  return drawing.height / innerHeight;
}"""
