"""The calibration's pages, without a browser: who may see them, what they ask, what they send on."""

import re
import time
from pathlib import Path

import pytest

from station.clock import SystemClock
from station.config import Config
from station.kiosk.feed import Feed
from station.kiosk.staff.pin import StaffPin
from station.kiosk.workbench.actions import WorkbenchActions
from station.kiosk.workbench.picture import deck_picture
from station.messages import CalibrationOptions, CalibrationPrompt, PlateLabel, WorkbenchCommand, WorkbenchState
from tests.kiosk.conftest import HandClock, Station

PIN = "482915"
PLACE = CalibrationPrompt(
    action="place", text="Put the 20 kg plate at the deck's centre.", mass_kg=20.0, x_m=0.35, y_m=-0.15
)


@pytest.fixture(scope="module")
def signed_in(tmp_path_factory: pytest.TempPathFactory) -> Station:
    """A station whose staff has signed in."""
    state = tmp_path_factory.mktemp("state")
    StaffPin(state).set(PIN)
    station = Station(Config(state_dir=str(state)))
    station.post("/staff/sign-in", page="/staff/", pin=PIN)
    return station


@pytest.fixture
def staffed(signed_in: Station) -> Station:
    """Its workbench does nothing."""
    signed_in.workbench.commands.clear()
    signed_in.workbench.refusal = None
    signed_in.hear()
    signed_in.feed.accept(WorkbenchState())
    return signed_in


def in_hand(**fields: object) -> WorkbenchState:
    told = {"doing": "calibration", "kind": "grid", "step": 2, "steps": 19, "prompt": PLACE} | fields
    return WorkbenchState(**told)


def test_nothing_is_shown_without_the_pin(tmp_path: Path) -> None:
    StaffPin(tmp_path).set(PIN)
    station = Station(Config(state_dir=str(tmp_path)))
    for path in ("", "grid", "now", "state", "board.svg"):
        assert station.client.get(f"/staff/calibrate/{path}").headers["Location"] == "/staff/?lang=en"
    assert station.post("/staff/calibrate/measure", page="/staff/").headers["Location"] == "/staff/?lang=en"
    assert station.workbench.commands == []


def test_what_is_chosen_is_sent_on(staffed: Station) -> None:
    page = "/staff/calibrate/grid"
    staffed.post(page, page=page, mass0="25", label0="0,5", mass1="", label1="", points="4")
    [command] = staffed.workbench.commands
    plate = PlateLabel(mass_kg=25.0, sd_kg=0.125)
    assert (command.action, command.kind) == ("begin", "grid")
    assert command.options == CalibrationOptions(belt=False, points=4, plates=(plate,))


REFUSED = [
    ({"mass0": "0"}, "a mass from 0.5 to 249 kg"),
    ({"mass0": "-20"}, "a mass from 0.5 to 249 kg"),
    ({"mass0": "twenty"}, "a mass from 0.5 to 249 kg"),
    ({"mass0": "600"}, "a mass from 0.5 to 249 kg"),
    ({"mass0": "20", "label0": "nan"}, "an accuracy from 0.01 to 20 %"),
    ({"mass0": "20", "points": "5"}, "one of the patterns"),
    ({}, "at least one plate"),
]


def test_what_cannot_be_meant_is_refused_and_stays_in_its_field(staffed: Station) -> None:
    for fields, said in REFUSED:
        answer = staffed.post("/staff/calibrate/grid", page="/staff/calibrate/grid", **fields)
        assert (answer.status_code, said in answer.text) == (400, True), fields
        assert f'value="{fields.get("mass0", "")}"' in answer.text
    assert staffed.workbench.commands == []


def test_a_refusal_of_the_workbench_is_said(staffed: Station) -> None:
    staffed.workbench.refusal = "A runner is using the station; calibrate when that visit is over."
    answer = staffed.post("/staff/calibrate/tare", page="/staff/calibrate/tare", belt="yes")
    assert (answer.status_code, "A runner is using the station" in answer.text) == (409, True)


def test_a_step_says_what_to_do_and_a_refused_one_why(staffed: Station) -> None:
    staffed.feed.accept(in_hand(refused="the load moves; keep everything still"))
    page = staffed.get("/staff/calibrate/")
    assert ("step 3 of 19" in page, PLACE.text in page, "the load moves" in page) == (True, True, True)
    staffed.post("/staff/calibrate/measure", page="/staff/calibrate/now", step="2")
    [command] = staffed.workbench.commands
    assert (command.action, command.step) == ("measure", 2)  # another browser's later step is not meant


