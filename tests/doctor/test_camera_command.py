"""`station doctor` on a simulated station whose camera has a fault: the command says which, and so does its status."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from station import config
from station.config import Camera, Config, Force, Simulation
from station.simulation_config import CameraFaults


def examined(tmp_path: Path, faults: CameraFaults, *names: str) -> tuple[int, dict[str, str]]:
    """Exit status, and the verdict of each of these self-tests."""
    made = Config(
        runtime_dir=str(tmp_path / "run"),
        state_dir=str(tmp_path),
        force=Force(device="simulated"),
        camera=Camera(device="simulated"),
        simulation=Simulation(camera_faults=faults),
    )
    config.dump(made, tmp_path / "station.toml")
    command = [sys.executable, "-m", "station", "doctor", "--config", str(tmp_path / "station.toml"), "--json"]
    done = subprocess.run([*command, "--only", *names], capture_output=True, text=True, timeout=170)
    assert done.stderr == ""
    return done.returncode, {finding["check"]: finding["verdict"] for finding in json.loads(done.stdout)}


def test_a_missing_camera_is_a_fault_and_nothing_else_is_told_of_it(tmp_path: Path) -> None:
    status, verdicts = examined(tmp_path, CameraFaults(missing=True), "camera_missing", "camera_focus", "disk_full")
    assert status == 1
    assert verdicts["camera_missing"] == "fault"
    assert verdicts["camera_focus"] == "not_checked"


@pytest.mark.long
def test_a_camera_out_of_focus(tmp_path: Path) -> None:
    """Its pictures come in real time: on a busy machine some are lost, and it says so."""
    names = ("camera_missing", "camera_frozen", "camera_wrong_sensor", "camera_focus", "camera_dim")
    status, verdicts = examined(tmp_path, CameraFaults(blur_px=6), *names)
    assert status == 1
    assert verdicts == dict.fromkeys(names, "ok") | {"camera_focus": "fault"}
