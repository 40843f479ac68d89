"""Where the camera stands and how it projects, from pictures of a board at several places of the belt.

Least squares over all corners at once (bundle adjustment: Triggs et al. 2000, LNCS 1883:298). What an installer cannot
do exactly, where and how the board stands, is unknown too, each held to what was asked for by how well people do it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import least_squares

from station.calibration.board import corners_m
from station.gait.camera_geometry import CameraGeometry
from station.gait.results import SIDES, Side

CORNER_SD_PX = 0.07
"""Of a found corner, on rendered pictures: 0.04-0.1."""
PRINT_SD = 0.01
"""Relative, of the squares as measured with a ruler."""
RADIAL_SD = 0.05
_PLACED_SD = np.array([0.005, 0.005, 0.002, np.radians(4), np.radians(4), np.radians(0.4)])
"""How exactly a board is put down: metres along x, y, z, and its turn, lean and tilt."""
_CAMERA = 9  # parameters before those of the boards
_ROUNDS = 60
"""It settles within 10 where the boards agree."""
_FIRST_FIELD = 1.0
"""Focal length at which the search begins, in widths of the picture."""


@dataclass(frozen=True)
class BoardSighting:
    """The board at (x, y) on the belt, by its prompt, and its corners in the picture, (35, 2) pixels."""

    x_m: float
    y_m: float
    corners_px: np.ndarray


@dataclass(frozen=True)
class CameraFit:
    """`missed_px`: rms of what is left of the corners; `put_m` (k, 3): how far off its place each board seems to stand.

    `put_off` (k,): the same with its turns, in standard deviations, the worst of each board. `print_scale`: squares as
    they seem to be over what was said. `*_sd`: standard deviations.
    """

    geometry: CameraGeometry
    missed_px: float
    put_m: np.ndarray
    put_off: np.ndarray
    print_scale: float
    roll_sd_deg: float
    scale_sd: float  # relative
    belt_sd_px: float


def fit_camera(sightings: Sequence[BoardSighting], square_m: float, width_px: int, height_px: int) -> CameraFit:
    """Fit the sightings, three or more at places that do not lie in a line."""
    side = side_seen(sightings)
    problem = _Problem(sightings, square_m, side, width_px, height_px)
    found = least_squares(problem.residuals, problem.first_guess(), x_scale="jac", max_nfev=_ROUNDS)
    left = problem.residuals(found.x)
    corners = 2 * sum(len(s.corners_px) for s in sightings)
    missed_px = CORNER_SD_PX * float(np.sqrt(np.mean(left[:corners] ** 2)))
    misfit = float(np.sqrt(left @ left / (corners - _CAMERA)))
    covariance = np.linalg.inv(found.jac.T @ found.jac) * max(1.0, misfit) ** 2
    geometry = problem.geometry(found.x)
    sd = _Propagated(problem, found.x, covariance)
    scale = geometry.px_per_m()
    geometry = replace(geometry, scale_sd=sd.of(lambda g: g.px_per_m()) / scale)
    return CameraFit(
        geometry=geometry,
        missed_px=missed_px,
        put_m=problem.boards(found.x)[:, :3],
        put_off=np.abs(problem.boards(found.x) / _PLACED_SD).max(axis=1),
        print_scale=float(found.x[8]),
        roll_sd_deg=sd.of(lambda g: g.roll_deg),
        scale_sd=geometry.scale_sd,
        belt_sd_px=sd.of(lambda g: g.belt_line_px(np.zeros(1))[0, 1]),
    )


def side_seen(sightings: Sequence[BoardSighting]) -> Side:
    """Of the runner: forward is image right as seen from the right."""
    x_m = np.array([s.x_m for s in sightings])
    x_px = np.array([s.corners_px[:, 0].mean() for s in sightings])
    return "right" if (x_m - x_m.mean()) @ (x_px - x_px.mean()) > 0 else "left"


class _Problem:
    """Parameters: camera x, y, z, yaw, pitch, roll (degrees), log focal length, radial, print scale; then 6 a board."""

    def __init__(
        self, sightings: Sequence[BoardSighting], square_m: float, side: Side, width_px: int, height_px: int
    ) -> None:
        self._sightings = sightings
        self._face_m = corners_m(square_m)
        self._right = -1 if side == SIDES[0] else 1  # of the board as seen, along x
        self._blank = CameraGeometry(side, width_px, height_px, 1.0, np.zeros(3), 0.0, 0.0, 0.0)
        self._seen_px = np.concatenate([s.corners_px for s in sightings])

    def first_guess(self) -> np.ndarray:
        """A camera square to the belt at the distance where the boards have their size."""
        focal_px = _FIRST_FIELD * self._blank.width_px
        sizes = [np.ptp(s.corners_px[:, 1]) for s in self._sightings]
        distance_m = focal_px * np.ptp(self._face_m[:, 1]) / float(np.mean(sizes))
        drop_px = self._seen_px[:, 1].mean() - self._blank.height_px / 2
        along_px = self._seen_px[:, 0].mean() - self._blank.width_px / 2
        camera = np.zeros(_CAMERA)
        camera[0] = -self._right * along_px * distance_m / focal_px
        camera[1] = -self._right * distance_m
        camera[2] = self._face_m[:, 1].mean() + drop_px * distance_m / focal_px
        camera[6], camera[8] = np.log(focal_px), 1.0
        return np.concatenate([camera, np.zeros(len(_PLACED_SD) * len(self._sightings))])

    def geometry(self, parameters: np.ndarray) -> CameraGeometry:
        place, (yaw, pitch, roll, log_focal, radial) = parameters[:3], parameters[3:8]
        return replace(
            self._blank,
            focal_px=float(np.exp(log_focal)),
            place_m=place,
            yaw_deg=float(yaw),
            pitch_deg=float(pitch),
            roll_deg=float(roll),
            radial=float(radial),
        )

    def boards(self, parameters: np.ndarray) -> np.ndarray:
        """(k, 6) how each board stands off what was asked for."""
        return parameters[_CAMERA:].reshape(-1, len(_PLACED_SD))

    def residuals(self, parameters: np.ndarray) -> np.ndarray:
        """In standard deviations: of the corners, then of what was asked for."""
        boards = self.boards(parameters)
        points = [self._stood(s, b, parameters[8]) for s, b in zip(self._sightings, boards, strict=True)]
        missed_px = self.geometry(parameters).px_of(np.concatenate(points)) - self._seen_px
        held = [parameters[7] / RADIAL_SD, (parameters[8] - 1) / PRINT_SD]
        return np.concatenate([missed_px.ravel() / CORNER_SD_PX, held, (boards / _PLACED_SD).ravel()])

    def _stood(self, sighting: BoardSighting, board: np.ndarray, scale: float) -> np.ndarray:
        """(35, 3) corners on the deck of a board that stands a little off its place."""
        (x, y, z), (turn, lean, tilt) = board[:3], board[3:]
        across, up = scale * self._face_m.T
        across, up = across * np.cos(tilt) - up * np.sin(tilt), across * np.sin(tilt) + up * np.cos(tilt)
        away, up = up * np.sin(lean), up * np.cos(lean)
        return np.column_stack(
            [
                sighting.x_m + x + self._right * (across * np.cos(turn) - away * np.sin(turn)),
                sighting.y_m + y + self._right * (across * np.sin(turn) + away * np.cos(turn)),
                z + up,
            ]
        )


class _Propagated:
    """Standard deviations of what follows from the parameters, by its slope in each of them."""

    def __init__(self, problem: _Problem, parameters: np.ndarray, covariance: np.ndarray) -> None:
        self._problem, self._parameters, self._covariance = problem, parameters, covariance

    def of(self, value: Callable[[CameraGeometry], float]) -> float:
        slopes = np.zeros(len(self._parameters))
        for k in range(_CAMERA):
            step = 0.1 * np.sqrt(self._covariance[k, k])
            ends = []
            for sign in (-1, 1):
                moved = self._parameters.copy()
                moved[k] += sign * step
                ends.append(value(self._problem.geometry(moved)))
            slopes[k] = (ends[1] - ends[0]) / (2 * step)
        return float(np.sqrt(slopes @ self._covariance @ slopes))
