"""The calibration's board before a simulated camera, without a screen."""

from collections.abc import Callable

import numpy as np

from station.calibration.camera_eye import CameraEye
from station.calibration.camera_machine import CameraMachine
from station.calibration.static_reading import ReadingTime
from station.camera.backend import Frame
from station.config import Config
from station.gait.results import Side
from station.messages import CalibrationPrompt
from station.sim.board_camera import BoardCamera
from station.sim.runner.camera_view import CameraView
from station.sim.runner.clip_reader import ClipReader
from station.sim.virtual_clock import VirtualClock

QUICK = ReadingTime(0.7, 0.7)
PERIOD_S = 0.35
NOISE = 3.0  # grey levels


class StillCamera:
    """Films one still picture with a sensor's noise."""

    def __init__(self, image_rgb: np.ndarray, clock: VirtualClock, seed: int) -> None:
        random = np.random.default_rng(seed)
        self._images = [_noisy(image_rgb, random) for _ in range(4)]
        self._clock = clock
        self._read = 0

    def open(self) -> None: ...

    def close(self) -> None: ...

    def read(self, timeout_s: float) -> Frame:
        self._clock.sleep(PERIOD_S)
        self._read += 1
        return Frame(self._clock.now_ns(), self._images[self._read % len(self._images)])


def _noisy(image_rgb: np.ndarray, random: np.random.Generator) -> np.ndarray:
    return np.clip(image_rgb + random.normal(0, NOISE, image_rgb.shape), 0, 255).astype(np.uint8)


class Stand:
    """An installer with a board before a camera with this view; `wrong` may change where a prompt is obeyed."""

    def __init__(
        self,
        view: CameraView,
        seed: int = 1,
        wrong: Callable[[CalibrationPrompt], CalibrationPrompt] = lambda prompt: prompt,
        square_m: float = 0.03,
        wanted_side: Side | None = None,
    ) -> None:
        self._asked: list[CalibrationPrompt] = []
        self._wrong = wrong
        clock = VirtualClock()
        inner = StillCamera(ClipReader("empty").frame(0), clock, seed)
        camera = BoardCamera(inner, view, clock, self._prompts, seed)
        self.machine = CameraMachine(
            CameraEye(camera, clock, lambda: None), Config().force.cells, square_m, wanted_side, QUICK
        )

    def step(self) -> None:
        self._asked.append(self._wrong(self.machine.prompt))
        self.machine.measure()

    def carry_out(self) -> CameraMachine:
        while not self.machine.done:
            self.step()
        return self.machine

    def _prompts(self) -> list[CalibrationPrompt]:
        asked, self._asked = self._asked, []
        return asked
