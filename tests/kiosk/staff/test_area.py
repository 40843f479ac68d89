"""The staff area: nobody enters without the PIN, what it shows, what it can do."""

import re
from pathlib import Path

import pytest
from msgspec.structs import replace

from station.calibration import artefact
from station.calibration.parts import Part
from station.config import Camera, Config
from station.kiosk.staff import station_report
from station.kiosk.staff.area import CLEANING_S
from station.kiosk.staff.pin import MOST_DIGITS, StaffPin
from station.kiosk.staff.pin_lockout import FREE_TRIES, Lockout
from station.kiosk.staff.session import LASTS_S, StaffSession
from station.simulated_world import calibrate_simulation
from tests.kiosk.conftest import VISIT, HandClock, Station, force_health

PIN = "482915"
AREA = "/staff/?lang=en"


@pytest.fixture
def staffed(tmp_path: Path) -> Station:
    """A station with a PIN."""
    StaffPin(tmp_path).set(PIN)
    return Station(Config(state_dir=str(tmp_path)))


def sign_in(station: Station, pin: str = PIN):
    return station.post("/staff/sign-in", page="/staff/", pin=pin)


def test_without_a_pin_it_says_how_to_set_one(tmp_path: Path) -> None:
    station = Station(Config(state_dir=str(tmp_path)))
    assert "<code>station pin</code>" in station.get("/staff/")
    page = "/about?camera=no"  # any that has a form
    assert station.post("/staff/sign-in", page=page, pin="").status_code == 429


@pytest.mark.parametrize("path", ["/staff/cleaning"])
def test_nothing_is_shown_without_the_pin(staffed: Station, path: str) -> None:
    assert "data-digit" in staffed.get("/staff/")
    assert staffed.client.get(path).headers["Location"] == AREA


@pytest.mark.parametrize("path", ["/staff/end-visit", "/staff/sign-out"])
def test_nothing_is_done_without_the_pin(staffed: Station, path: str) -> None:
    staffed.hear("run")
    assert staffed.post(path, page="/staff/").headers["Location"] == AREA
    assert staffed.fusion.commands == []


def test_the_right_pin_opens_it_and_leaving_closes_it(staffed: Station) -> None:
    assert sign_in(staffed).headers["Location"] == AREA
    page = staffed.get("/staff/")
    assert "How the station is" in page
    assert "nobody is there" in page
    staffed.post("/staff/sign-out", page="/staff/")
    assert "data-digit" in staffed.get("/staff/")


def test_a_cookie_of_a_session_that_was_left_opens_nothing(staffed: Station) -> None:
    sign_in(staffed)
    kept = staffed.client.get_cookie("kiosk").value
    staffed.post("/staff/sign-out", page="/staff/")
    staffed.client.set_cookie("kiosk", kept)
    assert "data-digit" in staffed.get("/staff/")


@pytest.mark.parametrize("page", ["/", "/consent", "/staff/cleaning"])
def test_the_session_ends_with_the_staffs_leaving_however_they_leave(staffed: Station, page: str) -> None:
    sign_in(staffed)
    kept = staffed.client.get_cookie("kiosk").value
    staffed.get(page)
    staffed.client.set_cookie("kiosk", kept)
    assert "data-digit" in staffed.get("/staff/")


def test_what_runs_behind_the_staffs_page_does_not_end_the_session(staffed: Station) -> None:
    sign_in(staffed)
    for path in ("/health", "/privacy"):
        staffed.client.get(path)
    assert "How the station is" in staffed.get("/staff/")


def test_wrong_pins_lock_it_and_then_the_right_one_does_not_open_it(staffed: Station) -> None:
    for _ in range(FREE_TRIES):
        answer = sign_in(staffed, "482916")
        assert answer.status_code == 403
    assert re.search(r"Wait for [123]\d seconds\.", answer.text)
    assert sign_in(staffed).status_code == 429
    assert "data-digit" in staffed.get("/staff/")


def test_a_pin_with_a_digit_too_many_is_a_wrong_one(tmp_path: Path) -> None:
    longest = "482915736048"
    assert len(longest) == MOST_DIGITS
    StaffPin(tmp_path).set(longest)
    station = Station(Config(state_dir=str(tmp_path)))
    for more in ("7", "70" * 1000):
        assert sign_in(station, longest + more).status_code == 403
    assert sign_in(station, longest).headers["Location"] == AREA


