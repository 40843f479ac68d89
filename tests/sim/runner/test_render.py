import numpy as np
import pytest

from station.errors import DeviceError
from station.sim.runner import render
from station.sim.runner.body import Body
from station.sim.runner.camera_view import CameraView
from station.sim.runner.clip_reader import ClipReader
from station.sim.runner.renderer import Belt, Renderer, mark_distance_m
from station.sim.runner.standing import standing_pose

SMALL = CameraView(width_px=320, height_px=180)


@pytest.fixture(scope="module")
def renderer():
    try:
        made = Renderer([Body("man")], SMALL)
    except DeviceError as e:
        pytest.skip(f"cannot render here: {e}")
    yield made
    made.close()


def test_the_runner_is_drawn_where_the_truth_says(renderer):
    body = Body("man")
    pose = standing_pose(body, 0.0)
    empty = renderer.draw([]).astype(int)
    picture = renderer.draw([body.skin(pose)]).astype(int)
    assert picture.shape == (180, 320, 3)
    changed = np.abs(picture - empty).max(axis=2) > 40
    points = body.points(pose)
    for name in ("right_shoulder", "right_hip", "right_knee", "nose"):
        x, y = SMALL.project(points[name][None])[0].round().astype(int)
        assert changed[y - 2 : y + 3, x - 2 : x + 3].any(), name
    assert not changed[:, :60].any()


def test_the_belt_moves_and_its_marks_close_over_a_loop(renderer):
    mark = mark_distance_m(21.3)
    start, half, whole = (renderer.draw([], Belt(x, mark)).astype(int) for x in (0, mark / 2, 21.3))
    assert np.abs(half - start).max() > 50
    assert np.abs(whole - start).max() < 12
    assert abs(mark - 0.5) < 0.02


def test_the_command_writes_a_clip_with_its_truth(tmp_path, renderer):
    assert render.main(["empty", "--out", str(tmp_path)]) == 0
    assert (tmp_path / "empty.json").stat().st_size > 100
    reader = ClipReader("empty", tmp_path)
    assert reader.frame(0).shape == (540, 960, 3)
    reader.close()


def test_the_command_says_what_is_wrong(tmp_path, capsys):
    assert render.main(["nobody", "--out", str(tmp_path)]) == 2
    assert "choose one of" in capsys.readouterr().err
    assert render.main(["strike_0", "--out", str(tmp_path)]) == 2
    assert "clip 'strike_0' does not exist" in capsys.readouterr().err, "a study is none of the shipped clips"
    assert render.main(["--studies", "good_man", "--out", str(tmp_path)]) == 2
    assert "study 'good_man' does not exist; choose one of behind, " in capsys.readouterr().err
    assert render.main(["empty", "--out", str(tmp_path / "missing")]) == 2
    assert "does not exist" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_cache_that_cannot_be_written_is_said(tmp_path, capsys, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert render.main(["--studies", "strike_0"]) == 2
    assert "choose another folder with --out" in capsys.readouterr().err
