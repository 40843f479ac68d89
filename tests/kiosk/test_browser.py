"""Whole visits in the system's Chromium, on the real kiosk daemon and a scripted station."""

import pytest
from msgspec.structs import replace

from station.kiosk import texts
from station.kiosk.languages import LANGUAGES
from station.messages import Choices
from tests.kiosk.browser import SIZES, KioskScreen, chromium, chromium_path
from tests.kiosk.kiosk_process import running_kiosk, wait_for_screen, write_config
from tests.kiosk.sample_report import mistake, sample_document, sample_mistakes, sample_report
from tests.kiosk.scripted_station import VISIT, ScriptedStation

pytestmark = [
    pytest.mark.skipif(chromium_path() is None, reason="no Chromium on this machine: install the chromium package"),
]

CARD_TIMEOUT_S = 45.0
LONG_NOTICE = (
    "This run could not be scored: fewer than four complete steps of each foot were seen. Please run once more."
)


@pytest.fixture(scope="module")
def browser():
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def kiosk(tmp_path_factory):
    """(folder, configuration) of a kiosk that is running."""
    folder = tmp_path_factory.mktemp("kiosk")
    config = write_config(folder, card_timeout_s=CARD_TIMEOUT_S)
    with running_kiosk(folder, config):
        yield folder, config


@pytest.fixture
def station(kiosk):
    """A station at rest, and known to be so."""
    folder, config = kiosk
    with ScriptedStation(folder / "run") as station:
        wait_for_screen(config, "idle")
        yield station


@pytest.fixture
def open_screen(browser, kiosk):
    """Opens the kiosk at a size; every page of the test must have been clean."""
    screens = []

    def open_(size="wide", **context) -> KioskScreen:
        screens.append(KioskScreen(browser, f"http://127.0.0.1:{kiosk[1].kiosk.port}/", SIZES[size], **context))
        return screens[-1]

    yield open_
    for screen in screens:
        assert screen.errors == []
        assert screen.foreign == []
        screen.close()


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_the_words_of_a_language_fit_where_there_is_least_room(language, station, open_screen):
    for size in ("small", "portrait"):
        screen = open_screen(size)
        start = screen.page.url
        for page in ("", "consent", "about"):
            screen.page.goto(f"{start}{page}?lang={language}&camera=yes")
            assert screen.misfits() == [], (size, page)


@pytest.mark.parametrize(
    ("size", "language", "answer", "camera", "pictures"),
    [
        ("small", "fr", "skeleton", True, False),
        ("wide", "en", "pictures", True, True),
        ("portrait", "es", "no_camera", False, False),
        ("full_hd", "de", "pictures", True, True),
    ],
)
def test_a_whole_visit(size, language, answer, camera, pictures, station, open_screen):
    """Every page fits, is read from where the runner stands, and passes axe; what was chosen reaches fusion."""
    screen = open_screen(size)
    page = screen.at("idle")
    assert screen.faults() == []
    page.locator(f'.languages [lang="{language}"]').tap()
    page.wait_for_selector(f'html[lang="{language}"] [data-choice]')
    assert screen.faults() == []
    page.locator(f'[data-choice="{answer}"]').tap()
    page.wait_for_selector("[data-go]")
    assert screen.faults() == []
    page.locator("[data-stepper]:has(#speed) [data-more]").tap()
    page.locator("[data-stepper]:has(#speed) [data-more]").tap()
    page.locator("[data-stepper]:has(#incline) [data-less]").tap()
    page.locator("label:has([value=trainers])").tap()
    page.locator("#nickname").tap()
    page.locator(".keys [data-skbtn=A]").tap()
    page.locator(".keys [data-skbtn=b]").tap()
    assert screen.faults() == []
    page.locator(".keys [data-skbtn='{done}']").tap()
    assert screen.faults() == []
    page.locator("[data-go]").tap()
    screen.at("weigh")
    chosen = Choices(
        language=language, camera=camera, pictures=pictures, nickname="Ab", speed_m_s=10.5 / 3.6, incline_pct=0.0,
        shoes="trainers",
    )  # fmt: skip
    assert [(c.action, c.choices) for c in station.commands] == [("start", chosen)]
    station.go("weigh", progress=0.5, notice="Stand still.")
    page.wait_for_selector('[data-progress][aria-valuenow="50"]')
    assert screen.faults() == []
    page.locator(".forget").tap()
    page.wait_for_selector(".sheet:popover-open")
    assert screen.faults() == []
    screen.key("Escape")
    station.go("ready", notice="Start the belt and run when you are ready.")
    screen.at("ready")
    assert screen.faults() == []
    station.go("run", run_s=61.0)
    screen.at("run")
    page.locator("[data-run-time]", has_text="1:01").wait_for()
    assert screen.faults() == []
    page.locator(".halt").tap()
    screen.at("score")
    assert screen.faults() == []
    station.go("card")
    screen.at("card")
    assert page.locator(".card").count() == 4
    assert page.locator(".card figure svg").count() == 4
    assert screen.misfits() == []
    assert page.evaluate(_SMALLEST_TEXT) >= 20
    assert page.evaluate(_SMALLEST_TARGET) >= (48 if size == "small" else 64)
    page.locator(".card").first.tap()
    page.wait_for_selector("body.detail")
    screen.key("Escape")
    page.wait_for_selector("body.overview")
    page.locator("footer form[action='/visit/finish'] button").tap()
    screen.at("idle")
    assert [c.action for c in station.commands] == ["start", "stop", "finish"]


