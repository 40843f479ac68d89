"""Set-up and calibration in the system's Chromium, as an installer at the screen does them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from station import config
from station.kiosk.staff.pin import StaffPin
from tests.kiosk.browser import SIZES, KioskScreen, chromium, chromium_path
from tests.kiosk.kiosk_process import health, running_kiosk, wait_for_screen, write_config
from tests.kiosk.scripted_station import ScriptedStation
from tests.workbench.bench_station import PIN, BenchStation, bench_station

pytestmark = [
    pytest.mark.skipif(chromium_path() is None, reason="no Chromium on this machine: install the chromium package"),
]
PATIENCE_MS = 120_000  # a calibration's process begins, or a daemon starts anew


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as made:
        yield made


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[config.Config]:
    """A kiosk as install.sh leaves it: no PIN, no calibration, a folder for settings."""
    made = write_config(tmp_path)
    made.state.mkdir()
    (tmp_path / "conf.d").mkdir()
    with ScriptedStation(made.runtime), running_kiosk(tmp_path, made):
        wait_for_screen(made, "idle")
        yield made


def open_at(browser: Browser, made: config.Config, size: str = "small", path: str = "/") -> KioskScreen:
    return KioskScreen(browser, f"http://127.0.0.1:{made.kiosk.port}{path}", SIZES[size])


def type_pin(screen: KioskScreen) -> None:
    for digit in PIN:
        screen.page.locator(f'[data-key="{digit}"]').tap()


def test_a_fresh_station_is_set_up_by_touch_and_by_keyboard(browser: Browser, fresh: config.Config) -> None:
    screen = open_at(browser, fresh)
    page = screen.page
    screen.tap("Next")  # English is what it speaks already, so nothing starts anew
    page.wait_for_url("**/setup/screen?*")
    for corner in page.locator("[data-corner]").all():
        corner.tap()
    page.get_by_text("Touch works in all four corners.").wait_for()
    screen.press("Later")
    page.wait_for_url("**/setup/station?*")
    page.locator('[name="name"]').tap()
    page.locator('[data-skbtn="N"]').tap()
    assert page.locator('[name="name"]').input_value() == "N"
    assert screen.faults() == []  # of the keyboard, too
    screen.tap("Done")
    screen.press("Later")
    page.wait_for_url("**/setup/treadmill?*")
    page.locator('[name="x_m_front_left"]').tap()
    for key in ("delete", "delete", "delete", "9", "9"):
        page.locator(f'[data-key="{key}"]').tap()
    page.locator("footer .strong").tap()
    page.get_by_text("metres from −2.5 to 2.5").wait_for()
    screen.errors.clear()  # the browser's own word for the refusal
    assert screen.faults() == []
    screen.press("Later")
    page.wait_for_url("**/setup/camera?*")
    screen.press("Later")
    page.wait_for_url("**/setup/pin?*")
    type_pin(screen)
    page.locator('[data-key="next"]').tap()
    type_pin(screen)
    screen.tap("Set the PIN")
    page.wait_for_url("**/setup/cells?*")
    assert StaffPin(fresh.state).matches(PIN)
    screen.tap("All steps")
    page.wait_for_url("**/setup/?*")
    assert screen.faults() == []
    screen.key("Escape")
    page.locator(".area").wait_for()
    screen.tap("Leave")
    screen.at("idle")
    assert (screen.errors, screen.foreign) == ([], [])
    screen.close()


@pytest.mark.long
@pytest.mark.parametrize("size", sorted(SIZES))
@pytest.mark.parametrize("language", ["en", "de", "es", "fr"])
def test_every_page_fits_every_screen(browser: Browser, fresh: config.Config, size: str, language: str) -> None:
    screen = open_at(browser, fresh, size)
    base, end = f"http://127.0.0.1:{fresh.kiosk.port}/staff", f"?lang={language}"
    found = {}

    def look(path: str) -> None:
        screen.page.goto(f"{base}/{path}{end}")
        found[path] = screen.faults()

    for step in ("language", "screen", "station", "treadmill", "camera", "pin"):
        look(f"setup/{step}")
    type_pin(screen)
    screen.page.locator('[data-key="next"]').tap()
    type_pin(screen)
    screen.page.locator("footer .strong").tap()
    screen.page.wait_for_url("**/setup/cells?*")
    for path in ("setup/", "setup/cells", "setup/masses", "setup/ringing", "setup/view", "setup/privacy", "setup/done"):
        look(path)
    for path in ("", "tare", "grid", "kernel", "deck", "camera", "now"):
        look(f"calibrate/{path}")
    assert {path: faults for path, faults in found.items() if faults} == {}
    assert screen.errors == []
    screen.close()


@pytest.fixture
def at_the_deck(tmp_path: Path) -> Iterator[BenchStation]:
    with bench_station(tmp_path, "force", "workbench", "kiosk") as station:
        station.wait(lambda state: bool(state.force_n))
        while health(station.settings) is None:
            station.wait(lambda state: True)
        yield station


def sign_in(browser: Browser, station: BenchStation, size: str = "small") -> KioskScreen:
    screen = open_at(browser, station.settings, size, "/staff/")
    for digit in PIN:
        screen.page.locator(f'[data-digit="{digit}"]').tap()
    screen.tap("Sign in")
    screen.tap("Calibrate")
    return screen


def measure(screen: KioskScreen, says: str) -> None:
    """The step that says this."""
    screen.page.get_by_role("heading", name=says).wait_for(timeout=PATIENCE_MS)
    screen.tap("That is done: measure")


@pytest.mark.long
def test_tare_and_grid_page_by_page(browser: Browser, at_the_deck: BenchStation) -> None:
    screen = sign_in(browser, at_the_deck)
    page = screen.page
    screen.tap("1. Zero of the load cells")
    page.get_by_text("Also with the running belt").tap()
    screen.tap("Begin")
    measure(screen, "Take everything off the deck")
    page.locator("[data-left]").wait_for()
    page.get_by_role("heading", name="done and saved").wait_for(timeout=PATIENCE_MS)
    screen.tap("Known masses")
    page.locator('[name="mass0"]').fill("0")
    screen.tap("Begin")
    page.get_by_text("a mass from 0.5 to 249 kg").wait_for()
    screen.errors.clear()  # the browser's own word for the refusal
    page.locator('[name="mass0"]').fill("20")
    page.locator('[name="mass1"]').fill("")
    page.locator('label:has([name="points"][value="4"])').tap()
    screen.press("Begin")
    measure(screen, "take everything off the deck")
    page.get_by_text("step 2 of 5").wait_for(timeout=PATIENCE_MS)
    page.goto("about:blank")  # the browser is closed and comes back
    page.goto(f"http://127.0.0.1:{at_the_deck.settings.kiosk.port}/staff/calibrate/")
    page.get_by_text("step 2 of 5").wait_for()
    for _ in range(4):
        screen.press("That is done: measure")
        page.locator("[data-left], .report").first.wait_for(timeout=PATIENCE_MS)
        page.locator("footer form [autofocus]:not([popover] *), .report").first.wait_for(timeout=PATIENCE_MS)
    assert "a point is predicted by all others" in page.inner_text(".report")
    assert page.get_by_role("link", name="Blur of the chips").count() == 1  # still to be calibrated
    assert (screen.faults(), screen.errors, screen.foreign) == ([], [], [])
    screen.close()


@pytest.mark.long
def test_two_browsers_are_at_one_step(browser: Browser, at_the_deck: BenchStation) -> None:
    first = sign_in(browser, at_the_deck)
    first.tap("1. Zero of the load cells")
    first.tap("Begin")
    first.page.get_by_role("heading", name="Stop the belt").wait_for(timeout=PATIENCE_MS)
    second = sign_in(browser, at_the_deck)  # one session at a time: the first one is asked for the PIN again
    measure(second, "Stop the belt")
    second.page.get_by_role("heading", name="start the belt").wait_for(timeout=PATIENCE_MS)
    first.page.get_by_role("button", name="Sign in").wait_for()
    second.tap("Give up")
    second.tap("Give it up")
    second.page.get_by_text("nothing was saved").wait_for()
    assert at_the_deck.wait(lambda state: state.failed is not None).doing == "nothing"
    first.close()
    second.close()
