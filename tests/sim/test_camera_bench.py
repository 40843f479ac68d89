"""The bench's camera: calibrated as the station does it, and found where it was behind the runner."""

from datetime import UTC, datetime

import msgspec
import numpy as np
import pytest

from station import config, simulated_world
from station.calibration import artefact
from station.camera import scene_landmarks
from station.gait.camera_geometry import CameraGeometry
from station.gait.camera_state import camera_state
from station.messages import Calibration
from station.sim.runner.camera_view import CameraView
from station.sim.runner.clip import clip_folder
from station.sim.runner.clip_reader import ClipReader
from station.sim.runner.scenario import load_scenario

SIMULATED = config.Config(
    force=config.Force(device="simulated"),
    camera=config.Camera(device="simulated"),
    simulation=config.Simulation(scenario="heavy_rearfoot", seed=3),
)


@pytest.fixture(scope="module")
def calibration() -> Calibration:
    return artefact.assemble(simulated_world.calibrate_simulation(SIMULATED), SIMULATED.force.cells)


def test_a_simulated_station_begins_with_its_whole_calibration(calibration: Calibration) -> None:
    assert set(calibration.parts) == {"tare", "grid", "kernel", "deck", "camera"}
    view = CameraView.of(load_scenario(SIMULATED.simulation.scenario).filming)
    feet_m = np.array([[-0.3, -0.05, 0.0], [0.3, -0.05, 0.0]])
    assert CameraGeometry.of(calibration.camera).px_of(feet_m) == pytest.approx(view.project(feet_m), abs=2.5)


def test_a_simulated_station_was_calibrated_just_now(calibration: Calibration) -> None:
    ages_s = [
        (datetime.now(UTC) - datetime.fromisoformat(p.created_utc)).total_seconds() for p in calibration.parts.values()
    ]
    assert 0 <= min(ages_s) < max(ages_s) < 3600


def test_behind_a_standing_runner_the_camera_is_where_it_was(calibration: Calibration) -> None:
    scenario = load_scenario(SIMULATED.simulation.scenario)
    clip = ClipReader(scenario.standing_clip, clip_folder(scenario))
    place = scene_landmarks.compare(calibration.camera.landmarks, clip.frame(0), 1)
    clip.close()
    state = camera_state(calibration.camera, place, calibration.camera.width_px, calibration.camera.height_px)
    assert state.note is None
    assert state.geometry is not None


def test_a_camera_that_is_not_simulated_is_left_to_the_installer() -> None:
    fitted = msgspec.structs.replace(SIMULATED, camera=config.Camera(device="picamera2"))
    assert "camera" not in {part.kind for part in simulated_world.calibrate_simulation(fitted)}
