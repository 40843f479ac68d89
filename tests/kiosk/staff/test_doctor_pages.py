"""The doctor in the browser: behind the PIN, what it asks of the workbench, and how findings are told."""

from pathlib import Path

import pytest

from station.config import Config
from station.kiosk.staff.doctor_pages import groups
from station.kiosk.staff.pin import StaffPin
from station.kiosk.workbench import live
from station.messages import CalibrationPrompt, Finding, WorkbenchState
from tests.kiosk.conftest import Station
from tests.kiosk.staff.test_area import AREA, PIN, sign_in

PAGE = "/staff/doctor/"
FOUND = (
    Finding(check="cell_silent", title="Chips answer", verdict="ok", text="All four chips deliver."),
    Finding(check="swapped", title="Wires of a cell", verdict="fault", text="Green is white.", where="rear_left"),
    Finding(check="hot_cpu", title="Temperature of the processor", verdict="warning", text="Hot.", where="board"),
    Finding(check="camera_moved", title="Camera", verdict="not_checked", text="No camera.", measured={"x_px": 1.5}),
)


@pytest.fixture
def doctored(tmp_path: Path) -> Station:
    """Signed in, before a workbench that has nothing to do."""
    StaffPin(tmp_path).set(PIN)
    station = Station(Config(state_dir=str(tmp_path)))
    station.feed.accept(WorkbenchState())
    sign_in(station)
    return station


@pytest.mark.parametrize("path", ["", "findings.json"])
def test_nothing_is_shown_without_the_pin(tmp_path: Path, path: str) -> None:
    StaffPin(tmp_path).set(PIN)
    station = Station(Config(state_dir=str(tmp_path)))
    assert station.client.get(PAGE + path).headers["Location"] == AREA


@pytest.mark.parametrize(("said", "guided"), [("no", False), ("yes", True)])
def test_it_has_the_station_examined(doctored: Station, said: str, guided: bool) -> None:
    assert 'href="/staff/doctor/?lang=en"' in doctored.get("/staff/")
    doctored.post("/staff/doctor/examine", page=PAGE, guided=said)
    (command,) = doctored.workbench.commands
    assert (command.action, command.guided) == ("examine", guided)


def test_while_a_runner_is_there_it_says_why_not(doctored: Station) -> None:
    doctored.workbench.refusal = "A runner is using the station; calibrate when that visit is over."
    answer = doctored.post("/staff/doctor/examine", page=PAGE, guided="no")
    assert answer.status_code == 409
    assert "A runner is using the station" in answer.text


def test_progress_and_what_is_asked_for(doctored: Station) -> None:
    doctored.feed.accept(WorkbenchState(doing="examination", examined=(3, 20), findings=FOUND))
    page = doctored.get(PAGE)
    assert "3 of 20 self-tests are done" in page
    assert '<progress max="20" value="3">' in page
    prompt = CalibrationPrompt(action="place", text="Press the front left corner.")
    asked = WorkbenchState(doing="examination", examined=(3, 20), step=2, prompt=prompt)
    doctored.feed.accept(asked)
    assert "Press the front left corner." in doctored.get(PAGE)
    doctored.post("/staff/doctor/done", page=PAGE, step="2")
    doctored.post("/staff/doctor/give-up", page=PAGE)
    assert [(c.action, c.step) for c in doctored.workbench.commands] == [("measure", 2), ("give_up", None)]
    assert live.token(asked) != live.token(WorkbenchState(doing="examination", examined=(3, 20)))


def test_findings_are_grouped_the_worst_first_with_words_and_marks(doctored: Station) -> None:
    state = WorkbenchState(findings=FOUND, examined=(4, 4))
    assert [(g.verdict, g.mark, g.open) for g in groups_in(doctored, state)] == [
        ("fault", "✗", True), ("warning", "!", True), ("not_checked", "–", False), ("ok", "✓", False),
    ]  # fmt: skip
    doctored.feed.accept(state)
    page = doctored.get(PAGE)
    assert "Wires of a cell (rear left)" in page
    assert page.index("Green is white.") < page.index("Hot.") < page.index("No camera.") < page.index("All four chips")


def groups_in(station: Station, state: WorkbenchState):
    with station.app.test_request_context("/?lang=en"):
        return groups(state)


def test_findings_as_json(doctored: Station) -> None:
    doctored.feed.accept(WorkbenchState(findings=FOUND))
    found = doctored.client.get(PAGE + "findings.json").get_json()
    assert [f["check"] for f in found] == [f.check for f in FOUND]
    assert found[3]["measured"] == {"x_px": 1.5}


def test_a_silent_workbench_is_said(doctored: Station) -> None:
    doctored.clock.sleep(60)
    doctored.hear()
    sign_in(doctored)
    assert "does not answer" in doctored.get(PAGE)


def test_what_was_given_up_is_said(doctored: Station) -> None:
    doctored.feed.accept(WorkbenchState(failed="It was given up; nothing was saved.", findings=FOUND[:1]))
    page = doctored.get(PAGE)
    assert "It was given up" in page
    assert "All four chips deliver." in page
