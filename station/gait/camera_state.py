"""Whether the camera still stands as it was calibrated, and so what its pictures may be measured with.

A camera that was moved turns every angle and moves every place. Its new roll is known from how the still picture
turned; its new place is not.
"""

from dataclasses import dataclass, replace

import numpy as np

from station.gait.camera_geometry import CameraGeometry
from station.messages import CameraCalibration, CameraPlace
from station.words import N_

MAX_SHIFT_PX = 3.0
MAX_TURN_DEG = 0.3
MAX_SCALE = 0.01
"""Moves up to these are worth 25 mm at the feet: the turn is taken out, the rest goes into the intervals. On the
rendered clips an unmoved camera reads at most 0.13 px, 0.04 degrees and 0.07 % (compressed pictures, a runner in
front); in a third of the light a move is read to 0.6 px, 0.1 degrees and 0.4 %."""
NOT_CALIBRATED = N_("The camera is not calibrated: metres cannot be told from its picture.")
UNCHECKED = N_(
    "It could not be seen whether the camera still stands as it was calibrated: numbers in metres from its "
    "picture are left out."
)
MOVED = N_(
    "The camera was moved since it was calibrated ({what}): angles are corrected for its new roll, numbers in "
    "metres from its picture are left out. Please tell the staff: station calibrate camera."
)
OTHER_PICTURE = N_(
    "The camera was calibrated with another picture size: its calibration is left out. Please tell the staff: "
    "station calibrate camera."
)


@dataclass(frozen=True)
class CameraState:
    """`geometry` None: no metres from the picture, and `reason` says why. `note`: for the run's reader."""

    geometry: CameraGeometry | None
    roll_deg: float
    reason: str | None = None
    note: str | None = None


def camera_state(
    calibration: CameraCalibration | None, place: CameraPlace | None, width_px: int, height_px: int
) -> CameraState:
    """For pictures of this size. `place`: how the picture lay before the run; None where nobody looked."""
    if calibration is None:
        return CameraState(None, 0.0, NOT_CALIBRATED)
    if (calibration.width_px, calibration.height_px) != (width_px, height_px):
        return CameraState(None, 0.0, OTHER_PICTURE, OTHER_PICTURE)
    if place is None or place.shift_px is None or place.turn_deg is None or place.scale is None:
        return CameraState(None, calibration.roll_deg, UNCHECKED, UNCHECKED)
    roll_deg = calibration.roll_deg + place.turn_deg
    what = _moved(place.shift_px, place.turn_deg, place.scale)
    if what:
        moved = MOVED.format(what=what)
        return CameraState(None, roll_deg, moved, moved)
    geometry = CameraGeometry.of(calibration)
    scale_sd = float(np.hypot(geometry.scale_sd, place.scale - 1))
    return CameraState(replace(geometry, roll_deg=roll_deg, scale_sd=scale_sd, shift_px=place.shift_px), roll_deg)


def _moved(shift_px: float, turn_deg: float, scale: float) -> str | None:
    """In words; None where it was not."""
    if abs(turn_deg) > MAX_TURN_DEG:
        return N_("turned by {turn_deg:.1f} degrees").format(turn_deg=abs(turn_deg))
    if shift_px > MAX_SHIFT_PX:
        return N_("by {shift_px:.0f} px in its picture").format(shift_px=shift_px)
    if abs(scale - 1) > MAX_SCALE:
        percent = 100 * abs(scale - 1)
        return (N_("closer by {percent:.0f} %") if scale > 1 else N_("away by {percent:.0f} %")).format(percent=percent)
    return None
