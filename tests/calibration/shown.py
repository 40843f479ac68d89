"""An installer who does not always do what the camera's calibration asks for."""

from collections.abc import Callable

from station.config import Config
from station.gait.results import Side
from station.messages import CalibrationPrompt
from station.sim.camera_bench import CameraBench
from station.sim.runner.camera_view import CameraView
from station.sim.runner.scenario import load_scenario


class Stand(CameraBench):
    """A camera with this view; `wrong` may change where a prompt is obeyed."""

    def __init__(
        self,
        view: CameraView,
        seed: int = 1,
        wrong: Callable[[CalibrationPrompt], CalibrationPrompt] = lambda prompt: prompt,
        wanted_side: Side | None = None,
    ) -> None:
        super().__init__(load_scenario("good_man"), Config().force.cells, seed, view, wanted_side)
        self._wrong = wrong

    def obey(self, prompt: CalibrationPrompt) -> None:
        super().obey(self._wrong(prompt))
