"""The first set-up in the browser, without one: who may do it, and what it writes."""

import contextlib
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from pathlib import Path

import pytest

from station import config
from station.calibration import artefact
from station.config import Camera, Config
from station.kiosk.setup.progress import Progress
from station.kiosk.setup.settings import Settings
from station.kiosk.staff.pin import FILE as PIN_FILE
from station.kiosk.staff.pin import StaffPin
from station.kiosk.staff.pin_lockout import FREE_TRIES
from station.messages import WorkbenchState
from station.records import disk
from tests.kiosk.conftest import Station

PIN = "482915"
PLACES = {
    "x_m_front_left": "0,72", "y_m_front_left": "0.3", "x_m_front_right": "0.72", "y_m_front_right": "−0.3",
    "x_m_rear_left": "-0.7", "y_m_rear_left": "0.3", "x_m_rear_right": "−0.7", "y_m_rear_right": "−0.3",
    "treadmill": "120", "capacity": "300",
}  # fmt: skip


class Fresh:
    """A station as install.sh leaves it."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "station.toml"
        (folder / "state").mkdir()
        (folder / "conf.d").mkdir()
        config.dump(Config(state_dir=str(folder / "state")), self.path)
        self.start()

    def start(self) -> None:
        """As its daemon does, with the configuration of now."""
        self.config = config.load(self.path)
        self.station = Station(self.config, config_path=self.path)

    def send(self, step: str, **form: str):
        return self.station.post(f"/staff/setup/{step}", page=f"/staff/setup/{step}", **form)


@pytest.fixture
def fresh(tmp_path: Path) -> Fresh:
    return Fresh(tmp_path)


def test_a_fresh_station_begins_with_the_set_up(fresh: Fresh) -> None:
    assert "step 1 of 12" in fresh.station.get("/")
    assert "step 1 of 12" in fresh.station.get("/staff/")


def test_a_station_that_is_not_installed_shows_the_attract_screen(tmp_path: Path) -> None:
    station = Station(Config(state_dir=str(tmp_path)), config_path=tmp_path / "station.toml")
    assert 'data-screen="idle"' in station.get("/")
    assert station.client.get("/staff/setup/language").status_code == 404


@pytest.mark.parametrize("what", ["pin", "calibration", "unreadable"])
def test_whatever_somebody_has_set_up_already_closes_it(fresh: Fresh, what: str) -> None:
    if what == "pin":
        StaffPin(fresh.config.state).set(PIN)
    elif what == "unreadable":
        (fresh.config.state / artefact.FOLDER).touch()
    else:
        (fresh.config.state / artefact.FOLDER).mkdir()
        (fresh.config.state / artefact.FOLDER / "0001-tare-20261122T120000Z.json").touch()
    assert 'data-screen="idle"' in fresh.station.get("/")
    for step in ("language", "pin", "cells"):
        assert fresh.station.client.get(f"/staff/setup/{step}").headers["Location"] == "/staff/?lang=en"
    answer = fresh.station.post("/staff/setup/pin", page="/about?camera=no", pin="915482", again="915482")
    assert answer.headers["Location"] == "/staff/?lang=en"


def test_settings_are_written_beside_the_main_file_and_add_up(fresh: Fresh) -> None:
    assert fresh.send("language", language="de").status_code == 200
    assert fresh.send("screen", turn="90").status_code == 200
    fresh.send("station", mode="clinic", name="Bay 3")
    fresh.send("treadmill", speed="10,8", **PLACES)
    fresh.send("camera", fitted="no")
    made = config.load(fresh.path)
    assert (made.mode, made.kiosk.language, made.kiosk.screen_rotation_deg) == ("clinic", "de", 90)
    assert (made.kiosk.station_name, made.camera.device, made.run.speed_m_s) == ("Bay 3", "none", pytest.approx(3.0))
    assert (made.force.treadmill_kg, made.force.cell_capacity_kg) == (120, 300)
    assert [(c.x_m, c.y_m, c.dout) for c in made.force.cells.values()] == [
        (0.72, 0.3, 5), (0.72, -0.3, 13), (-0.7, 0.3, 16), (-0.7, -0.3, 21),
    ]  # fmt: skip
    fresh.start()
    assert 'value="10.8"' in fresh.station.get("/staff/setup/treadmill?lang=en")
    again = fresh.send("screen", turn="90")  # nothing changes, so no daemon starts anew: on to the next step
    assert again.headers["Location"].startswith("/staff/setup/station")


def test_what_was_set_can_be_taken_out_again(fresh: Fresh) -> None:
    fresh.send("station", mode="gym", name="Bay 3")
    fresh.send("treadmill", **PLACES, speed="10")
    fresh.send("camera", fitted="yes", side="left")
    fresh.start()
    made = config.load(fresh.path)
    assert (made.kiosk.station_name, made.run.camera_side) == ("Bay 3", "left")
    assert 'value="10"' in fresh.station.get("/staff/setup/treadmill")
    for step, form in (
        ("station", {"mode": "gym", "name": ""}),
        ("treadmill", PLACES | {"speed": ""}),
        ("camera", {"fitted": "yes", "side": "either"}),
    ):
        assert "starts anew" in fresh.send(step, **form).text
    made = config.load(fresh.path)
    assert (made.kiosk.station_name, made.run.speed_m_s, made.run.camera_side) == (None, None, None)
    assert made.force.treadmill_kg == 120


def test_a_camera_that_is_there_after_all_is_the_one_of_the_installation(fresh: Fresh) -> None:
    fresh.path.write_text(fresh.path.read_text().replace('device = "picamera2"', 'device = "simulated"'))
    for fitted, device in (("no", "none"), ("yes", "simulated")):
        fresh.start()
        assert "starts anew" in fresh.send("camera", fitted=fitted, side="either").text
        assert config.load(fresh.path).camera.device == device
    config.dump(Config(camera=Camera(device="none")), fresh.path)
    fresh.start()
    answer = fresh.send("camera", fitted="yes", side="either")
    assert (answer.status_code, f"{fresh.path} says camera.device" in answer.text) == (400, True)


def test_what_another_file_says_is_not_silently_left(fresh: Fresh) -> None:
    """A later one wins; what an earlier one says cannot be taken out here."""
    later = fresh.path.parent / "conf.d" / "60-wiring.toml"
    later.write_text("[force]\ntreadmill_kg = 120\n[run]\nspeed_m_s = 2.77")
    fresh.start()
    page = PLACES | {"capacity": "200", "speed": "9.97"}  # as it shows them
    assert "starts anew" in fresh.send("treadmill", **page).text
    for name, value, key in (("treadmill", "150", "force.treadmill_kg"), ("speed", "", "run.speed_m_s")):
        answer = fresh.send("treadmill", **page | {name: value, "capacity": "300"})
        assert (answer.status_code, f"{later} says {key}" in answer.text) == (400, True), name
    assert config.load(fresh.path).force.cell_capacity_kg == 200  # all of a page or nothing
    fresh.path.write_text(f"{fresh.path.read_text()}\n".replace("[kiosk]", '[kiosk]\nstation_name = "Bay 3"'))
    answer = fresh.send("station", mode="gym", name="")
    assert (answer.status_code, f"{fresh.path} says kiosk.station_name" in answer.text) == (400, True)


def test_two_browsers_write_one_after_the_other(fresh: Fresh, monkeypatch: pytest.MonkeyPatch) -> None:
    settings, write_whole, both_there = Settings(fresh.path), disk.write_whole, threading.Barrier(2)

    def slowly(*arguments: object, **named: object) -> None:
        with contextlib.suppress(threading.BrokenBarrierError):
            both_there.wait(0.2)  # the other one, were it let in
        write_whole(*arguments, **named)

    monkeypatch.setattr(disk, "write_whole", slowly)
    with ThreadPoolExecutor(2) as browsers:
        assert list(browsers.map(settings.write, ({"mode": "clinic"}, {"kiosk": {"language": "fr"}}))) == [True, True]
    made = config.load(fresh.path)
    assert (made.mode, made.kiosk.language) == ("clinic", "fr")


def test_of_two_browsers_none_loses_what_the_other_has_done(fresh: Fresh, monkeypatch: pytest.MonkeyPatch) -> None:
    progress, write_whole, both_there = (
        Progress(fresh.config, Settings(fresh.path)),
        disk.write_whole,
        threading.Barrier(2),
    )

    def slowly(*arguments: object, **named: object) -> None:
        with contextlib.suppress(threading.BrokenBarrierError):
            both_there.wait(0.2)  # the other one, were it let in
        write_whole(*arguments, **named)

    monkeypatch.setattr(disk, "write_whole", slowly)
    with ThreadPoolExecutor(2) as browsers:
        list(browsers.map(progress.add, ("pin", "camera")))
    assert progress.done() == {"pin", "camera"}


REFUSED = [
    ("language", {"language": "xx"}, "choose one of these"),
    ("screen", {"turn": "45"}, "choose one of these"),
    ("station", {"mode": "spa"}, "gym or clinic"),
    ("station", {"mode": "gym", "name": "x" * 41}, "at most 40 letters"),
    ("treadmill", PLACES | {"x_m_front_left": "over there"}, "metres from −2.5 to 2.5"),
    ("treadmill", PLACES | {"x_m_front_left": ""}, "place of each load cell"),
    ("treadmill", PLACES | {"x_m_front_left": "-0.9", "x_m_front_right": "-0.9"}, "front must be above rear"),
    ("treadmill", PLACES | {"treadmill": "5000"}, "a mass from 10 to 900 kg"),
    ("treadmill", PLACES | {"capacity": ""}, "a capacity from 20 to 2000 kg"),
    ("camera", {"fitted": "perhaps"}, "whether there is a camera"),
]


def test_what_cannot_be_is_refused_and_not_written(fresh: Fresh) -> None:
    for step, form, said in REFUSED:
        answer = fresh.send(step, **form)
        assert (answer.status_code, said in answer.text) == (400, True), (step, form)
    assert list((fresh.path.parent / "conf.d").iterdir()) == []


def test_pins_that_are_changed_after_the_set_up_count(fresh: Fresh) -> None:
    fresh.send("treadmill", **PLACES)
    main = fresh.path.read_text()
    fresh.path.write_text(main.replace("dout = 5\n", "dout = 22\n"))
    assert fresh.path.read_text() != main
    cell = config.load(fresh.path).force.cells["front_left"]
    assert (cell.dout, cell.x_m) == (22, 0.72)


@pytest.mark.parametrize(
    ("exchanged", "said"),
    [
        ({"x_m_front_left": "-0,9", "x_m_front_right": "-0,9"}, "steht bei x = -0,9 m, eine hintere bei -0,7 m"),
        ({"y_m_rear_left": "-0,5", "y_m_front_left": "-0,5"}, "steht bei y = -0,5 m, eine rechte bei -0,3 m"),
    ],
    ids=["front and rear", "left and right"],
)
def test_exchanged_places_are_said_in_the_installers_language(
    fresh: Fresh, exchanged: dict[str, str], said: str
) -> None:
    answer = fresh.station.post(
        "/staff/setup/treadmill?lang=de", page="/staff/setup/treadmill?lang=de", **PLACES | exchanged
    )
    assert answer.status_code == 400
    assert said in unescape(answer.text)
    assert "force.cells" not in answer.text


def test_a_folder_that_cannot_be_written_is_said(fresh: Fresh, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: object, **named: object) -> None:
        raise OSError(13, "Permission denied")

    monkeypatch.setattr(disk, "write_whole", refuse)
    answer = fresh.send("screen", turn="90")
    assert (answer.status_code, "50-wizard.toml: Permission denied" in answer.text) == (400, True)


def test_a_weak_or_mistyped_pin_is_refused(fresh: Fresh) -> None:
    for pin, again, said in ((PIN, "482916", "differ"), ("1234", "1234", "6 to 12"), ("", "", "digits only")):
        answer = fresh.send("pin", pin=pin, again=again)
        assert (answer.status_code, said in answer.text) == (400, True), pin
    assert not StaffPin(fresh.config.state).is_set


def test_the_pin_opens_the_rest_to_who_set_it_and_to_nobody_else(fresh: Fresh) -> None:
    assert "New PIN" in fresh.station.get("/staff/setup/cells")  # the PIN comes first
    another = fresh.station.app.test_client()
    answer = fresh.send("pin", pin=PIN, again=PIN)
    assert answer.headers["Location"].startswith("/staff/setup/cells")
    assert StaffPin(fresh.config.state).matches(PIN)
    for step in ("cells", "masses", "ringing", "view", "privacy", "done"):
        assert f"step {('cells', 'masses', 'ringing', 'view', 'privacy', 'done').index(step) + 7} of 12" in (
            fresh.station.get(f"/staff/setup/{step}")
        )
        assert another.get(f"/staff/setup/{step}").headers["Location"] == "/staff/?lang=en"


def test_who_finds_the_pages_open_cannot_change_the_pin(fresh: Fresh) -> None:
    fresh.send("pin", pin=PIN, again=PIN)
    assert "Present PIN" in fresh.station.get("/staff/setup/pin")
    for present in ("", "482916"):
        answer = fresh.send("pin", present=present, pin="915482", again="915482")
        assert (answer.status_code, "not the present PIN" in answer.text) == (403, True)
    assert StaffPin(fresh.config.state).matches(PIN)
    assert fresh.send("pin", present=PIN, pin="915482", again="915482").status_code == 303
    assert StaffPin(fresh.config.state).matches("915482")


def test_guessing_the_present_pin_locks_the_pad(fresh: Fresh) -> None:
    fresh.send("pin", pin=PIN, again=PIN)
    for _ in range(FREE_TRIES):
        fresh.send("pin", present="482916", pin="915482", again="915482")
    assert fresh.send("pin", present=PIN, pin="915482", again="915482").status_code == 403
    fresh.start()
    assert fresh.station.post("/staff/sign-in", page="/staff/", pin=PIN).status_code == 429


def test_a_pin_that_the_kiosk_cannot_read_is_set_anew_as_the_kiosks_user(fresh: Fresh) -> None:
    (fresh.config.state / PIN_FILE).write_text("damaged")
    said = fresh.station.get("/staff/")
    assert "cannot be read" in said
    assert "<code>sudo -u station-kiosk station pin</code>" in said


def test_the_shunt_switch_is_asked_for(fresh: Fresh) -> None:
    """As installed there is none; where it is fitted its test comes next, on the same page."""
    assert config.load(fresh.path).force.shunt_pin is None
    fresh.send("pin", pin=PIN, again=PIN)
    answer = fresh.send("ringing", shunt="yes")
    assert "/staff/setup/ringing" in answer.text
    assert config.load(fresh.path).force.shunt_pin == 12
    fresh.start()
    fresh.station.post("/staff/sign-in", page="/staff/", pin=PIN)
    assert re.search(r'value="yes" checked><span>Yes, on GPIO 12', fresh.station.get("/staff/setup/ringing"))
    assert "cannot be done" not in fresh.station.get("/staff/calibrate/kernel")
    assert "/staff/setup/view" in fresh.send("ringing", shunt="yes").headers["Location"]
    assert "starts anew" in fresh.send("ringing", shunt="no").text
    assert config.load(fresh.path).force.shunt_pin is None
    fresh.start()
    fresh.station.post("/staff/sign-in", page="/staff/", pin=PIN)
    assert "cannot be done" in fresh.station.get("/staff/calibrate/kernel")


def test_every_step_can_be_left_and_come_back_to(fresh: Fresh) -> None:
    fresh.send("pin", pin=PIN, again=PIN)
    fresh.send("privacy")
    overview = fresh.station.get("/staff/setup/")
    assert overview.count("not done yet") == 10
    fresh.start()  # the daemon was restarted meanwhile
    fresh.station.post("/staff/sign-in", page="/staff/", pin=PIN)
    assert fresh.station.get("/staff/setup/").count("not done yet") == 10
    assert "is told by the known masses" in fresh.station.get("/staff/setup/done")


def test_the_cells_page_is_right_until_a_silent_workbench_answers(fresh: Fresh) -> None:
    fresh.send("pin", pin=PIN, again=PIN)  # opens the workbench to who set it
    fresh.station.clock.sleep(60)
    told = fresh.station.client.get("/staff/calibrate/state").json["token"]
    assert told
    assert f'data-token="{told}"' in fresh.station.get("/staff/setup/cells")
    fresh.station.feed.accept(WorkbenchState())
    answered = fresh.station.client.get("/staff/calibrate/state").json["token"]
    assert answered != told
    assert f'data-token="{answered}"' in fresh.station.get("/staff/setup/cells")
