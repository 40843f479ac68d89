"""What the doctor sees through a simulated camera to which something has happened, in virtual time."""

import contextlib

from station.calibration.board import SQUARE_MM
from station.calibration.camera_eye import opened
from station.calibration.camera_machine import CameraMachine
from station.calibration.machine import StepRefusedError
from station.config import Force
from station.doctor.camera_look import CameraLook, look
from station.doctor.self_tests import camera_picture, camera_sensor, camera_stand, camera_there
from station.messages import CalibrationPrompt, CameraCalibration, Finding
from station.sim.board_camera import BoardCamera
from station.sim.camera import SimulatedCamera
from station.sim.camera_bench import LOOKING_TIME
from station.sim.faulty_camera import FaultyCamera
from station.sim.runner.camera_view import CameraView
from station.sim.runner.scenario import load_scenario
from station.sim.virtual_clock import VirtualClock
from station.sim.visitor import Visitor
from station.sim.world import Visit, World
from station.simulation_config import CameraFaults

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


def boards_taken(faults: CameraFaults, name: str = SCENARIO, seed: int = 1) -> int:
    """How many of the four boards on the belt the calibration takes before it refuses one."""
    scenario, clock = load_scenario(name), VirtualClock(seed)
    view = CameraView.of(scenario.filming)
    asked: list[CalibrationPrompt] = []
    films = SimulatedCamera(World(scenario, Visit(), seed), Visitor(0.0), clock, lambda: ())
    boards = BoardCamera(films, view, clock, lambda: [asked.pop()] if asked else [], seed)
    with opened(FaultyCamera(boards, faults, view.vertical_field_deg, seed), clock, lambda: None) as eye:
        machine = CameraMachine(eye, Force().cells, SQUARE_MM / 1e3, time=LOOKING_TIME)
        steps = 0
        with contextlib.suppress(StepRefusedError):
            while not machine.done:
                asked.append(machine.prompt)
                machine.measure()
                steps += 1
    return max(steps - 1, 0)  # the first one is the empty treadmill


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
