"""The weights: only the pinned files are taken, and stripping heads changes nothing of what is kept."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter

from station.camera import weights
from station.camera.prune import keep_outputs
from station.errors import InputError


def run(path: Path, image: np.ndarray) -> dict[str, np.ndarray]:
    interpreter = Interpreter(model_path=str(path), num_threads=1)
    interpreter.allocate_tensors()
    interpreter.set_tensor(interpreter.get_input_details()[0]["index"], image)
    interpreter.invoke()
    return {o["name"]: interpreter.get_tensor(o["index"]) for o in interpreter.get_output_details()}


@pytest.mark.parametrize("model", ["full", "heavy"])
def test_kept_outputs_are_bit_identical(package: Path, weights_dir: Path, model: str) -> None:
    image = np.random.default_rng(1).random((1, 256, 256, 3), np.float32)
    name = weights.LANDMARKS[model]
    whole, stripped = run(package / name, image), run(weights_dir / name, image)
    assert set(stripped) == set(weights.KEPT_OUTPUTS)
    assert set(whole) > set(stripped)
    for output, value in stripped.items():
        assert np.array_equal(value, whole[output])


def test_second_call_changes_nothing(package: Path, weights_dir: Path) -> None:
    before = {f: f.stat().st_mtime_ns for f in weights_dir.iterdir()}
    assert not weights.prepare(weights_dir, package)
    assert {f: f.stat().st_mtime_ns for f in weights_dir.iterdir()} == before


def test_damaged_output_is_made_again(package: Path, weights_dir: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(weights_dir, tmp_path / "copy")
    victim = copy / weights.LANDMARKS["full"]
    victim.write_bytes(victim.read_bytes()[:-1] + b"?")
    assert weights.prepare(copy, package)
    assert victim.read_bytes() == (weights_dir / victim.name).read_bytes()


def test_altered_package_is_refused(package: Path, tmp_path: Path) -> None:
    altered = shutil.copytree(package, tmp_path / "package")
    with (altered / "pose_landmark_full.tflite").open("r+b") as f:
        f.write(b"x")
    with pytest.raises(InputError, match=r"pose_landmark_full\.tflite: not the pinned file"):
        weights.prepare(tmp_path / "out", altered)


def test_missing_package_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="npm ci"):
        weights.prepare(tmp_path / "out", tmp_path / "nowhere")


def test_command_ends_with_status_2_and_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert weights.main(["/proc/no/such/place"]) == 2
    said = capsys.readouterr().err
    assert said.startswith("pose weights /proc/no/such/place: ")
    assert said.count("\n") == 1


def test_unprepared_network_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"install\.sh"):
        weights.find(tmp_path, weights.DETECTOR)


def test_unknown_output_is_refused(package: Path) -> None:
    model = (package / weights.LANDMARKS["full"]).read_bytes()
    with pytest.raises(InputError, match="Identity_9"):
        keep_outputs(model, ("Identity", "Identity_9"))
