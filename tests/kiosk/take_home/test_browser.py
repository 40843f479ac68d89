"""The code on the real screen: read from a picture of it, brought back before the real camera daemon, and compared."""

import contextlib
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
import zmq

from station import config
from station.bus import Server, request
from station.camera.code_search import CodeSearch
from station.config import Camera, Config, Kiosk, Simulation
from station.errors import BusError
from station.kiosk.take_home import code_text
from station.messages import Choices, CodeRequest, CodeSeen
from station.records import card_key
from station.simulation_config import ShownCode
from tests.camera.waiting import until
from tests.kiosk.at_home import report, signed_by
from tests.kiosk.browser import SIZES, KioskScreen, chromium, chromium_path
from tests.kiosk.kiosk_process import free_port, running_kiosk, wait_for_screen
from tests.kiosk.scripted_station import ScriptedStation
from tests.processes import end

pytestmark = [
    pytest.mark.skipif(chromium_path() is None, reason="no Chromium on this machine: install the chromium package"),
]

_NO_NETWORK = "net::ERR_INTERNET_DISCONNECTED"
"""What the browser says of the live events while a test has taken the network away."""


@pytest.fixture(scope="module")
def browser():
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def kiosk(tmp_path_factory) -> Iterator[tuple[Path, Config]]:
    """A kiosk that is running; the simulated visitor holds the picture code.png before the camera."""
    folder = tmp_path_factory.mktemp("kiosk")
    made = Config(
        runtime_dir=str(folder / "run"),
        state_dir=str(folder / "state"),
        kiosk=Kiosk(port=free_port(), share_host="127.0.0.1", share_port=free_port(), station_name="Studio Süd"),
        camera=Camera(device="simulated", live_fps=0, workers=1),
        simulation=Simulation(shown_code=ShownCode(path=str(folder / "code.png"), tilt_deg=12.0)),
    )
    config.dump(made, folder / "station.toml")
    with running_kiosk(folder, made):
        yield folder, made


@contextlib.contextmanager
def running_camera(folder: Path) -> Iterator[None]:
    process = subprocess.Popen([sys.executable, "-m", "station", "camera", "--config", str(folder / "station.toml")])
    try:
        yield  # it is made once there is a picture for the simulated visitor to hold
    finally:
        end(process)


@pytest.fixture
def open_page(browser, kiosk):
    """Opens a page of the kiosk at a size; every page of the test must have been clean."""
    screens = []

    def open_(path: str, size: str = "small") -> KioskScreen:
        screens.append(KioskScreen(browser, f"http://127.0.0.1:{kiosk[1].kiosk.port}{path}", SIZES[size]))
        return screens[-1]

    yield open_
    for screen in screens:
        assert [error for error in screen.errors if _NO_NETWORK not in error] == []
        assert screen.foreign == []
        screen.close()


def reads_codes(runtime: Path) -> bool:
    """Whether the camera daemon is there and has made its camera."""
    with zmq.Context() as context, contextlib.suppress(BusError):
        request(context, runtime, "camera", CodeRequest(action="look"), CodeSeen, timeout_s=1.0)
        return True
    return False


@contextlib.contextmanager
def camera_that_sees(runtime: Path, texts: list[str]) -> Iterator[None]:
    """Answers the kiosk as the camera daemon would that sees these codes; a test may change them."""
    ending = threading.Event()

    def serve() -> None:
        with zmq.Context() as context, contextlib.closing(Server(context, runtime, "camera")) as server:
            while not ending.is_set():
                if asked := server.receive(0.05):
                    address, message = asked
                    server.reply(address, CodeSeen(looking=message.action != "stop", texts=list(texts)))

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield
    finally:
        ending.set()
        thread.join()


_HIDDEN = """() => {
  const top = document.querySelector("footer").getBoundingClientRect().top;
  const shown = [...document.querySelectorAll("main .code, main .words > *")];
  return shown.filter((e) => e.getBoundingClientRect().bottom > top).map((e) => e.className || e.innerText);
}"""


def checked(screen: KioskScreen) -> None:
    assert screen.misfits() == []
    assert screen.page.evaluate(_HIDDEN) == []
    assert screen.accessibility() == []


def picture_of(screen: KioskScreen, selector: str) -> np.ndarray:
    """That part of the screen, as a phone's camera would take it, with the network off."""
    screen.page.context.set_offline(True)
    png = screen.page.locator(selector).screenshot()
    screen.page.context.set_offline(False)
    return cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR)


