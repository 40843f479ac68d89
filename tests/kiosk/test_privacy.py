"""The privacy sheet says what the configuration does."""

from pathlib import Path

import pytest

from station import cli
from station.camera.code_reader import LOOK_NS
from station.config import Camera, Config, Kiosk
from station.kiosk.privacy import sections
from station.kiosk.take_home.earlier_run import UNUSED_NS
from station.messages import Choices
from tests.kiosk.conftest import Station


def told(config: Config) -> str:
    return " ".join(text for section in sections(config) for text in section.sentences)


def test_a_gym_wipes_and_a_clinic_keeps(tmp_path: Path) -> None:
    gym = told(Config(state_dir=str(tmp_path)))
    assert "all of it is wiped" in gym
    assert "60 seconds after your last touch" in gym
    clinic = told(Config(mode="clinic", state_dir=str(tmp_path)))
    assert f"stored in {tmp_path}/runs until the clinic deletes them" in clinic
    assert "is wiped." not in clinic


def test_what_is_kept_names_all_that_a_runner_chose_and_typed(tmp_path: Path) -> None:
    """A new choice must be told of, too: it is written into the recording with the others (RunInfo.choices)."""
    words = {
        "language": "language", "nickname": "nickname", "speed_m_s": "belt speed", "incline_pct": "incline",
        "shoes": "shoes", "camera": "chose", "pictures": "chose", "live": "chose",
    }  # fmt: skip
    assert set(words) == set(Choices.__struct_fields__)
    clinic = told(Config(mode="clinic", state_dir=str(tmp_path)))
    stored = clinic[clinic.index("are stored in") : clinic.index("Pictures are not.")]
    assert [word for word in words.values() if word not in stored] == []
    assert "what you typed are written in encrypted form" in told(Config(state_dir=str(tmp_path)))


def test_the_look_for_a_code_before_the_visit_is_told(tmp_path: Path) -> None:
    sheet = told(Config(state_dir=str(tmp_path)))
    assert "films you only" not in sheet.replace("In a visit a camera at the side films you only", "")
    assert "Before a visit, a tap of yours opens it to look for the code of your last card, for one minute" in sheet
    assert "for three minutes where none begins" in sheet
    assert (LOOK_NS, UNUSED_NS) == (60e9, 180e9)


def test_pictures_promise_no_more_than_the_cut_keeps(tmp_path: Path) -> None:
    sheet = told(Config(state_dir=str(tmp_path)))
    assert "none is made where the station notices somebody else" in sheet
    assert "parts that show at the edge of your outline can be left" in sheet


def test_a_camera_is_told_of_only_where_there_is_one(tmp_path: Path) -> None:
    assert "camera" in told(Config(state_dir=str(tmp_path)))
    without = told(Config(state_dir=str(tmp_path), camera=Camera(device="none")))
    assert "This station has no camera." in without
    assert "film" not in without


def test_the_link_is_told_of_only_where_it_is_on(tmp_path: Path) -> None:
    assert "local network" not in told(Config(state_dir=str(tmp_path)))
    on = Config(state_dir=str(tmp_path), kiosk=Kiosk(share_host="10.0.0.5", share_minutes=7))
    assert "in the local network of this place, for 7 minutes" in told(on)


def test_the_disk_is_counted(tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    runs.mkdir()
    (runs / "a.mcap").write_bytes(bytes(2_500_000))
    (runs / "a.json").write_bytes(b"{}")
    assert "1 stored run. 2.5 MB" in told(Config(mode="clinic", state_dir=str(tmp_path)))


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_page(station: Station, language: str) -> None:
    page = station.get(f"/privacy?lang={language}")
    assert f'lang="{language}"' in page
    assert page.count("<section>") == 6
    assert f'href="/consent?lang={language}"' in page


def test_the_command_prints_and_writes(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    settings = tmp_path / "station.toml"
    settings.write_text(f'state_dir = "{tmp_path}/<b>"')
    assert cli.main(["privacy", "--config", str(settings)]) == 0
    assert "- There is no microphone" in capsys.readouterr().out
    assert cli.main(["privacy", "--config", str(settings), "--html", str(tmp_path / "sheet.html")]) == 0
    sheet = (tmp_path / "sheet.html").read_text()
    assert "<h1>Privacy</h1>" in sheet
    assert "&lt;b&gt;" in sheet
    assert cli.main(["privacy", "--config", str(settings), "--html", str(tmp_path)]) == 2
