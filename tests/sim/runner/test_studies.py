"""The studies hold what the claims of accuracy name, and are rendered once for the same inputs."""

from pathlib import Path
from types import ModuleType

import msgspec
import numpy as np
import pytest

from station.errors import ConfigError, DeviceError
from station.sim.runner import fingerprint
from station.sim.runner import scenario as scenarios
from station.sim.runner.clip import clip_folder, study_cache
from station.sim.runner.clip_reader import ClipReader
from station.sim.runner.fingerprint import Fingerprint
from station.sim.runner.render import _is_of, main, render_study
from station.sim.runner.scenario import load_scenario, scenario_names, study_names
from station.sim.runner.shot import running_shots, standing_shot
from tests.sim.runner.truth import load_truth

STUDIES = [load_scenario(name) for name in study_names()]
TINY = """
title = "a short look at a woman"
mistakes = []
body = "woman"
mass_kg = 60.0
speed_m_s = 2.8
cadence_spm = 176.0
duty_factor = 0.37
strides = 2
stages = 2
[filming]
side = "left"
fps = 20.0
height_px = 120
"""


@pytest.fixture
def tiny(tmp_path, monkeypatch):
    """A study of its own, and a cache of its own."""
    monkeypatch.setattr(scenarios, "STUDIES", tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "tiny.toml").write_text(TINY)
    return tmp_path / "tiny.toml"


def test_the_studies_cover_what_the_claims_name():
    both = {"left", "right"}
    angles = {s.strike_angle_deg for s in STUDIES}
    assert {-10, -4, 0, 6, 10, 14, 18, 25} <= angles
    for foot in (lambda a: a < 0, lambda a: 0 <= a <= 8, lambda a: a >= 14):
        assert {s.filming.side for s in STUDIES if foot(s.strike_angle_deg)} == both
        assert {s.body for s in STUDIES if foot(s.strike_angle_deg)} >= {"man", "woman"}
    assert {(s.neck_start_deg, s.neck_end_deg) for s in STUDIES if s.stages > 1} == {(0, 0), (0, 8), (0, 15), (10, 25)}
    for field, low, high in (
        ("shoulder_rotation_deg", 6, 60),
        ("elbow_deg", 60, 150),
        ("forearm_across_deg", 0, 60),
    ):
        values = {getattr(s, field) for s in STUDIES}
        assert {min(values), max(values)} == {low, high}
        assert len(values) >= 5
    assert {s.skin for s in STUDIES} == {"light", "medium", "dark"}
    assert {s.filming.second_person for s in STUDIES} == {None, "beside", "behind", "passing", "crossing"}
    assert any(s.filming.handrail for s in STUDIES)
    assert any(s.filming.exposure_ms >= 4 for s in STUDIES)
    assert any(s.filming.light < 0.5 for s in STUDIES)
    assert {np.sign(s.filming.roll_deg) for s in STUDIES} == {-1, 0, 1}
    assert any(s.filming.readout_ms for s in STUDIES)
    assert any(s.mistakes == ["uneven_gait"] for s in STUDIES)


def test_one_study_has_its_cadence_locked_to_the_frames():
    (locked,) = (s for s in STUDIES if s.variability == 0)
    contacts = np.array([c.contact_s for c in locked.loop().contacts]) * locked.filming.fps
    assert np.allclose(np.diff(contacts), 20)
    free = load_scenario("strike_10").loop()
    assert np.ptp(np.diff([c.contact_s for c in free.contacts])) * 60 > 0.3


def test_studies_are_not_in_the_demos_list():
    assert not set(study_names()) & set(scenario_names())


