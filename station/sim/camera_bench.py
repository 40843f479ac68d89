"""The camera's bench: the simulated camera before an empty treadmill, and an installer with the calibration's board.

In virtual time and one process; everything follows from the seed: the picture's noise and the installer's hand.
"""

from datetime import UTC, datetime

from station.calibration import board
from station.calibration.camera_eye import CameraEye
from station.calibration.camera_machine import CameraMachine
from station.calibration.parts import CameraPart
from station.calibration.static_reading import ReadingTime
from station.config import Cell
from station.gait.results import Side
from station.messages import CalibrationPrompt
from station.sim.board_camera import STAND_S, BoardCamera
from station.sim.camera import SimulatedCamera
from station.sim.runner.camera_view import CameraView
from station.sim.runner.scenario import Scenario
from station.sim.virtual_clock import VirtualClock
from station.sim.visitor import Visitor
from station.sim.world import Visit, World

LOOKING_TIME = ReadingTime(settle_s=STAND_S + 0.1, mean_s=0.2)
"""The bench's installer is quick, and nothing shakes."""


class CameraBench:
    """The camera of this scenario; `view` overrides where it stands. `machine`: the calibration that looks through it.

    `wanted_side`: where the configuration says that the camera stands.
    """

    def __init__(
        self,
        scenario: Scenario,
        cells: dict[str, Cell],
        seed: int = 1,
        view: CameraView | None = None,
        wanted_side: Side | None = None,
    ) -> None:
        self._clock = clock = VirtualClock(seed)
        self._asked: list[CalibrationPrompt] = []
        films = SimulatedCamera(World(scenario, Visit(), seed), Visitor(0.0), clock, lambda: ())
        camera = BoardCamera(films, view or CameraView.of(scenario.filming), clock, self._prompts, seed)
        eye = CameraEye(camera, clock, lambda: None)
        self.machine = CameraMachine(eye, cells, board.SQUARE_MM / 1e3, wanted_side, LOOKING_TIME)

    def obey(self, prompt: CalibrationPrompt) -> None:
        """The installer begins what the calibration asks for."""
        self._asked.append(prompt)

    def step(self) -> None:
        """One step of the calibration. Raises CalibrationError where it is refused."""
        self.obey(self.machine.prompt)
        self.machine.measure()

    def calibrate(self) -> CameraPart:
        """What the station's own step machine gives. Raises CalibrationError."""
        while not self.machine.done:
            self.step()
        return self.machine.result(datetime.fromtimestamp(self._clock.now_ns() * 1e-9, UTC))

    def _prompts(self) -> list[CalibrationPrompt]:
        asked, self._asked = self._asked, []
        return asked
