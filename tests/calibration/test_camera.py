"""The camera's calibration against the simulated view it was shown."""

import json
from base64 import b64encode
from dataclasses import replace
from datetime import UTC, datetime

import msgspec
import numpy as np
import pytest

from station.calibration import artefact, report
from station.calibration.board import CORNERS, SQUARE_MM, corners_m, svg
from station.calibration.camera_machine import CameraMachine
from station.calibration.machine import StepRefusedError
from station.calibration.parts import CameraPart
from station.cli import main
from station.errors import CalibrationError
from station.gait.camera_geometry import CameraGeometry
from station.gait.posture_gates import MOST_ROLL_DEG
from station.messages import CalibrationPrompt
from station.sim.runner.camera_view import CameraView
from tests.calibration.saved_parts import CELLS, grid_part
from tests.calibration.shown import Stand

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
VIEWS = {
    "square": CameraView(),
    "rolled": CameraView(roll_deg=3.0),
    "left": CameraView(eye_m=(0.0, 3.3, 0.92), roll_deg=-2.0),
    "askew": CameraView(aim_m=(0.2, 0.0, 0.8), roll_deg=1.0),
}


def _landmarks(xy_px: bytes, descriptors: bytes) -> dict[str, str]:
    return {"xy_px": b64encode(xy_px).decode(), "descriptors": b64encode(descriptors).decode()}


@pytest.fixture(scope="module")
def square() -> CameraPart:
    return Stand(VIEWS["square"]).calibrate()


@pytest.fixture(scope="module", params=VIEWS)
def calibrated(request) -> tuple[CameraView, CameraPart]:
    view = VIEWS[request.param]
    return view, Stand(view).calibrate()


def test_roll_scale_and_belt_line_are_found(calibrated):
    view, part = calibrated
    camera = CameraGeometry.of(part.camera)
    assert camera.side == ("right" if view.eye_m[1] < 0 else "left")
    assert camera.roll_deg == pytest.approx(view.roll_deg, abs=0.2)
    for y_m in (0.0, -0.05, 0.05):
        ends = view.project(np.array([[-0.001, y_m, 0.0], [0.001, y_m, 0.0]]))
        assert camera.px_per_m(y_m) == pytest.approx(np.hypot(*(ends[1] - ends[0])) / 0.002, rel=0.01)
    x_m = np.linspace(-0.5, 0.5, 5)
    line = view.project(np.column_stack([x_m, np.zeros((5, 2))]))
    assert np.abs(camera.belt_line_px(x_m) - line).max() < 3


def test_a_point_on_a_known_plane_is_found_again(calibrated):
    view, part = calibrated
    camera = CameraGeometry.of(part.camera)
    points_m = np.array([[0.3, -0.05, 0.02], [-0.4, -0.05, 0.1], [0.0, -0.05, 0.9]])
    found = camera.on_plane(camera.px_of(points_m), -0.05)
    assert found == pytest.approx(points_m[:, [0, 2]], abs=1e-6)
    assert camera.on_plane(view.project(points_m), -0.05) == pytest.approx(points_m[:, [0, 2]], abs=0.012)


def test_what_it_is_worth_is_said(calibrated):
    _, part = calibrated
    assert part.residuals["missed_px"] < 0.15
    assert part.residuals["boards_off_mm"] < 8
    assert 0.02 < part.camera.roll_sd_deg < 0.3
    assert 0.001 < part.camera.scale_sd < 0.01
    text = "\n".join(report.lines(part, None))
    assert f"at the runner's {part.camera.side}" in text
    assert "px" in text


def test_the_part_is_kept_and_belongs_to_the_calibration(tmp_path, square):
    artefact.save(square, tmp_path)
    assert artefact.load_parts(tmp_path)[0].camera == square.camera
    joined = artefact.assemble([grid_part(), square], CELLS)
    assert joined.camera == square.camera
    assert joined.parts["camera"].residuals == square.residuals


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"height_px": 0}, "960 x 0 px"),
        ({"height_px": 10**30}, "960 x 10+ px"),
        ({"place_m": [0.0, -3.3]}, "2 values instead of 3"),
        ({"place_m": [0.0, 0.0, 0.0]}, r"distance of 0\.0 m"),
        ({"place_m": [0.0, 3.3, 0.9]}, r"at the runner's right it cannot stand at y = 3\.3 m"),
        ({"place_m": [0.0, -3.3, 1e300]}, "above the belt cannot be"),
        ({"yaw_deg": 90.0}, "yaw of 90 degrees"),
        ({"radial": 180.0}, "lens"),
        ({"focal_px": 1e300}, "lens"),
        ({"scale_sd": -1.0}, "scale_sd of -1 is below 0"),
        ({"landmarks": _landmarks(b"1234", bytes(16))}, "as many places as descriptors"),
        ({"landmarks": _landmarks(bytes(16), bytes(32))}, "as many places as descriptors"),
        ({"landmarks": _landmarks(np.full(2, np.nan, "<f4").tobytes(), bytes(32))}, "is no number"),
    ],
)
def test_a_part_that_was_damaged_is_refused(tmp_path, square, changes, words):
    content = json.loads(msgspec.json.encode(square))
    content["camera"] |= changes
    path = tmp_path / "0001-camera.json"
    path.write_text(json.dumps(content))
    with pytest.raises(CalibrationError, match=rf"{words}.*repeat `station calibrate camera`"):
        artefact.load(path)