@pytest.mark.parametrize("size", SIZES)
def test_live_curves_are_drawn_for_whoever_asked_for_them(size, station, open_screen):
    station.go("run", run_s=61.0, choices=Choices(camera=True, live=True, language="de"))
    screen = open_screen(size)
    page = screen.at("run")
    page.wait_for_selector("#force canvas")
    page.wait_for_selector(".foot.landed", state="attached")
    page.locator("[data-run-time]", has_text="1:01").wait_for()
    page.locator("[data-cadence]", has_text="167").wait_for()
    page.wait_for_function(_SKELETON_DRAWN)
    assert screen.faults() == []


@pytest.mark.parametrize("phase", ["weigh", "ready", "run", "score", "card"])
def test_forget_me_is_one_tap_and_one_confirmation_away(phase, station, open_screen):
    station.go(phase, choices=Choices(language="de"))
    screen = open_screen("small")
    page = screen.at(phase)
    page.locator(".forget").first.tap()
    page.locator(".sheet .strong").tap()
    screen.at("idle")
    page.wait_for_selector('html[lang="en"]')  # the station's own
    assert [c.action for c in station.commands] == ["discard"]


def test_the_nickname_is_typed_as_the_language_spells(station, open_screen):
    screen = open_screen("small")
    page = screen.at("idle")
    page.locator('.languages [lang="de"]').tap()
    page.locator('[data-choice="no_camera"]').tap()
    page.locator("#nickname").tap()
    for key in ("J", "ü", "m", "{bksp}", "r", "g"):
        page.locator(f".keys [data-skbtn='{key}']").tap()
    screen.key("e")  # a real keyboard goes on where the glass ended
    page.locator(".keys [data-skbtn='n']").tap()
    screen.key("Escape")
    assert page.is_hidden(".keys")
    page.locator("[data-go]").tap()
    screen.at("weigh")
    assert station.commands[0].choices.nickname == "Jürgen"


@pytest.mark.parametrize("address", ["consent?lang=fr", "about?lang=fr&camera=no"])
def test_a_page_that_nobody_touches_goes_back_to_the_start(address, station, open_screen):
    screen = open_screen()
    page = screen.page
    page.clock.install()
    page.goto(f"{page.url}{address}")
    page.clock.run_for(50_000)
    screen.key("Tab")
    page.clock.run_for(50_000)
    assert page.evaluate("location.pathname") != "/"
    page.clock.run_for(15_000)
    page.wait_for_selector(".languages")


def test_a_second_screen_follows_the_visit(station, open_screen):
    first, second = open_screen(), open_screen("small")
    second.page.locator('.languages [lang="es"]').tap()
    second.page.wait_for_selector("[data-choice]")
    first.begin("de", "no_camera")
    first.at("weigh")
    second.at("weigh")
    assert second.page.get_attribute("html", "lang") == "de"
    assert len(station.commands) == 1


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_the_start_screen_moves_for_whoever_does_not_mind(motion, station, open_screen):
    screen = open_screen("small", reduced_motion=motion)
    page = screen.at("idle")
    picture = "document.getElementById('figure').toDataURL()"
    page.wait_for_function(f"() => {picture}.length > 5000")
    before = page.evaluate(picture)
    if motion == "reduce":
        page.wait_for_timeout(300)
        assert page.evaluate(picture) == before
    else:
        page.wait_for_function(f"before => {picture} !== before", arg=before)


