"""The camera step by step: the empty treadmill, then the printed board at places on the belt."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from station.calibration.board_view import mean_corners
from station.calibration.camera_check import WrongBoardError, check_boards, check_camera, check_order, notes
from station.calibration.camera_eye import CameraEye
from station.calibration.camera_fit import BoardSighting, CameraFit, fit_camera
from station.calibration.machine import Machine, StepRefusedError, described
from station.calibration.parts import BoardPlace, CameraPart, origin
from station.calibration.static_reading import LOOKING_TIME, ReadingTime
from station.camera import scene_landmarks
from station.config import Cell
from station.errors import CalibrationError
from station.gait.results import Side
from station.messages import CalibrationPrompt, CameraCalibration, Landmarks
from station.words import N_

PICTURES = 7
EMPTY = CalibrationPrompt(
    action="unload", text=N_("Stop the belt, take everything off the treadmill and step out of the camera's picture.")
)
ALONG, ACROSS = 0.8, 2 / 3
"""Of the way from the deck's middle to the cells: far apart, but clear of the side rails."""
GRID_M = 0.05
"""Places are asked for in these steps."""


@dataclass(frozen=True)
class Looked:
    """What one step saw: the landmarks of the empty picture, or the corners (35, 2) of the board."""

    width_px: int
    height_px: int
    landmarks: Landmarks | None = None
    corners_px: np.ndarray | None = None


class CameraMachine(Machine[Looked]):
    """`square_m`: side of the printed squares. `wanted_side`: where the configuration says that the camera stands."""

    kind = "camera"

    def __init__(
        self,
        eye: CameraEye,
        cells: dict[str, Cell],
        square_m: float,
        wanted_side: Side | None = None,
        time: ReadingTime = LOOKING_TIME,
    ) -> None:
        super().__init__([EMPTY, *(_board(*place, square_m) for place in _places_m(cells))], time.total_s)
        self._eye = eye
        self._cells = cells
        self._square_m = square_m
        self._wanted_side = wanted_side
        self._time = time
        self._fit: CameraFit | None = None

    def _read(self, prompt: CalibrationPrompt) -> Looked:
        pictures = self._eye.pictures(self._time, PICTURES)
        height_px, width_px = pictures[0].shape[:2]
        if prompt is EMPTY:
            landmarks = scene_landmarks.find(pictures[-1])
            if landmarks is None:
                raise StepRefusedError(
                    N_("the picture shows next to nothing; light the treadmill, and look at the focus")
                )
            return Looked(width_px, height_px, landmarks=landmarks)
        try:
            return Looked(width_px, height_px, corners_px=mean_corners(pictures))
        except CalibrationError as e:
            raise StepRefusedError(
                N_("the board {place}: {e}").format(place=described(prompt.x_m, prompt.y_m), e=e)
            ) from None

    def _review(self) -> None:
        if not self.done:
            return
        sightings = self._sightings()
        first = self._readings[0]
        check_order(sightings)
        fit = fit_camera(sightings, self._square_m, first.width_px, first.height_px)
        try:
            check_boards(fit, sightings, self._square_m)
            check_camera(fit, self._wanted_side)
        except WrongBoardError as e:
            del self._readings[1 + e.number]
            raise StepRefusedError(str(e)) from None
        self._fit = fit

    def _sightings(self) -> list[BoardSighting]:
        return [
            BoardSighting(prompt.x_m, prompt.y_m, self._readings[step].corners_px)
            for step, prompt in enumerate(self._prompts)
            if prompt is not EMPTY
        ]

    def result(self, created: datetime) -> CameraPart:
        fit = self._fit
        if fit is None or not self.done:
            raise CalibrationError(N_("camera: its calibration has not been carried through"))
        camera = fit.geometry
        return CameraPart(
            **origin(self.kind, created, None, self._cells),
            camera=CameraCalibration(
                side=camera.side,
                width_px=camera.width_px,
                height_px=camera.height_px,
                focal_px=camera.focal_px,
                place_m=camera.place_m.tolist(),
                yaw_deg=camera.yaw_deg,
                pitch_deg=camera.pitch_deg,
                roll_deg=camera.roll_deg,
                radial=camera.radial,
                roll_sd_deg=fit.roll_sd_deg,
                scale_sd=fit.scale_sd,
                belt_sd_px=fit.belt_sd_px,
                landmarks=self._readings[0].landmarks,
            ),
            square_m=self._square_m,
            boards=[
                BoardPlace(x_m=s.x_m, y_m=s.y_m, corners_px=[tuple(c) for c in s.corners_px.tolist()])
                for s in self._sightings()
            ],
            residuals={
                "missed_px": fit.missed_px,
                "missed_mm": 1e3 * fit.missed_px / camera.px_per_m(),
                "boards_off_mm": 1e3 * float(np.sqrt(np.mean(fit.put_m[:, :2] ** 2))),
            },
            notes=notes(fit),
            source=N_("a board on the belt"),
        )


def _places_m(cells: dict[str, Cell]) -> list[tuple[float, float]]:
    """Around the deck's middle, so that nobody walks further than needed."""
    x_m, y_m = (
        GRID_M * round(share * min(abs(getattr(c, axis)) for c in cells.values()) / GRID_M)
        for share, axis in ((ALONG, "x_m"), (ACROSS, "y_m"))
    )
    return [(round(a * x_m, 3), round(b * y_m, 3)) for a, b in ((1, -1), (-1, -1), (-1, 1), (1, 1))]


def _board(x_m: float, y_m: float, square_m: float) -> CalibrationPrompt:
    text = N_(
        "Stand the board {place}: upright, its foot on the belt along the running direction, its "
        "face to the camera, the mark of its middle at that place. Step out of the picture."
    ).format(place=described(x_m, y_m))
    return CalibrationPrompt(action="board", text=text, x_m=x_m, y_m=y_m, square_m=square_m)
