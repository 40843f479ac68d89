"""A simulated camera before which the simulated installer stands the calibration's board."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from station.camera.backend import CameraBackEnd, Frame
from station.clock import Clock
from station.messages import CalibrationPrompt
from station.sim.runner.camera_view import CameraView
from station.sim.shown_board import page_m, with_board

STAND_S = 0.5
"""A board stands still this long after it was asked for, or is gone."""
PLACED_SD_M, TURNED_SD = 0.003, 0.03
"""How exactly the installer puts it down: in metres along x and y, and in radians about the vertical."""


@dataclass(frozen=True)
class StandingBoard:
    """Where a board stands from `from_ns` on."""

    x_m: float
    y_m: float
    turn: float  # radians about the vertical
    square_m: float
    from_ns: int


class BoardCamera:
    """A `CameraBackEnd` that films what `inner` films, with the board in front of it while one is asked for.

    `prompts` gives what a calibration has asked for since the last call.
    """

    def __init__(
        self,
        inner: CameraBackEnd,
        view: CameraView,
        clock: Clock,
        prompts: Callable[[], Iterable[CalibrationPrompt]],
        seed: int,
    ) -> None:
        self._inner, self._view, self._clock, self._prompts = inner, view, clock, prompts
        self._random = np.random.default_rng([seed, 3])
        self._board: StandingBoard | None = None

    def open(self, close_up: bool = False) -> None:
        self._inner.open(close_up)

    def close(self) -> None:
        self._inner.close()

    def read(self, timeout_s: float) -> Frame | None:
        for prompt in self._prompts():
            self._obey(prompt)
        frame = self._inner.read(timeout_s)
        board = self._board
        if frame is None or board is None or frame.t_ns < board.from_ns:
            return frame
        return Frame(frame.t_ns, with_board(frame.image_rgb, self._page_px(board)), frame.row_ns)

    def _obey(self, prompt: CalibrationPrompt) -> None:
        """Anything but a board takes it away."""
        if prompt.action != "board" or prompt.x_m is None or prompt.y_m is None or prompt.square_m is None:
            self._board = None
            return
        x_m, y_m = np.array([prompt.x_m, prompt.y_m]) + self._random.normal(0, PLACED_SD_M, 2)
        turn = self._random.normal(0, TURNED_SD)
        self._board = StandingBoard(x_m, y_m, turn, prompt.square_m, self._clock.now_ns() + round(STAND_S * 1e9))

    def _page_px(self, board: StandingBoard) -> np.ndarray:
        """(4, 2) corners of the page in the picture."""
        across, up = page_m(board.square_m).T
        right = 1 if self._view.eye_m[1] < 0 else -1  # as the camera sees it, along x
        along = np.column_stack([np.cos(board.turn) * across, np.sin(board.turn) * across]) * right
        return self._view.project(np.column_stack([along + np.array([board.x_m, board.y_m]), up]))