@pytest.mark.parametrize("count", [4, 5, 6])
@pytest.mark.parametrize("size", ["small", "wide", "portrait"])
def test_any_number_of_cards_fits(size, count, station, open_screen):
    many = list(sample_mistakes().items()) + [
        (f"more_{n}", mistake(f"Another habit {n}", "likely", 45.0)) for n in (1, 2)
    ]
    visit = f"{VISIT}-{size}-{count}"
    station.report = sample_report(visit, sample_document(dict(many[:count])))
    station.go("card", visit_id=visit, notice="The station restarted during the run; it is scored up to there.")
    screen = open_screen(size)
    screen.at("card").wait_for_selector(".card")
    assert screen.page.locator(".card").count() == count
    assert screen.misfits() == []


def test_pictures_come_when_asked_for(station, open_screen):
    station.go("card")
    screen = open_screen()
    page = screen.at("card")
    assert page.locator(".card image").count() == 0
    with page.expect_response("**/still/**") as loaded:
        screen.tap("Show pictures")
    assert loaded.value.ok
    assert page.locator(".card image").count() == 1


def test_pictures_that_come_after_the_card_are_shown_when_they_are_there(station, open_screen):
    whole = station.report
    station.report = replace(whole, pictures={})
    station.go("card", pictures_coming=True)
    screen = open_screen()
    page = screen.at("card")
    screen.tap("Show pictures")
    page.wait_for_selector("text=Pictures are coming")
    page.locator(".forget").tap()
    page.wait_for_selector(".sheet:popover-open")
    station.report = whole
    station.go("card")
    page.wait_for_timeout(500)
    assert page.is_visible(".sheet")  # whoever answers a question is not disturbed
    screen.key("Escape")
    page.wait_for_selector(".card image")
    assert page.is_visible("text=Hide pictures")


def test_a_visit_by_keyboard_alone(station, open_screen):
    screen = open_screen()
    page = screen.at("idle")
    screen.press("English")
    page.wait_for_url("**/consent?*")
    screen.press("Camera, lines only")
    page.wait_for_url("**/about?*")
    screen.tab_to("Belt speed")
    page.keyboard.type("9,5")
    screen.key("Escape")
    page.wait_for_url("**/consent?*")
    screen.press("Without camera")
    page.wait_for_url("**/about?*")
    assert page.input_value("#speed") == "9.5"  # what was told is not lost on the way
    screen.tab_to("Incline")
    screen.key("ArrowUp", "ArrowUp")
    screen.press("Barefoot", "ArrowRight")
    screen.tab_to("Nickname")
    page.keyboard.type("Al")
    screen.key("Enter")  # ends the typing, and does not begin the visit
    assert page.evaluate("document.activeElement.matches('[data-go]')")
    screen.press("Show me live curves while I run", "Space")
    screen.press("Go")
    screen.at("weigh")
    chosen = Choices(live=True, nickname="Al", speed_m_s=9.5 / 3.6, incline_pct=0.5, shoes="minimal", pictures=False)
    assert [(c.action, c.choices) for c in station.commands] == [("start", chosen)]
    station.go("run")
    screen.at("run")
    screen.press("Forget me")
    page.wait_for_selector(".sheet:popover-open")
    screen.key("Escape")
    screen.press("Stop measuring")
    screen.at("score")
    screen.press("Forget me")
    screen.press("Wipe it now")
    screen.at("idle")
    assert [c.action for c in station.commands] == ["start", "stop", "discard"]


def test_a_card_that_nobody_reads_asks_counts_down_and_closes(station, open_screen):
    station.go("card")
    screen = open_screen()
    page = screen.page
    page.clock.install()
    page.reload()
    screen.at("card")
    page.clock.run_for(1000 * (CARD_TIMEOUT_S - 10))
    page.wait_for_selector("#still-there[open]")
    assert 5 <= int(page.inner_text("[data-countdown]")) <= 11  # about ten: real time goes on, more on a busy machine
    screen.tap("Keep reading")
    page.wait_for_selector("#still-there:not([open])", state="attached")
    page.clock.run_for(1000 * (CARD_TIMEOUT_S - 1))
    page.wait_for_selector("#still-there[open]")
    assert [c.action for c in station.commands] == ["stay"]
    page.clock.run_for(2000)
    screen.at("idle")
    assert [c.action for c in station.commands] == ["stay", "finish"]


@pytest.mark.parametrize("step_s", [3 * 3600, -3 * 3600])
def test_a_clock_that_is_set_neither_closes_a_card_nor_keeps_it(step_s, station, open_screen):
    station.go("card")
    screen = open_screen()
    page = screen.page
    page.clock.install()
    page.reload()
    screen.at("card")
    page.clock.set_system_time(page.evaluate("Date.now()") + 1000 * step_s)
    page.clock.run_for(1000)
    assert page.locator("#still-there[open]").count() == 0
    assert station.commands == []
    page.clock.run_for(1000 * CARD_TIMEOUT_S)
    screen.at("idle")
    assert [c.action for c in station.commands] == ["finish"]