def test_the_pad_never_looks_at_the_wait_while_a_pin_is_tried(
    staffed: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The look may write the wait's file, as a try does."""
    area = staffed.app.view_functions["staff.area"].__self__
    held = []
    monkeypatch.setattr(Lockout, "seconds_left", lambda lockout: held.append(area._trying.locked()) or 0.0)
    staffed.get("/staff/")
    sign_in(staffed, "482916")
    assert held == [True] * len(held) != []


def test_a_form_of_elsewhere_is_refused(staffed: Station) -> None:
    answer = staffed.client.post("/staff/sign-in", data={"pin": PIN}, headers={"Origin": "http://localhost"})
    assert answer.status_code == 400  # without the anti-forgery token


def test_it_ends_the_visit_that_goes_on(staffed: Station) -> None:
    sign_in(staffed)
    assert "end-visit" not in staffed.get("/staff/")
    staffed.hear("run")
    assert "End this visit and wipe it" in staffed.get("/staff/")
    staffed.post("/staff/end-visit", page="/staff/")
    assert [(c.action, c.visit_id) for c in staffed.fusion.commands] == [("finish", VISIT)]


def test_in_a_clinic_ending_a_visit_leaves_what_is_stored(tmp_path: Path) -> None:
    StaffPin(tmp_path).set(PIN)
    station = Station(Config(mode="clinic", state_dir=str(tmp_path)))
    sign_in(station)
    station.hear("card")
    assert "End this visit; what is stored stays" in station.get("/staff/")
    station.post("/staff/end-visit", page="/staff/")
    assert [c.action for c in station.fusion.commands] == ["finish"]


def test_a_page_of_one_visit_does_not_end_the_next(staffed: Station) -> None:
    sign_in(staffed)
    staffed.hear("card")
    shown_for = re.search(r'name="visit" value="([^"]+)"', staffed.get("/staff/"))[1]
    staffed.hear("weigh", visit_id="next")
    assert staffed.post("/staff/end-visit", page="/staff/", visit=shown_for).headers["Location"] == AREA
    assert staffed.fusion.commands == []


def test_a_visit_that_nobody_knows_of_cannot_be_ended(staffed: Station) -> None:
    sign_in(staffed)
    staffed.clock.sleep(60)
    assert "end-visit" not in staffed.get("/staff/")


def test_the_cleaning_lock_ends_by_itself_and_never_takes_the_screen_of_a_visit(staffed: Station) -> None:
    sign_in(staffed)
    answer = staffed.client.get("/staff/cleaning")
    assert answer.headers["Refresh"] == f"{CLEANING_S}; url=/"
    assert "<form" not in answer.text
    assert "<a " not in answer.text
    staffed.hear("ready")
    assert staffed.client.get("/staff/cleaning").headers["Location"] == AREA


def test_it_tells_how_the_parts_are(staffed: Station, tmp_path: Path) -> None:
    config = Config(state_dir=str(tmp_path))
    for part in calibrate_simulation(config):
        artefact.save(part, tmp_path)
    staffed.feed.accept(force_health("The chip of the rear left cell is silent."))
    sign_in(staffed)
    page = staffed.get("/staff/")
    for told in ("80.0 readings a second", "The chip of the rear left cell", "Look after it:", " days old", "GB"):
        assert told in page, told


def test_an_overloaded_cell_is_told_here_and_to_no_runner(staffed: Station) -> None:
    told = "the front left load cell carried 210 kg"
    staffed.feed.accept(replace(force_health(), overload=told))
    assert told not in staffed.get("/")
    sign_in(staffed)
    assert told in staffed.get("/staff/")


def test_the_parts_of_a_calibration_have_names_in_every_language(staffed: Station, tmp_path: Path) -> None:
    for part in calibrate_simulation(Config(state_dir=str(tmp_path))):
        artefact.save(part, tmp_path)
    sign_in(staffed)
    page = staffed.get("/staff/?lang=de")
    for name in ("Tara: ", "Raster: ", "Kern: ", "Deck: "):
        assert f"<dt>{name}" in page, name


def test_every_kind_of_calibration_has_a_name() -> None:
    assert set(station_report._part_names()) == {kind.__struct_config__.tag for kind in Part.__subclasses__()}


def test_a_silent_daemon_is_said(staffed: Station) -> None:
    sign_in(staffed)
    staffed.clock.sleep(60)
    page = staffed.get("/staff/")
    assert "it is silent" in page
    assert "not known" in page


def test_a_station_without_a_camera_tells_of_none(tmp_path: Path) -> None:
    StaffPin(tmp_path).set(PIN)
    station = Station(Config(state_dir=str(tmp_path), camera=Camera(device="none")))
    sign_in(station)
    assert "Camera" not in station.get("/staff/")


def test_a_session_ends_after_a_while_without_a_touch_and_with_the_next() -> None:
    clock = HandClock()
    session = StaffSession(clock)
    token = session.begin()
    clock.sleep(LASTS_S - 1)
    assert session.is_open(token)
    clock.sleep(LASTS_S - 1)
    assert session.is_open(token)
    clock.sleep(LASTS_S)
    assert not session.is_open(token)
    first = session.begin()
    session.begin()
    assert not session.is_open(first)
    assert not session.is_open(None)