def says(picture: np.ndarray) -> str:
    """What the code in the picture says. Of one picture OpenCV's detector reads 29 codes in 30 (the keys are drawn by
    lot); a phone takes many, from more than one distance."""
    nearer = (cv2.resize(picture, None, fx=k, fy=k, interpolation=cv2.INTER_CUBIC) for k in (1.0, 1.5, 2.0))
    return next(filter(None, ("".join(CodeSearch().texts(each)) for each in nearer)), "")


@pytest.mark.parametrize("size", ["small", "portrait"])
def test_the_code_is_read_from_the_screen_and_the_link_opens_while_the_card_is_there(size, kiosk, open_page):
    folder, made = kiosk
    with ScriptedStation(folder / "run", report()) as station:
        station.go("card", choices=Choices(language="de", nickname="Flitz"))
        wait_for_screen(made, "card")
        screen = open_page("/take-home", size)
        text = says(picture_of(screen, "[data-code]"))
        checked(screen)
        assert text.startswith("Studio Süd · ")
        assert "Flitz" not in text
        assert code_text.read(text, card_key.load(made.state), ["uneven_gait"]).mistakes["uneven_gait"]

        link = says(picture_of(screen, "[data-link]"))
        assert link.startswith(f"http://127.0.0.1:{made.kiosk.share_port}/t/")
        with urllib.request.urlopen(link) as answer:
            assert b"Kopf nach vorn" in answer.read()
        screen.tap("Fertig")
        screen.at("idle")
        with pytest.raises(urllib.error.HTTPError) as gone:
            urllib.request.urlopen(link)
        assert gone.value.code == 404
        gone.value.close()


@pytest.mark.parametrize("language", ["de", "fr"])
@pytest.mark.parametrize("size", SIZES)
def test_the_page_that_reads_the_code_can_be_read_from_where_the_runner_stands(size, language, kiosk, open_page):
    folder, made = kiosk
    genuine = signed_by(card_key.load(made.state), report())
    texts = [genuine.replace("Present", "Not seen")]
    with ScriptedStation(folder / "run", report()), camera_that_sees(folder / "run", texts):
        wait_for_screen(made, "idle")
        screen = open_page(f"/earlier?lang={language}&camera=yes&pictures=yes", size)
        assert screen.faults() == []
        screen.page.locator("footer .strong").tap()
        screen.page.wait_for_selector("[data-hint]:not(:empty)")
        assert screen.faults() == []
        texts[:] = [genuine]
        screen.page.wait_for_selector(".phone.found")
        assert screen.faults() == []
        screen.page.locator("footer button").tap()
        screen.page.wait_for_selector(".phone:not(.found)")


def test_an_altered_code_is_refused_in_words(kiosk, open_page):
    folder, made = kiosk
    genuine = signed_by(card_key.load(made.state), report())
    texts = [genuine.replace("Present", "Not seen")]
    with ScriptedStation(folder / "run", report()), camera_that_sees(folder / "run", texts):
        wait_for_screen(made, "idle")
        screen = open_page("/earlier?lang=en&camera=yes&pictures=yes")
        screen.tap("Show my code to the camera")
        screen.page.wait_for_selector("[data-hint]:not(:empty)")
        assert screen.page.inner_text("[data-hint]") == code_text.ALTERED
        checked(screen)
        texts[:] = [genuine]
        screen.page.wait_for_selector(".phone.found")
        screen.tap("Forget it")
        screen.page.wait_for_selector(".phone:not(.found)")


def test_a_code_comes_back_before_the_camera_and_opens_the_comparison(kiosk, open_page):
    folder, made = kiosk
    with running_camera(folder), ScriptedStation(folder / "run", report(), camera=False) as station:
        station.go("card", choices=Choices(speed_m_s=2.8))
        wait_for_screen(made, "card")
        screen = open_page("/take-home")
        cv2.imwrite(str(folder / "code.png"), picture_of(screen, "[data-code]"))
        station.go("idle")
        wait_for_screen(made, "idle")
        until(lambda: reads_codes(folder / "run"))

        screen = open_page("/earlier?lang=en&camera=yes&pictures=yes")
        checked(screen)
        screen.tap("Show my code to the camera")
        screen.page.wait_for_selector(".phone.found")
        checked(screen)

        station.report = report(step_time_pct=-12.3)
        for phase in ("weigh", "card"):
            station.go(phase, visit_id="visit-2", choices=Choices(speed_m_s=2.8))
            wait_for_screen(made, phase)
            screen.at(phase)
        screen.page.goto(f"http://127.0.0.1:{made.kiosk.port}/compare")
        checked(screen)
        assert "today 12.3 %, left more: now on the other side" in screen.page.inner_text("main")
        screen.tap("Finish")
        screen.at("idle")
        station.go("card", visit_id="visit-3")
        screen.at("card")
        assert screen.page.locator('a[href="/compare"]').count() == 0