def test_one_board_in_the_wrong_place_is_asked_for_again():
    wrong = [True]

    def put(prompt: CalibrationPrompt) -> CalibrationPrompt:
        if wrong and (prompt.x_m, prompt.y_m) == (-0.55, 0.2):
            wrong.clear()
            return msgspec.structs.replace(prompt, x_m=-0.4)
        return prompt

    stand = Stand(VIEWS["square"], wrong=put)
    with pytest.raises(StepRefusedError, match=r"0\.55 m behind the deck's centre, 0\.2 m to the left contradicts"):
        stand.calibrate()
    assert (stand.machine.prompt.x_m, stand.machine.prompt.y_m) == (-0.55, 0.2)
    assert stand.calibrate().camera.roll_deg == pytest.approx(0, abs=0.2)


def test_left_and_right_exchanged_is_refused():
    def mirrored(prompt: CalibrationPrompt) -> CalibrationPrompt:
        return msgspec.structs.replace(prompt, y_m=-prompt.y_m) if prompt.y_m else prompt

    with pytest.raises(CalibrationError, match="exchanged"):
        Stand(VIEWS["square"], wrong=mirrored).calibrate()


def test_a_board_printed_too_small_is_noticed():
    def shrunk(prompt: CalibrationPrompt) -> CalibrationPrompt:
        return msgspec.structs.replace(prompt, square_m=0.94 * prompt.square_m) if prompt.square_m else prompt

    with pytest.raises(CalibrationError, match=r"squares seem to be 2[89]\.\d mm"):
        Stand(VIEWS["square"], wrong=shrunk).calibrate()


def test_a_camera_on_the_other_side_than_configured_is_refused():
    with pytest.raises(CalibrationError, match=r"runner's right, the configuration says run\.camera_side = 'left'"):
        Stand(VIEWS["square"], wanted_side="left").calibrate()


def test_a_board_that_is_not_there_is_refused_and_asked_for_again():
    stand = Stand(VIEWS["square"], wrong=lambda prompt: CalibrationPrompt(action="unload", text=""))
    stand.step()
    with pytest.raises(StepRefusedError, match="found in 0 of 3 pictures"):
        stand.step()
    assert stand.machine.step == 1


@pytest.mark.parametrize("roll_deg", [12.0, -(MOST_ROLL_DEG + 0.5)])
def test_a_camera_so_tilted_that_no_run_of_it_would_be_judged_is_refused(roll_deg):
    tilted = replace(VIEWS["square"], roll_deg=roll_deg)
    with pytest.raises(CalibrationError, match=r"roll of -?(12|5\.5\d?|5\.4\d) degrees is beyond 5"):
        Stand(tilted).calibrate()


def test_nothing_is_given_before_all_steps_are_done():
    machine: CameraMachine = Stand(VIEWS["square"]).machine
    with pytest.raises(CalibrationError):
        machine.result(NOW)


def test_the_board_is_printed_at_its_size():
    page = svg("text")
    assert 'width="210mm" height="297mm"' in page
    assert page.count(f'width="{SQUARE_MM:g}" height="{SQUARE_MM:g}"') == 24
    corners = corners_m(1.0)
    assert len(corners) == CORNERS[0] * CORNERS[1]
    assert corners[0] == pytest.approx([-2, 8])
    assert corners[-1] == pytest.approx([2, 2])


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--print", "{tmp}"], "cannot be written (Is a directory)"),
        (["--print", "{tmp}/none/board.svg"], "cannot be written (No such file or directory)"),
        (["--print", "{tmp}/board.svg", "--square", "50"], "--square is of the printed board"),
        (["--config", "{tmp}/none.toml"], "none.toml: No such file or directory"),
    ],
)
def test_what_cannot_be_meant_or_written_is_one_line(tmp_path, capsys, options, words):
    assert main(["calibrate", "camera", *(option.format(tmp=tmp_path) for option in options)]) == 2
    said = capsys.readouterr().err
    assert words in said
    assert said.count("\n") == 1
    assert list(tmp_path.iterdir()) == []
