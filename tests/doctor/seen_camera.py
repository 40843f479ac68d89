"""What the doctor sees through a simulated camera to which something has happened, in virtual time."""

from station.config import CameraFaults
from station.doctor.camera_look import CameraLook, look
from station.doctor.self_tests import camera_picture, camera_sensor, camera_stand, camera_there
from station.messages import CameraCalibration, Finding
from station.sim.camera import SimulatedCamera
from station.sim.faulty_camera import FaultyCamera
from station.sim.runner.camera_view import CameraView
from station.sim.runner.scenario import load_scenario
from station.sim.virtual_clock import VirtualClock
from station.sim.visitor import Visitor
from station.sim.world import Visit, World

SCENARIO = "good_man"
FPS = 60.0


def looked(faults: CameraFaults, seed: int = 1) -> CameraLook:
    """Raises DeviceError."""
    scenario = load_scenario(SCENARIO)
    clock = VirtualClock(seed)
    films = SimulatedCamera(World(scenario, Visit(), seed), Visitor(0.0), clock, lambda: ())
    camera = FaultyCamera(films, faults, CameraView.of(scenario.filming).vertical_field_deg, seed)
    camera.open()
    try:
        return look(camera, FPS, clock, lambda: None)
    finally:
        camera.close()


def findings(seen: CameraLook, calibration: CameraCalibration | None, wanted_fps: float = FPS) -> dict[str, Finding]:
    """Of all self-tests that look at pictures, by name."""
    found = [
        *camera_there.frozen(seen),
        *camera_sensor.wrong_sensor(seen, wanted_fps),
        *camera_sensor.lost(seen),
        *camera_picture.focus(seen),
        *camera_picture.light(seen),
        *camera_stand.tilted(seen, calibration),
        *camera_stand.moved(seen, calibration),
    ]
    return {finding.check: finding for finding in found}
