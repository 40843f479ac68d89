"""The code of last time before the camera: accepted or refused, compared, forgotten."""

from datetime import date

import pytest

from station.kiosk.take_home import code_text
from station.kiosk.take_home.earlier_run import UNUSED_NS, EarlierRun
from station.messages import StationState
from station.scorecard.run_summary import Conditions, RunSummary
from tests.kiosk.at_home import code_of, config, report
from tests.kiosk.conftest import VISIT, HandClock, Station
from tests.kiosk.hand_camera import HandCamera


@pytest.fixture
def camera() -> HandCamera:
    return HandCamera()


@pytest.fixture
def home(tmp_path, camera) -> Station:
    return Station(config(tmp_path), camera)


def look(station: Station) -> None:
    station.post("/earlier/look?lang=en", page="/earlier?lang=en")


def test_a_code_shown_to_the_camera_opens_the_comparison(home, camera):
    page = home.get("/earlier?lang=en&camera=yes&pictures=no")
    assert "Your tap opens the camera" in page
    assert camera.starts == 0
    look(home)
    assert camera.looking
    assert "No picture is kept" in home.get("/earlier")
    camera.texts = ["A poster", code_of(home, report())]
    assert home.client.get("/earlier/state").json == {"looking": False, "hint": ""}
    assert not camera.looking
    assert "Found: your run of Nov 22, 2026" in home.get("/earlier?lang=en")

    home.hear("weigh")
    home.take_home.keep(home.feed.snapshot())
    home.fusion.report_given = report(step_time_pct=-12.3)
    home.hear("card")
    assert 'href="/compare"' in home.get("/")
    page = home.get("/compare")
    assert "Compared with Nov 22, 2026" in page
    assert (
        "Last time 5.4 %, right more, today 12.3 %, left more: now on the other side, "
        "beyond what two runs differ by chance." in page
    )
    assert "The loading rate is only a relative number" not in page  # of one calibration it is a trend
    assert "Measured in neither of the two runs." in page
    home.hear("idle")
    home.take_home.keep(home.feed.snapshot())
    assert home.take_home.earlier.of(VISIT) is None
    home.hear("card")
    assert 'href="/compare"' not in home.get("/")


def test_a_refused_code_is_said_and_the_camera_looks_on(home, camera):
    look(home)
    genuine = code_of(home, report())
    camera.texts = [genuine.replace("Present", "Not seen")]
    state = home.client.get("/earlier/state").json
    assert state == {"looking": True, "hint": code_text.ALTERED}
    assert code_text.ALTERED in home.get("/earlier?lang=en")
    camera.texts = [3000 * "x"]
    assert home.client.get("/earlier/state").json["hint"] == code_text.NOT_OURS
    assert home.take_home.earlier.waiting is None
    camera.texts = [genuine]
    assert not home.client.get("/earlier/state").json["looking"]
    assert home.take_home.earlier.waiting is not None


def test_it_can_be_cancelled_and_forgotten(home, camera):
    look(home)
    home.post("/earlier/stop?lang=en", page="/earlier?lang=en")
    assert not camera.looking
    look(home)
    camera.texts = [code_of(home, report())]
    home.client.get("/earlier/state")
    home.post("/earlier/forget?lang=en", page="/earlier?lang=en")
    assert home.take_home.earlier.waiting is None


def test_a_minute_without_a_code_is_said_once(home, camera):
    look(home)
    camera.looking = False
    assert "No code was seen" in home.client.get("/earlier/state").json["hint"]
    assert "No code was seen" in home.get("/earlier?lang=en")
    assert "No code was seen" not in home.get("/earlier?lang=en")


def test_who_goes_back_to_the_start_is_forgotten(home, camera):
    look(home)
    camera.texts = [code_of(home, report())]
    home.client.get("/earlier/state")
    home.get("/about?lang=en&camera=yes&pictures=yes")
    assert home.take_home.earlier.waiting is not None
    home.get("/")
    assert home.take_home.earlier.waiting is None


def test_a_silent_camera_is_said(home, camera):
    camera.silent = True
    look(home)
    assert "camera does not answer" in home.get("/earlier?lang=en")
    camera.silent = False
    look(home)
    camera.silent = True
    state = home.client.get("/earlier/state").json
    assert not state["looking"]
    assert "camera does not answer" in state["hint"]
    assert "Your tap opens the camera" in home.get("/earlier?lang=en")


def test_codes_are_read_before_a_visit_only(home, camera):
    token = home.token("/earlier?lang=en")
    home.hear("run")
    assert home.client.get("/earlier?lang=en").location == "/"
    home.client.post("/earlier/look", data={"csrf_token": token}, headers={"Origin": "http://localhost"})
    assert camera.starts == 0


EARLIER = RunSummary(date(2026, 11, 1), {}, {}, Conditions())


def test_an_earlier_run_waits_three_minutes_for_a_visit(home):
    clock, held = HandClock(), home.take_home.earlier
    earlier = EarlierRun(clock)
    earlier.hold(EARLIER)
    clock.t_ns = UNUSED_NS
    earlier.keep(home.feed.snapshot())
    assert earlier.waiting is EARLIER
    clock.t_ns += 1
    earlier.keep(home.feed.snapshot())
    assert earlier.waiting is None
    assert held.waiting is None


def test_a_moment_of_silence_does_not_lose_it(home):
    earlier = home.take_home.earlier
    earlier.hold(EARLIER)
    home.hear("weigh")
    earlier.keep(home.feed.snapshot())
    home.clock.sleep(60)  # nobody has said anything for so long
    assert home.feed.snapshot().state is None
    earlier.keep(home.feed.snapshot())
    assert earlier.of(VISIT) is EARLIER
    home.feed.accept(StationState(phase="weigh", since_ns=0, visit_id="another"))
    earlier.keep(home.feed.snapshot())
    assert earlier.of(VISIT) is earlier.of("another") is None
