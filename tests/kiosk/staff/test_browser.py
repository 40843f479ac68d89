"""The staff area and the ways out of the page, in the system's Chromium."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from station.config import Config
from station.kiosk.staff.pin import StaffPin
from station.kiosk.staff.pin_lockout import FREE_TRIES
from tests.kiosk.browser import SIZES, KioskScreen, chromium, chromium_path
from tests.kiosk.kiosk_process import running_kiosk, wait_for_screen, write_config
from tests.kiosk.scripted_station import ScriptedStation

pytestmark = [
    pytest.mark.skipif(chromium_path() is None, reason="no Chromium on this machine: install the chromium package"),
]

PIN = "482915"
_HOLD_MS = 3500


class Kiosk:
    """The real kiosk in a process, the station that it shows, a browser."""

    def __init__(self, made: Config, station: ScriptedStation, browser: Browser) -> None:
        self.made, self.station, self._browser = made, station, browser

    def screen(self, size: str = "small", path: str = "/") -> KioskScreen:
        return KioskScreen(self._browser, f"http://127.0.0.1:{self.made.kiosk.port}{path}", SIZES[size])


@pytest.fixture(scope="module")
def kiosk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kiosk]:
    folder = tmp_path_factory.mktemp("k")
    made = write_config(folder)
    made.state.mkdir()
    StaffPin(made.state).set(PIN)
    with ScriptedStation(made.runtime) as station, running_kiosk(folder, made), chromium() as browser:
        wait_for_screen(made, "idle")
        yield Kiosk(made, station, browser)


def enter(screen: KioskScreen, pin: str) -> None:
    for digit in pin:
        screen.page.locator(f'[data-digit="{digit}"]').tap()
    screen.page.get_by_role("button", name="Sign in").tap()


def hold_corner(screen: KioskScreen, ms: int, move_to: tuple[int, int] = (20, 20)) -> None:
    screen.page.mouse.move(20, 20)
    screen.page.mouse.down()
    screen.page.mouse.move(*move_to)
    screen.page.wait_for_timeout(ms)
    screen.page.mouse.up()


@pytest.mark.parametrize("size", ["small", "portrait"])
def test_from_the_hidden_corner_to_the_end_of_a_visit(kiosk: Kiosk, size: str) -> None:
    screen = kiosk.screen(size)
    screen.page.mouse.move(20, 20)
    screen.page.mouse.down()
    screen.page.wait_for_url("**/staff/")
    screen.page.mouse.up()
    assert (screen.accessibility(), screen.misfits()) == ([], [])
    enter(screen, PIN)
    screen.page.get_by_role("heading", name="How the station is").wait_for()
    assert (screen.accessibility(), screen.misfits()) == ([], [])
    kiosk.station.go("run")
    wait_for_screen(kiosk.made, "run")
    screen.page.reload()
    screen.tap("End this visit and wipe it")
    screen.page.get_by_role("link", name="Clean the screen").wait_for()
    assert kiosk.station.commands[-1].action == "finish"
    screen.tap("Leave")
    screen.at("idle")
    assert (screen.errors, screen.foreign) == ([], [])
    screen.close()


def test_a_short_or_a_moving_touch_opens_nothing(kiosk: Kiosk) -> None:
    screen = kiosk.screen()
    hold_corner(screen, 500)
    hold_corner(screen, _HOLD_MS, move_to=(60, 20))
    assert screen.page.url.endswith(f":{kiosk.made.kiosk.port}/")
    screen.key("Control+Alt+KeyS")
    screen.page.wait_for_url("**/staff/")
    screen.close()


def test_the_cleaning_lock_takes_no_touch_and_no_key(kiosk: Kiosk) -> None:
    screen = kiosk.screen(path="/staff/")
    enter(screen, PIN)
    screen.tap("Clean the screen")
    screen.page.wait_for_selector("[data-seconds]")
    assert (screen.accessibility(), screen.misfits()) == ([], [])
    seconds = int(screen.page.inner_text("[data-seconds]"))
    for key in ("Escape", "Enter", "Control+Alt+KeyS", "Alt+ArrowLeft"):
        screen.key(key)
    screen.page.touchscreen.tap(30, 30)
    hold_corner(screen, _HOLD_MS)
    assert "/staff/cleaning" in screen.page.url
    assert int(screen.page.inner_text("[data-seconds]")) < seconds
    screen.close()


def test_wrong_pins_lock_the_pad(kiosk: Kiosk) -> None:
    screen = kiosk.screen(path="/staff/")
    for _ in range(FREE_TRIES):
        enter(screen, "482916")
        screen.page.get_by_text("That was not the PIN.").wait_for()
    assert screen.page.locator("[data-digit]:enabled").count() == 0
    assert screen.accessibility() == []
    screen.close()
    (Path(kiosk.made.state_dir) / "staff_lockout.json").unlink()


def test_shortcuts_menus_and_dragged_files_do_nothing(kiosk: Kiosk) -> None:
    screen = kiosk.screen()
    refused = screen.page.evaluate("""() => {
      const refused = (kind, make) => {
        const event = make(kind, { bubbles: true, cancelable: true });
        document.body.dispatchEvent(event);
        return event.defaultPrevented;
      };
      const key = (init) => refused("keydown", (kind, more) => new KeyboardEvent(kind, { ...init, ...more }));
      const keys = [
        ...["p", "u", "o", "s", "I", "+"].map((letter) => ({ key: letter, ctrlKey: true })),
        ...["F1", "F5", "F11", "F12", "BrowserBack"].map((name) => ({ key: name })),
        { key: "ArrowLeft", altKey: true }, { key: "Home", altKey: true },
      ].filter((init) => !key(init));
      const kinds = ["contextmenu", "dragstart", "dragover", "drop", "auxclick"]
        .filter((kind) => !refused(kind, (name, init) => new Event(name, init)));
      const wheel = refused("wheel", (name, init) => new WheelEvent(name, { ...init, ctrlKey: true }));
      const plain = key({ key: "a" }) || key({ key: "Tab" }) || key({ key: "Enter" });
      return [keys, kinds, wheel, plain];
    }""")
    assert refused == [[], [], True, False]
    assert screen.page.locator("input[type=file], a[target], iframe").count() == 0
    screen.close()


@pytest.mark.parametrize("size", ["small", "portrait"])
def test_the_privacy_sheet(kiosk: Kiosk, size: str) -> None:
    screen = kiosk.screen(size, "/privacy?lang=de")
    assert (screen.accessibility(), screen.misfits()) == ([], [])
    screen.key("Escape")
    screen.page.wait_for_url("**/consent?lang=de")
    screen.close()