@pytest.mark.parametrize("size", SIZES)
def test_a_notice_at_the_start_fits_and_goes_by_itself(size, station, open_screen):
    screen = open_screen(size)
    page = screen.at("idle")
    assert page.is_hidden("[data-notice]")
    station.go("idle", notice=LONG_NOTICE)
    station.fault("camera", texts.CAMERA_SILENT)
    page.wait_for_selector(f"text={LONG_NOTICE}")
    page.wait_for_selector(f"text={texts.CAMERA_SILENT}")
    assert page.evaluate(_OUTSIDE_OR_OVER, "main > *") == []
    assert screen.misfits() == []
    station.go("idle")
    page.wait_for_selector("[data-notice]", state="hidden")
    page.wait_for_selector(".languages")


def test_a_runner_opens_a_card_without_a_picture_until_asked(station, open_screen):
    station.go("card")
    screen = open_screen()
    page = screen.at("card")
    page.locator(".card").first.tap()
    page.wait_for_selector("body.detail")
    assert page.locator("figure svg").count() >= 2
    assert page.locator("image").count() == 0
    with page.expect_response("**/still/**") as loaded:
        screen.tap("Show pictures")
    assert loaded.value.ok
    screen.tap("Back")
    page.wait_for_selector("body.overview image")
    page.locator(".card").first.tap()
    page.wait_for_selector("body.detail image")
    screen.tap("Hide pictures")
    page.wait_for_selector("body.detail:not(:has(image))")


def test_faults_appear_and_go_without_a_tap(station, open_screen):
    page = open_screen().at("idle")
    page.wait_for_selector("[data-problems]:empty", state="attached")
    station.fault("camera", "The camera is unplugged.")
    page.wait_for_selector("text=The camera is unplugged.")
    assert page.is_visible(".languages")
    station.fault("force", "Front left load cell: no answer.")
    page.wait_for_selector(".languages", state="hidden")
    assert page.is_visible("text=Not ready just now")
    station.fault("camera", None)
    station.fault("force", None)
    page.wait_for_selector(".languages")
    page.wait_for_selector("[data-problems]:empty", state="attached")


def test_a_station_that_falls_silent_is_waited_for(station, open_screen):
    station.go("run")
    screen = open_screen()
    screen.at("run")
    station.silent = {"fusion"}
    screen.at("moment")
    assert screen.misfits() == []
    station.silent = set()
    screen.at("run")


def test_a_kiosk_that_is_started_anew_is_found_again(browser, tmp_path):
    config = write_config(tmp_path)
    with ScriptedStation(tmp_path / "run") as station:
        station.go("run", choices=Choices(language="de"))
        with running_kiosk(tmp_path, config):
            screen = KioskScreen(browser, f"http://127.0.0.1:{config.kiosk.port}/", SIZES["wide"])
            screen.at("run")
        screen.page.wait_for_selector("#away:not([hidden])")
        with running_kiosk(tmp_path, config):
            screen.page.wait_for_selector("#away[hidden]", state="attached")
            screen.at("run")
            assert screen.page.get_attribute("html", "lang") == "de"
            screen.page.locator(".halt").tap()  # with the new kiosk's token
            screen.at("score")
        screen.close()


_OUTSIDE_OR_OVER = """(selector) => {
  const all = [...document.querySelectorAll(selector)].map((e) => [e, e.getBoundingClientRect()]);
  const shown = all.filter(([, r]) => r.height);
  const found = [];
  shown.forEach(([e, r], i) => {
    if (r.top < 0 || r.left < 0 || r.bottom > innerHeight || r.right > innerWidth) found.push(`${e.className} outside`);
    for (const [f, q] of shown.slice(i + 1)) if (q.top < r.bottom - 1) found.push(`${e.className} over ${f.className}`);
  });
  return found;
}"""

_SKELETON_DRAWN = """() => {
  const canvas = document.getElementById("skeleton");
  if (!canvas.width) return false;
  const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
  return pixels.some((value, i) => i % 4 === 3 && value > 0);
}"""

_SMALLEST_TEXT = """() => Math.min(...[...document.querySelectorAll(".card *, .bar *")]
  .filter((e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim()) && e.getClientRects().length)
  .filter((e) => !e.closest("svg"))
  .map((e) => parseFloat(getComputedStyle(e).fontSize)))"""

_SMALLEST_TARGET = """() => Math.min(...[...document.querySelectorAll("a, button")]
  .filter((e) => e.getClientRects().length)
  .map((e) => Math.min(e.getBoundingClientRect().width, e.getBoundingClientRect().height)))"""
