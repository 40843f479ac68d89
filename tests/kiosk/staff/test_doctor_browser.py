"""The doctor's pages in the system's Chromium: on four screens, by touch and by keyboard, clean for axe."""

from collections.abc import Iterator

import pytest
from msgspec.structs import replace
from playwright.sync_api import Browser

from station.config import Config
from station.kiosk.staff.pin import StaffPin
from station.messages import CalibrationPrompt, WorkbenchState
from tests.kiosk.browser import SIZES, KioskScreen, chromium, chromium_path
from tests.kiosk.kiosk_process import running_kiosk, wait_for_screen, write_config
from tests.kiosk.scripted_station import ScriptedStation
from tests.kiosk.scripted_workbench import ScriptedWorkbench
from tests.kiosk.staff.test_browser import PIN, enter
from tests.kiosk.staff.test_doctor_pages import FOUND

pytestmark = [
    pytest.mark.skipif(chromium_path() is None, reason="no Chromium on this machine: install the chromium package"),
    pytest.mark.long,
]

LONG = "Swap the green and the white wire of the rear left cell at its chip, then calibrate the grid again. " * 3
PROMPT = CalibrationPrompt(
    action="tap", text="Press the front left corner of the deck with one hand for three seconds."
)


@pytest.fixture(scope="module")
def doctored(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Config, ScriptedWorkbench, Browser]]:
    folder = tmp_path_factory.mktemp("k")
    made = write_config(folder)
    made.state.mkdir()
    StaffPin(made.state).set(PIN)
    with (
        ScriptedStation(made.runtime),
        ScriptedWorkbench(made.runtime) as workbench,
        running_kiosk(folder, made),
        chromium() as browser,
    ):
        wait_for_screen(made, "idle")
        yield made, workbench, browser


@pytest.mark.parametrize("size", SIZES)
def test_from_the_staff_area_to_the_findings(doctored: tuple[Config, ScriptedWorkbench, Browser], size: str) -> None:
    made, workbench, browser = doctored
    workbench.state = WorkbenchState()
    screen = KioskScreen(browser, f"http://127.0.0.1:{made.kiosk.port}/staff/", SIZES[size])
    enter(screen, PIN)
    screen.tap("Doctor")
    screen.page.get_by_role("heading", name="Doctor").wait_for()
    assert (screen.accessibility(), screen.misfits()) == ([], [])
    screen.press("Examine")
    screen.page.get_by_text("0 of 20 self-tests are done").wait_for()
    workbench.state = replace(workbench.state, examined=(7, 20))
    screen.page.get_by_text("7 of 20 self-tests are done").wait_for()
    assert (screen.accessibility(), screen.misfits()) == ([], [])
    workbench.state = replace(workbench.state, prompt=PROMPT, step=1)
    screen.tap("That is done")
    screen.page.get_by_text(PROMPT.text).wait_for()
    assert (screen.accessibility(), screen.misfits()) == ([], [])
    workbench.state = WorkbenchState(findings=(*FOUND, replace(FOUND[1], text=LONG)), examined=(20, 20))
    screen.page.get_by_text("To be mended (2)").wait_for()
    assert (screen.accessibility(), screen.misfits()) == ([], [])
    screen.page.get_by_text("In order (1)").tap()
    screen.page.get_by_text("All four chips deliver.").wait_for()
    assert [c.action for c in workbench.commands[-2:]] == ["examine", "measure"]
    assert (screen.errors, screen.foreign) == ([], [])
    screen.close()
