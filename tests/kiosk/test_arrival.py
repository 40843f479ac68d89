"""What is asked before a visit: no answer but a clear one counts, nothing odd gets through, all else is optional."""

import re

import pytest

from station.config import Config, Run
from station.kiosk.languages import LANGUAGES
from station.kiosk.told_so_far import ToldSoFar
from station.messages import Choices
from tests.kiosk.conftest import HandClock, Station

ABOUT = "/about?camera=yes&pictures=yes"
EVIL = "<script>alert(1)</script>"


def test_the_start_screen_has_one_button_for_each_language_in_that_language(station):
    page = station.get("/")
    for language, name in LANGUAGES.items():
        assert f'href="/consent?lang={language}" lang="{language}"' in page
        assert f"<span>{name}</span>" in page
    assert "<b>Los geht’s</b>" in page


@pytest.mark.parametrize("address", ["/about", "/about?camera=maybe", "/about?lang=de&pictures=yes"])
def test_nobody_comes_past_the_question_for_the_camera(station, address):
    answer = station.client.get(address)
    assert answer.status_code == 302
    assert answer.location.startswith("/consent?lang=")


@pytest.mark.parametrize(
    ("camera", "pictures", "told"),
    [
        ("yes", "yes", (True, True)),
        ("yes", "no", (True, False)),
        ("yes", "", (True, False)),
        ("no", "yes", (False, False)),
        ("YES", "yes", (False, False)),
    ],
)
def test_what_was_not_clearly_allowed_is_not(station, camera, pictures, told):
    station.post("/visit/start", ABOUT, camera=camera, pictures=pictures)
    (command,) = station.fusion.commands
    assert (command.choices.camera, command.choices.pictures) == told


def test_without_a_camera_none_can_be_allowed(station_without_camera):
    station_without_camera.post("/visit/start", ABOUT, camera="yes", pictures="yes")
    assert not station_without_camera.fusion.commands[0].choices.camera


def test_all_that_was_told_goes_to_fusion_in_the_languages_own_numbers(station):
    told = {"speed": "10,8", "incline": "−1.5", "shoes": "minimal", "nickname": "  Ana-Lúcia ", "live": "yes"}
    station.post("/visit/start?lang=es", ABOUT, camera="yes", pictures="no", **told)
    (command,) = station.fusion.commands
    assert command.choices == Choices(
        language="es", camera=True, pictures=False, live=True, nickname="Ana-Lúcia", speed_m_s=3.0, incline_pct=-1.5,
        shoes="minimal",
    )  # fmt: skip


@pytest.mark.parametrize(
    "name", ["\u0915\u094d\u200d\u0937\u092e", "\u0646\u06cc\u200c\u06a9\u06cc", "Ren\u00e9 2.0", "O'Neil_x"]
)
def test_a_nickname_is_taken_as_its_script_spells_it(station, name):
    station.post("/visit/start", ABOUT, nickname=name)
    assert station.fusion.commands[0].choices.nickname == name


def test_one_button_is_enough(station):
    station.post("/visit/start", ABOUT, speed="", incline="", nickname="")
    assert station.fusion.commands[0].choices == Choices(pictures=False)


def test_a_belt_whose_speed_is_known_is_not_asked_for():
    station = Station(Config(run=Run(speed_m_s=2.9)))
    assert 'name="speed"' not in station.get(ABOUT)
    station.post("/visit/start", ABOUT, speed="12")
    assert station.fusion.commands[0].choices.speed_m_s is None


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("speed", "99", "Belt speed"),
        ("speed", "0", "Belt speed"),
        ("speed", "-8", "Belt speed"),
        ("speed", "nan", "Belt speed"),
        ("speed", "1e1", "Belt speed"),
        ("speed", "١٢", "Belt speed"),
        ("incline", "41", "Incline"),
        ("incline", "steep", "Incline"),
        ("shoes", "boots", "Shoes"),
        ("shoes", EVIL, "Shoes"),
        ("nickname", "x" * 500, "Nickname"),
        ("nickname", EVIL, "Nickname"),
        ("nickname", "http://evil.example", "Nickname"),
        ("nickname", "a\x00b", "Nickname"),
        ("nickname", "a\u202eb", "Nickname"),
        ("nickname", "a\nb", "Nickname"),
        ("nickname", "\u200d", "Nickname: letters, numbers, spaces"),
        ("nickname", "\u200da", "Nickname: letters, numbers, spaces"),
        ("nickname", "a\u200c", "Nickname: letters, numbers, spaces"),
        ("nickname", "a\u200d\u200db", "Nickname: letters, numbers, spaces"),
        ("nickname", "a \u200db", "Nickname: letters, numbers, spaces"),
        ("nickname", "a\u200d\u0301b", "Nickname: letters, numbers, spaces"),
        ("nickname", "e" + 20 * "\u0322", "Nickname: at most 3 accents"),
    ],
)
def test_what_cannot_be_meant_is_said_and_the_rest_is_kept(station, field, value, said):
    told = {"nickname": "Ana", "shoes": "trainers", "incline": "2"} | {field: value}
    answer = station.post("/visit/start", ABOUT, camera="yes", pictures="yes", **told)
    assert answer.status_code == 400
    assert re.search(rf'role="alert"><li>{said}', answer.text)
    assert f'value="{value}"' not in answer.text
    assert EVIL not in answer.text
    assert 'name="camera" value="yes"' in answer.text
    assert field == "nickname" or 'value="Ana"' in answer.text
    assert station.fusion.commands == []


def test_a_refused_form_can_be_mended_and_sent(station):
    answer = station.post("/visit/start?lang=de", ABOUT, camera="yes", pictures="yes", speed="99", nickname="Ana")
    assert 'lang="de"' in answer.text
    station.post("/visit/start?lang=de", ABOUT, camera="yes", pictures="yes", speed="9", nickname="Ana")
    assert station.fusion.commands[0].choices.nickname == "Ana"


def test_what_was_told_is_there_again_after_another_page(station):
    told = {"speed": "10.5", "incline": "1", "shoes": "minimal", "nickname": "Ana", "live": "yes"}
    assert station.post("/about", ABOUT, camera="yes", **told).status_code == 204
    station.get("/consent")
    page = station.get("/about?camera=no")
    for field in (
        'value="10.5"',
        'value="1.0"',
        'value="minimal" checked',
        'value="Ana"',
        'name="live" value="yes" checked',
    ):
        assert field in page
    assert 'name="camera" value="no"' in page  # the later answer counts
    station.get("/")
    assert "Ana" not in station.get(ABOUT)


def test_a_visit_that_goes_on_keeps_nothing_of_a_form(station):
    token = station.token(ABOUT)
    station.hear("run")
    form = {"csrf_token": token, "nickname": "Ana"}
    station.client.post("/about", data=form, headers={"Origin": "http://localhost"})
    station.hear()
    assert "Ana" not in station.get(ABOUT)


def test_what_was_told_is_forgotten_after_a_while():
    clock = HandClock()
    told = ToldSoFar(clock)
    told.hold(Choices(nickname="Ana"))
    clock.sleep(180)
    assert told.choices.nickname == "Ana"
    clock.sleep(1)
    assert told.choices == Choices()
