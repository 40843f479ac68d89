"""Whether the camera still stands as it was calibrated, and so what its pictures may be measured with.

A camera that was moved turns every angle and moves every place. Its new roll is known from how the still picture
turned; its new place is not.
"""

from dataclasses import dataclass, replace

import numpy as np

from station.gait.camera_geometry import CameraGeometry
from station.messages import CameraCalibration, CameraPlace

MAX_SHIFT_PX = 3.0
MAX_TURN_DEG = 0.3
MAX_SCALE = 0.01
"""Moves up to these are worth 25 mm at the feet: the turn is taken out, the rest goes into the intervals. On the
rendered clips an unmoved camera reads at most 0.13 px, 0.04 degrees and 0.07 % (compressed pictures, a runner in
front); in a third of the light a move is read to 0.6 px, 0.1 degrees and 0.4 %."""
NOT_CALIBRATED = "The camera is not calibrated: metres cannot be told from its picture."
UNCHECKED = (
    "It could not be seen whether the camera still stands as it was calibrated: numbers in metres from its picture are "
    "left out."
)
MOVED = (
    "The camera was moved since it was calibrated ({what}): angles are corrected for its new roll, numbers in metres "
    "from its picture are left out. Please tell the staff: station calibrate camera."
)
OTHER_PICTURE = (
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
        return f"turned by {abs(turn_deg):.1f} degrees"
    if shift_px > MAX_SHIFT_PX:
        return f"by {shift_px:.0f} px in its picture"
    if abs(scale - 1) > MAX_SCALE:
        return f"{'closer' if scale > 1 else 'away'} by {100 * abs(scale - 1):.0f} %"
    return None
