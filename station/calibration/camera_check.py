"""Whether boards and camera can be as they were fitted, and what should not be (biomechanics spec, section 1.1)."""

from collections.abc import Sequence

import numpy as np

from station.calibration.board_view import square_of
from station.calibration.camera_fit import BoardSighting, CameraFit, fit_camera, side_seen
from station.calibration.camera_limits import impossible
from station.calibration.machine import described
from station.errors import CalibrationError
from station.gait.results import Side
from station.words import N_

MOST_OFF = 3.0
"""Standard deviations that a board may seem to stand off its place."""
MOST_PRINT_ERROR = 0.025
MAX_MISSED_PX = 0.5
GOOD_DISTANCE_M, GOOD_YAW_DEG, GOOD_ROLL_DEG = 2.5, 5.0, 3.0
MIN_PX_PER_M = 120.0
"""Below it a runner of 1.7 m is less than some 200 px high."""
_AGAIN = N_("put it level and square to the belt, measure the boards' places and repeat `station calibrate camera`")


class WrongBoardError(CalibrationError):
    """One board contradicts the others: `number` in the order of the sightings."""

    def __init__(self, message: str, number: int) -> None:
        super().__init__(message)
        self.number = number


def check_order(sightings: Sequence[BoardSighting]) -> None:
    """Raise CalibrationError where the boards that should be nearer to the camera are the smaller ones."""
    to_left = 1 if side_seen(sightings) == "right" else -1
    away_m = to_left * np.array([s.y_m for s in sightings])
    size_px = np.array([square_of(s.corners_px) for s in sightings])
    if (away_m - away_m.mean()) @ size_px > 0:
        raise CalibrationError(
            N_(
                "camera: the boards farther away look larger; left and right, or ahead and behind, are "
                "exchanged: x counts in the running direction, and left is the runner's left"
            )
        )


def check_boards(fit: CameraFit, sightings: Sequence[BoardSighting], square_m: float) -> None:
    """Raise WrongBoardError where one board stood wrongly, CalibrationError where the whole does not fit."""
    if _agree(fit):
        return
    if fit.missed_px <= MAX_MISSED_PX and fit.put_off.max() <= MOST_OFF:
        raise CalibrationError(
            N_(
                "camera: the board's squares seem to be {print_scale:.1f} mm wide instead of "
                "{square_m:g} mm; measure one with a ruler and give it with --square"
            ).format(print_scale=1e3 * square_m * fit.print_scale, square_m=1e3 * square_m)
        )
    size = fit.geometry.width_px, fit.geometry.height_px
    without = [fit_camera([*sightings[:k], *sightings[k + 1 :]], square_m, *size) for k in range(len(sightings))]
    fine = [k for k, f in enumerate(without) if _agree(f)]
    if len(fine) == 0:
        raise CalibrationError(
            N_("camera: the boards contradict each other; measure their places and repeat the calibration")
        )
    number = min(fine, key=lambda k: float(without[k].put_off.max()))
    wrong = sightings[number]
    raise WrongBoardError(
        N_(
            "camera: the board {place} contradicts the others; measure that place and put it there "
            "again, its foot on the belt along the running direction"
        ).format(place=described(wrong.x_m, wrong.y_m)),
        number,
    )


def _agree(fit: CameraFit) -> bool:
    return (
        fit.missed_px <= MAX_MISSED_PX
        and fit.put_off.max() <= MOST_OFF
        and abs(fit.print_scale - 1) <= MOST_PRINT_ERROR
    )


def check_camera(fit: CameraFit, wanted_side: Side | None) -> None:
    """Raise CalibrationError for a camera that cannot be."""
    camera = fit.geometry
    if wanted_side is not None and camera.side != wanted_side:
        raise CalibrationError(
            N_(
                "camera: it stands at the runner's {side}, the configuration says run.camera_side = "
                "{wanted_side!r}; mend that key, or put the boards where the prompts say"
            ).format(side=camera.side, wanted_side=wanted_side)
        )
    for fault in impossible(camera):
        raise CalibrationError(f"camera: {fault}; {_AGAIN}")


def notes(fit: CameraFit) -> list[str]:
    """What an installer should mend, though it can be calibrated."""
    camera = fit.geometry
    out = []
    if abs(camera.roll_deg) > GOOD_ROLL_DEG:
        out.append(
            N_("the picture is turned by {roll_deg:.1f} degrees; level the camera to {good_roll_deg:g}").format(
                roll_deg=camera.roll_deg, good_roll_deg=GOOD_ROLL_DEG
            )
        )
    if abs(camera.yaw_deg) > GOOD_YAW_DEG:
        out.append(
            N_(
                "the camera looks {yaw_deg:.0f} degrees off square to the belt; turn it to within "
                "{good_yaw_deg:g}, or angles of arms and legs are seen too small"
            ).format(yaw_deg=abs(camera.yaw_deg), good_yaw_deg=GOOD_YAW_DEG)
        )
    if abs(camera.place_m[1]) < GOOD_DISTANCE_M:
        out.append(
            N_(
                "the camera is {place_m:.1f} m from the belt's middle; {good_distance_m:g} m or more "
                "show head and feet with less perspective"
            ).format(place_m=abs(camera.place_m[1]), good_distance_m=GOOD_DISTANCE_M)
        )
    if camera.px_per_m() < MIN_PX_PER_M:
        out.append(
            N_("a metre is only {px_per_m:.0f} px long in the picture; bring the camera closer").format(
                px_per_m=camera.px_per_m()
            )
        )
    return out
