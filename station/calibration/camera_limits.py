"""What no camera beside a treadmill can be (biomechanics spec, section 1.1): just calibrated, or read from a file."""

from collections.abc import Iterator

from station.gait.camera_geometry import CameraGeometry
from station.gait.posture_gates import MOST_ROLL_DEG
from station.messages import CameraCalibration
from station.words import N_

DISTANCE_M, HEIGHT_M = (1.0, 10.0), (0.05, 2.5)
MAX_YAW_DEG, MAX_PITCH_DEG = 15.0, 25.0
MAX_RADIAL = 0.3
FIELD = (0.4, 4.0)
"""Focal length in widths of the picture: from a wide angle of 100 degrees to a telephoto lens."""


def impossible(camera: CameraGeometry | CameraCalibration) -> Iterator[str]:
    """Each thing that cannot be, in words."""
    distance_m, height_m = abs(camera.place_m[1]), camera.place_m[2]
    if not DISTANCE_M[0] <= distance_m <= DISTANCE_M[1]:
        yield N_("a distance of {distance_m:.1f} m from the belt cannot be").format(distance_m=distance_m)
    if not HEIGHT_M[0] <= height_m <= HEIGHT_M[1]:
        yield N_("a height of {height_m:.2f} m above the belt cannot be").format(height_m=height_m)
    if (camera.place_m[1] > 0) != (camera.side == "left"):
        yield N_("at the runner's {side} it cannot stand at y = {place_m:.1f} m").format(
            side=camera.side, place_m=camera.place_m[1]
        )
    for name, angle_deg, most_deg in (
        ("roll", camera.roll_deg, MOST_ROLL_DEG),
        ("pitch", camera.pitch_deg, MAX_PITCH_DEG),
        ("yaw", camera.yaw_deg, MAX_YAW_DEG),
    ):
        if abs(angle_deg) > most_deg:
            yield N_("its {name} of {angle_deg:.3g} degrees is beyond {most_deg:g}").format(
                name=name, angle_deg=angle_deg, most_deg=most_deg
            )
    if not FIELD[0] <= camera.focal_px / camera.width_px <= FIELD[1] or abs(camera.radial) > MAX_RADIAL:
        yield N_("a lens with a focal length of {focal_px:.0f} px cannot be").format(focal_px=camera.focal_px)