def test_a_study_is_rendered_once(tiny, capsys):
    try:
        folder = render_study("tiny")
    except DeviceError as e:
        pytest.skip(f"cannot render here: {e}")
    assert folder == study_cache() / "tiny" == clip_folder(load_scenario("tiny"))
    clips = {"tiny_1", "tiny_2", "tiny_standing", "tiny_empty"}
    assert {p.stem for p in folder.glob("*.mp4")} == clips == {p.stem for p in folder.glob("tiny*.json")}
    for clip in clips:
        truth, reader = load_truth(clip, folder), ClipReader(clip, folder)
        assert (len(reader), truth.fps, truth.camera_side) == (truth.frames, 20.0, "left")
        assert reader.frame(truth.frames - 1).shape == (120, truth.width_px, 3)
        reader.close()
    assert "tiny_1" in capsys.readouterr().out

    assert render_study("tiny") == folder
    assert capsys.readouterr().out == ""
    (folder / "tiny_2.mp4").unlink()  # half a study is no study
    render_study("tiny")
    assert "tiny_2" in capsys.readouterr().out


@pytest.mark.parametrize("change", [{"seed": 2}, {"neck_end_deg": 3.0}, {"strike_angle_deg": 9.0}, {"skin": "dark"}])
def test_whatever_the_picture_shows_is_in_the_fingerprint(tiny, change):
    plain = load_scenario("tiny")
    other = msgspec.structs.replace(plain, **change)
    running, standing = (Fingerprint.of(shots) for shots in (running_shots(plain), [standing_shot(plain)]))
    assert running.same(Fingerprint.of(running_shots(load_scenario("tiny"))))
    assert not running.same(Fingerprint.of(running_shots(other)))
    assert standing.same(Fingerprint.of([standing_shot(other)])) == ("skin" not in change)


def test_what_is_said_about_a_study_is_not_in_its_picture(tiny):
    plain = load_scenario("tiny")
    other = msgspec.structs.replace(plain, title="another", mistakes=["uneven_gait"])
    assert Fingerprint.of(running_shots(plain)).same(Fingerprint.of(running_shots(other)))


@pytest.mark.parametrize("damaged", [None, b"", b"{}", b'{"told": "a", "places_m": [[1, 2]]}', b"\xff\xfe"])
def test_a_note_that_is_damaged_counts_as_not_made(tmp_path, damaged):
    wanted, note = Fingerprint("a", [(0.0, 1.0, 2.0)]), tmp_path / "made_of.json"
    note.write_bytes(msgspec.json.encode(wanted))
    assert _is_of(note, wanted)
    note.unlink() if damaged is None else note.write_bytes(damaged)
    assert not _is_of(note, wanted)


def test_how_it_is_drawn_is_in_the_fingerprint_but_not_how_the_code_is_laid_out(tiny, tmp_path, monkeypatch):
    def drawn_by(source: str) -> Fingerprint:
        module = ModuleType("renderer")
        module.__file__ = str(tmp_path / "renderer.py")
        Path(module.__file__).write_text(source)
        monkeypatch.setattr(fingerprint, "_DRAWING", (module,))
        return Fingerprint.of([standing_shot(load_scenario("tiny"))])

    first = drawn_by("SHADER = 'dark'\n")
    assert first.same(drawn_by("# a word\nSHADER   =   'dark'"))
    assert not first.same(drawn_by("SHADER = 'bright'\n"))


def test_a_solvers_last_digits_are_no_other_picture():
    made = Fingerprint.of([standing_shot(STUDIES[0])])
    moved = np.array(made.places_m)
    moved[5] += 0.001
    assert made.same(msgspec.structs.replace(made, places_m=moved.tolist()))
    moved[5] += 0.005
    assert not made.same(msgspec.structs.replace(made, places_m=moved.tolist()))


def test_the_command_says_which_study_is_not_there(tmp_path, capsys):
    assert main(["--studies", "nobody", "--out", str(tmp_path)]) == 2
    assert "'nobody' does not exist" in capsys.readouterr().err
    with pytest.raises(ConfigError, match="--studies strike_0"):
        load_truth("strike_0", tmp_path / "strike_0")