def test_the_page_is_told_when_it_is_no_longer_right(staffed: Station) -> None:
    def told(state: WorkbenchState) -> dict:
        staffed.feed.accept(state)
        return staffed.client.get("/staff/calibrate/state").json

    first = told(in_hand(force_n=(1.26, -2.0, float("nan"), 0.0), calibrated=True))
    assert first["numbers"] == ["1.3 N", "−2.0 N", "–", "0.0 N"]
    assert told(in_hand(force_n=(1000.4,) * 4))["numbers"][0] == "1000"
    assert told(in_hand(force_n=(7.0,) * 4))["token"] == first["token"]
    others = [{"step": 3}, {"measuring": True}, {"refused": "no"}, {"doing": "nothing", "prompt": None}]
    assert len({first["token"], *(told(in_hand(**other))["token"] for other in others)}) == 5
    assert f'data-token="{told(in_hand())["token"]}"' in staffed.get("/staff/calibrate/now")


def test_a_page_without_a_workbench_is_right_until_it_answers(staffed: Station) -> None:
    staffed.clock.sleep(60)
    told = staffed.client.get("/staff/calibrate/state").json["token"]
    assert told
    for page in ("/staff/calibrate/now", "/staff/doctor/"):
        assert f'data-token="{told}"' in staffed.get(page)
    staffed.feed.accept(WorkbenchState())
    assert staffed.client.get("/staff/calibrate/state").json["token"] != told


@pytest.mark.parametrize(("doing", "stays"), [("nothing", False), ("calibration", True)])
def test_a_page_that_asks_by_itself_keeps_nobody_signed_in_but_at_the_deck(
    staffed: Station, monkeypatch: pytest.MonkeyPatch, doing: str, stays: bool
) -> None:
    clock = HandClock()
    monkeypatch.setattr(SystemClock, "now_ns", lambda self: time.monotonic_ns() + clock.t_ns)
    for _ in range(7):
        clock.sleep(60)
        staffed.feed.accept(WorkbenchState(doing=doing))
        staffed.client.get("/staff/calibrate/state")
    assert (staffed.client.get("/staff/calibrate/state").status_code == 200) == stays


def test_how_it_ended_and_what_is_left(staffed: Station) -> None:
    staffed.feed.accept(WorkbenchState(kind="tare", report=("tare: saved as 0001-tare", "noise: 3 counts")))
    page = staffed.get("/staff/calibrate/now")
    assert ("noise: 3 counts" in page, "Still to be calibrated" in page) == (True, True)
    staffed.feed.accept(WorkbenchState(kind="tare", failed="It was given up; nothing was saved."))
    assert "nothing was saved" in staffed.get("/staff/calibrate/now")


def test_a_silent_workbench_is_said(staffed: Station) -> None:
    staffed.clock.sleep(60)
    assert "does not answer" in staffed.get("/staff/calibrate/now")


def test_nobody_starts_a_run_meanwhile(station: Station) -> None:
    station.feed.accept(in_hand())
    assert "being calibrated" in station.get("/")
    answer = station.post("/visit/start", page="/about?camera=no")
    assert (answer.status_code, station.fusion.commands) == (503, [])


def test_the_plate_lies_in_the_picture_where_it_is_asked_for() -> None:
    """Front up: 0.35 m ahead is half of the way to the front cells, 0.15 m to the right half of that to the right."""
    drawn = str(deck_picture(Config().force.cells, PLACE))
    x, y = map(float, re.search(r'<circle cx="([-\d.]+)" cy="([-\d.]+)"[^>]*class="target"', drawn).groups())
    assert (x, y) == (15.0, -35.0)
    cells = re.findall(r'<rect x="([-\d.]+)" y="([-\d.]+)"[^>]*class="cell"', drawn)
    assert [(float(a) < 0, float(b) < 0) for a, b in cells] == [
        (True, True), (False, True), (True, False), (False, False),
    ]  # fmt: skip


def test_the_board_that_is_shipped_is_the_one_that_is_looked_for(staffed: Station) -> None:
    shipped = Path(__file__).resolve().parents[3] / "docs" / "camera-board.svg"
    assert shipped.read_text(encoding="utf-8") == staffed.get("/staff/calibrate/board.svg")


class _Bench:
    """Says its next state when it is asked to measure."""

    def __init__(self, feed: Feed, says: WorkbenchState) -> None:
        self._feed, self._says = feed, says

    def command(self, command: WorkbenchCommand) -> None:
        self._feed.accept(self._says)


@pytest.mark.parametrize(
    ("says", "waits"),
    [({"refused": "The plate moved."}, True), ({"measuring": True}, False), ({"refused": "Nobody is there."}, False),
     ({"step": 3}, False)],
)  # fmt: skip
def test_an_old_refusal_does_not_end_the_wait_for_a_measurement(says: dict, waits: bool) -> None:
    follow_s = 0.3 if waits else 30.0
    feed = Feed(HandClock(), camera_expected=True, follow_s=follow_s)
    feed.accept(in_hand(refused="The plate moved."))
    begun_s = time.monotonic()
    WorkbenchActions(feed, _Bench(feed, in_hand(**says))).measure(2)
    assert (time.monotonic() - begun_s >= follow_s) == waits
